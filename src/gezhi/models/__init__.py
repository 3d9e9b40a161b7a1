"""Chat models and embedders: one file a backend, named in a table, imported only when its name is asked for."""

from gezhi.models.chat import CHAT_MODELS, ChatOptions, chat_model
from gezhi.models.discovery import Discovered, discover
from gezhi.models.embedding import EMBEDDERS, EmbedOptions, embedder
from gezhi.models.embedding_state import EmbedderState, embedder_state
from gezhi.models.logprobs import LOGPROBS, logprobs

__all__ = [
    "CHAT_MODELS",
    "EMBEDDERS",
    "LOGPROBS",
    "ChatOptions",
    "Discovered",
    "EmbedOptions",
    "EmbedderState",
    "chat_model",
    "discover",
    "embedder",
    "embedder_state",
    "logprobs",
]
