"""Chat models and embedders: one file a backend, named in a table, imported only when its name is asked for."""

from gezhi.models.chat import CHAT_MODELS, ChatOptions, chat_model

__all__ = ["CHAT_MODELS", "ChatOptions", "chat_model"]
