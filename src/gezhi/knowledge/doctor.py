"""What is installed, what works, and what to type to mend what does not."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from gezhi.core.catalogue import say
from gezhi.core.errors import GezhiError
from gezhi.core.extras import have
from gezhi.core.paths import collections_folder, home
from gezhi.knowledge.base import collections
from gezhi.knowledge.pipeline import Pipeline
from gezhi.models import discover, embedder_state
from gezhi.retrieval import Collection

State = Literal["ok", "absent", "problem"]
_EXTRAS = {"ocr": "rapidocr", "local": "xllamacpp", "torch": "transformers"}
_LOW_DISK = 2 * 10**9
"""Bytes; an index run of a few thousand documents fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    """`absent` is an option not taken; only `problem` needs mending."""
    detail: str
    fix: str = ""
    """What to type."""


def examine(pipeline: Pipeline) -> list[Check]:
    """Look at everything. Loads no model; asks servers on this machine and the configured one, briefly."""
    return [*_base(), *_optional(), *_models(pipeline), *_collections(pipeline)]


def _base() -> Iterator[Check]:
    detail = f"{version('gezhi')}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield Check(name="gezhi", state="ok", detail=detail)
    folder = home()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        yield Check(name="data folder", state="problem", detail=say("knowledge.not_writable", path=folder),
                    fix="export GEZHI_HOME=~/gezhi")  # fmt: skip
        return
    free = shutil.disk_usage(existing).free
    detail = say("knowledge.free", path=folder, free=f"{free / 1e9:.1f}")
    yield Check(name="data folder", state="ok" if free >= _LOW_DISK else "problem", detail=detail,
                fix="" if free >= _LOW_DISK else "gezhi status")  # fmt: skip


def _optional() -> Iterator[Check]:
    for extra, module in _EXTRAS.items():
        there = have(module)
        detail = f"{module} {version(module)}" if there else say(f"knowledge.without_{extra}")
        fix = "" if there else f'pip install "gezhi[{extra}]"'
        yield Check(name=f"extra {extra}", state="ok" if there else "absent", detail=detail, fix=fix)
    office = shutil.which("soffice") or shutil.which("libreoffice")
    yield Check(
        name="LibreOffice",
        state="ok" if office else "absent",
        detail=office or say("knowledge.without_office"),
        fix=""
        if office
        else "brew install libreoffice"
        if platform.system() == "Darwin"
        else "apt install libreoffice",
    )


def _models(pipeline: Pipeline) -> Iterator[Check]:
    state = embedder_state(pipeline.embed)
    yield Check(name="embedder", state="ok" if state.usable else "problem", detail=f"{state.name}: {state.note}")
    found = discover(pipeline.chat)
    if not pipeline.chat.model:
        usable = next((model.name for model in found if model.usable), "ollama:qwen3:4b")
        yield Check(name="chat model", state="absent", detail=say("knowledge.no_chat_model"),
                    fix=f"gezhi ask ... --set chat.model={usable}")  # fmt: skip
    for model in found:
        broken = model.kind == "configured" and not model.usable
        state_of: State = "ok" if model.usable else "problem" if broken else "absent"
        licence = f" ({model.licence})" if model.licence else ""
        name = "chat model" if model.kind == "configured" else f"found {model.kind}"
        yield Check(name=name, state=state_of, detail=f"{model.name}{licence}: {model.note}")


def _collections(pipeline: Pipeline) -> Iterator[Check]:
    for name in collections():
        try:
            with Collection.open(collections_folder() / name, pipeline.retrieval, create=False) as collection:
                held = collection.statistics()
        except GezhiError as error:
            yield Check(name=f"collection {name}", state="problem", detail=str(error))
            continue
        detail = say("knowledge.holds", files=held.files, chunks=held.chunks)
        yield Check(name=f"collection {name}", state="ok", detail=detail)
