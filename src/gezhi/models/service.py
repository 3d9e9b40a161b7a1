"""From options to the server they name, with the key that may go there: one rule for chat models and embedders."""

from __future__ import annotations

from gezhi.models.chat import ChatOptions, key_from
from gezhi.models.embedding import EmbedOptions
from gezhi.models.http import Address, Service
from gezhi.models.providers import OWN, PROVIDERS, Provider


def provider_of(options: ChatOptions | EmbedOptions) -> Provider:
    """What is known of the service; `openai:` at an address of one's own is any server that speaks the protocol."""
    return OWN if options.base_url and options.scheme == "openai" else PROVIDERS[options.scheme]


def service(options: ChatOptions | EmbedOptions) -> Service:
    """The server that `options` name. Raises MissingKey, BadOptions.

    The key of `openai:` goes to OpenAI only: another address gets a key only if `key_env` names one. That of another
    provider goes along to a `base_url` too: it has regional addresses.
    """
    provider = provider_of(options)
    variable, url = options.key_env or provider.key_env, options.base_url or provider.base_url
    return Service(
        Address(
            base_url=url.rstrip("/"),
            key=key_from(variable, wanted_by=url if variable else ""),
            key_env=variable,
            timeout=options.timeout,
            retries=options.retries,
        )
    )
