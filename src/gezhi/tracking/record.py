"""What is known about a run, as values: its facts, its approvals, the fingerprint that says two are the same work."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any, Literal

from gezhi.core.errors import RecordsDamaged
from gezhi.core.system import usable_cores
from gezhi.tracking.database import to_text

State = Literal["running", "done", "failed", "interrupted"]
"""Interrupted: it was told to stop, or its process is gone without a word; it can be resumed."""


class Written(Mapping[str, Any]):
    """A mapping as it stands in the store, parsed when it is looked into: those of long lists hardly ever are."""

    __slots__ = ("_parsed", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._parsed: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return self._mapping()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._mapping())

    def __len__(self) -> int:
        return len(self._mapping())

    def __repr__(self) -> str:
        return repr(self._mapping())

    def _mapping(self) -> dict[str, Any]:
        if self._parsed is None:
            try:
                self._parsed = dict(json.loads(self._text))
            except ValueError as error:
                raise RecordsDamaged("tracking.damaged", path="runs.db", reason=error) from error
        return self._parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The facts of one run."""

    id: str
    kind: str
    """`exam`, `gate`, `search` ..."""
    name: str
    state: State
    started: datetime
    """UTC."""
    finished: datetime | None
    """UTC; None while it runs, and where its process was killed."""
    subject: Mapping[str, Any]
    """What it was about: of an exam its `name` and `sha256`."""
    options: Mapping[str, Any]
    versions: Mapping[str, Any]
    machine: Mapping[str, Any]
    """Where it last ran: platform, processor, cores, Python, gezhi."""
    seed: int
    tags: tuple[str, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    attempts: int = 1
    """How often it was started or resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Why a version of an index, prompt or model may be in force."""

    what: str
    version: str
    run: str | None
    """The gate run that it passed; None where a person forced it."""
    reason: str
    """The person's; empty where a run passed."""
    at: datetime


def fingerprint(
    kind: str, *, subject: Mapping[str, Any], options: Mapping[str, Any], versions: Mapping[str, Any], seed: int
) -> str:
    """Hexadecimal digits, the same for runs that do the same work: only those may take up each other's items."""
    text = to_text([kind, subject, options, versions, seed], "fingerprint")
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def machine() -> dict[str, Any]:
    """What this process runs on."""
    return {
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": usable_cores(),
        "python": platform.python_version(),
        "gezhi": version("gezhi"),
    }
