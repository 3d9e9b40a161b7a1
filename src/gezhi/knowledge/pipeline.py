"""The pipeline: every option of every part. It *is* gezhi.toml, and `--set retrieval.k=8` reaches any field of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gezhi.answering import AnswerOptions
from gezhi.core.options import from_mapping, merged_sets, read_toml, to_mapping
from gezhi.core.paths import home
from gezhi.documents import ReadOptions, SplitOptions
from gezhi.documents import fingerprint as reading
from gezhi.evaluation.watch import WatchOptions
from gezhi.models import ChatOptions, EmbedOptions
from gezhi.retrieval import RetrievalOptions

_SPLITTING = 2
"""Raised by hand whenever `split` gives other chunks for the same document and options."""


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """From files to answers: one options class a part."""

    read: ReadOptions = field(default_factory=ReadOptions)
    """How files are read."""
    split: SplitOptions = field(default_factory=SplitOptions)
    """How documents are cut into chunks."""
    embed: EmbedOptions = field(default_factory=EmbedOptions)
    """Which model turns text into vectors."""
    retrieval: RetrievalOptions = field(default_factory=RetrievalOptions)
    """How passages are found."""
    chat: ChatOptions = field(default_factory=ChatOptions)
    """Which model writes; none: answers are extracted."""
    answer: AnswerOptions = field(default_factory=AnswerOptions)
    """How answers are made and checked."""
    watch: WatchOptions = field(default_factory=WatchOptions)
    """What is kept of live answers, and when to raise an alert."""

    def recipe(self) -> str:
        """Identifies how a file becomes chunks; a file indexed by another recipe is read again."""
        parts = json.dumps([reading(self.read), _SPLITTING, to_mapping(self.split)], sort_keys=True)
        return hashlib.sha256(parts.encode()).hexdigest()[:16]


def load_pipeline(config: Path | None = None, sets: Sequence[str] = ()) -> Pipeline:
    """The pipeline of a configuration file, overridden by `name=value` texts.

    Args:
        config: A TOML file; None: `gezhi.toml` in this folder, else in the data folder, else the defaults.
        sets: Such as `retrieval.k=8`; they go over the file.

    Raises:
        BadOptions: No such file, a file that is not TOML, an unknown key, a value out of range.
    """
    path, values = settings(config, sets)
    where = " + ".join(part for part in (str(path or ""), "--set" if sets else "") if part)
    return from_mapping(Pipeline, values, where)


def settings(config: Path | None = None, sets: Sequence[str] = ()) -> tuple[Path | None, dict[str, Any]]:
    """The configuration file that is in use, and what is set in it or over it; as `load_pipeline`."""
    path = config or next((p for p in (Path("gezhi.toml"), home() / "gezhi.toml") if p.is_file()), None)
    return path, merged_sets(read_toml(path) if path else {}, sets)
