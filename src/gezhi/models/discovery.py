"""Which chat models are within reach, and what to type to use or mend them: what `gezhi doctor` shows.

Asks only services that answer at once, loads no weights, and never shows a key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gezhi.core.catalogue import say
from gezhi.core.errors import GezhiError, ModelError, ModelRefused
from gezhi.core.extras import have
from gezhi.core.names import hint, resolve
from gezhi.models.chat import CHAT_MODELS, ENGINES, ChatOptions
from gezhi.models.gguf_header import read_header
from gezhi.models.providers import PROVIDERS

if TYPE_CHECKING:
    from gezhi.models.http import Service

PATIENCE = 2.0
"""Seconds to wait for a service that may not be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """A chat model, or a place where some may be."""

    name: str
    """As `chat.model` wants it; `openai:` where only the key was found."""
    kind: Literal["configured", "ollama", "gguf", "key"]
    usable: bool
    note: str
    """Why it is not usable and what to type to mend it; else what to type to use it."""
    licence: str = ""
    """As the weights state it; empty where they do not, or where a service does not tell."""


def discover(options: ChatOptions | None = None) -> list[Discovered]:
    """What was found, the configured model first. Takes a few seconds at worst.

    Args:
        options: The configuration whose model is tried.
    """
    configured = [_configured(options)] if options and options.model else []
    return [*configured, *_ollama(), *_gguf(), *_keys()]


def _configured(options: ChatOptions) -> Discovered:
    quick = replace(options, timeout=min(options.timeout, PATIENCE), retries=0)
    try:
        if options.scheme not in CHAT_MODELS:
            # Only for its error: of a known scheme this would import the engine.
            resolve(say("models.kind_chat"), options.scheme, CHAT_MODELS)
        if options.scheme in ENGINES and not have(ENGINES[options.scheme][0]):
            module, extra = ENGINES[options.scheme]
            return _found(options.model, "configured", say("core.missing_extra", module=module, extra=extra))
        licence = _CHECKS.get(options.scheme, _check_service)(quick)
    except GezhiError as error:
        return _found(options.model, "configured", str(error))
    return Discovered(name=options.model, kind="configured", usable=True, note=say("models.in_use"), licence=licence)


def _check_service(options: ChatOptions) -> str:
    from gezhi.models.completions import model_names
    from gezhi.models.service import service

    server = service(options)
    known = model_names(server)
    if known and options.target not in known:
        values = {"url": server.address.base_url, "status": 200, "reason": "/models", "model": options.target}
        nearest = hint(options.target, known)
        raise ModelRefused("models.unknown_on_server", **values, hint=nearest, known=", ".join(known[:20]))
    return ""


def _check_ollama(options: ChatOptions) -> str:
    from gezhi.models.ollama import Ollama

    return _licence_line(Ollama(options).shown().get("license"))


def _check_gguf(options: ChatOptions) -> str:
    from gezhi.models.gguf_packages import header_of

    return read_header(header_of(options.target)).license


def _check_folder(options: ChatOptions) -> str:
    from gezhi.models.hub import cached_folder, model_folder

    # Weights that are not here yet are fetched at the first reply: only a path can be wrong already.
    folder = cached_folder(options.scheme, options.target, files=["README.md"])
    if folder is None and options.target.startswith((".", "~", "/")):
        model_folder(options.scheme, options.target, files=[])
    return card_licence(folder) if folder else ""


_CHECKS: dict[str, Callable[[ChatOptions], str]] = {
    "ollama": _check_ollama,
    "gguf": _check_gguf,
    "hf": _check_folder,
    "modelscope": _check_folder,
    "fake": lambda options: "",
}


def card_licence(folder: Path) -> str:
    """The licence in the first lines of a model's README.md (YAML between `---`), as both hubs write it."""
    card = folder / "README.md"
    if not card.is_file():
        return ""
    head = card.read_text(encoding="utf-8", errors="replace")[:10_000].partition("\n---")[0]
    named = re.search(r"^license:\s*(\S.*?)\s*$", head, re.MULTILINE)
    return named[1] if named else ""


def _ollama() -> list[Discovered]:
    from gezhi.models.http import Address, Service
    from gezhi.models.ollama import ollama_url, pulled

    url = ollama_url()
    try:
        server = Service(Address(base_url=url, timeout=PATIENCE, retries=0))
        names = pulled(server)
    except ModelError as error:
        reason = error.values.get("reason", error.key)
        return [_found("ollama:", "ollama", say("models.ollama_down", url=url, reason=reason))]
    if not names:
        return [_found("ollama:", "ollama", say("models.ollama_empty", url=url))]
    return [_usable(f"ollama:{name}", "ollama", _ollama_licence(server, name)) for name in names]


def _ollama_licence(server: Service, name: str) -> str:
    try:
        return _licence_line(server.post("/api/show", {"model": name}).get("license"))
    except ModelError:
        return ""


def _licence_line(text: Any) -> str:
    """Ollama gives whole licence texts: their first line is the name."""
    return next((line.strip() for line in str(text or "").splitlines() if line.strip()), "")


def _gguf() -> list[Discovered]:
    # Late: the list of installed packages costs every command more than the rest of this file.
    from gezhi.models.gguf_packages import installed

    module, extra = ENGINES["gguf"]
    if not have(module):
        missing = say("core.missing_extra", module=module, extra=extra)
        return [_found(f"gguf:{name}", "gguf", missing) for name in installed()]
    return [_packaged(name) for name in installed()]


def _packaged(name: str) -> Discovered:
    from gezhi.models.gguf_packages import header_of

    try:
        header = read_header(header_of(name))
    except ModelError as error:
        return _found(f"gguf:{name}", "gguf", str(error))
    found = _usable(f"gguf:{name}", "gguf", header.license)
    return found if header.chat_template else replace(found, note=f"{found.note} {say('models.maybe_base')}")


def _keys() -> list[Discovered]:
    """Providers whose key is set. Whether it is valid is not tried: that would send it without being asked to."""
    return [
        Discovered(
            name=f"{name}:",
            kind="key",
            usable=True,
            note=say("models.key_found", key_env=provider.key_env, name=name, example=provider.example),
        )
        for name, provider in PROVIDERS.items()
        if os.environ.get(provider.key_env, "").strip()
    ]


def _usable(name: str, kind: Literal["ollama", "gguf"], licence: str) -> Discovered:
    return Discovered(name=name, kind=kind, usable=True, note=say("models.use", name=name), licence=licence)


def _found(name: str, kind: Literal["configured", "ollama", "gguf"], why: str) -> Discovered:
    return Discovered(name=name, kind=kind, usable=False, note=why)
