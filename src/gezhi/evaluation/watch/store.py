"""The store of live answers: written at the end of each answer in well under two milliseconds, only ever added to.

What texts are needed for (support, language) is computed when an answer is recorded, for they may not be kept. A lost
power supply may take the last answers with it; a killed process does not.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
import sqlite3
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from gezhi.core.errors import DiskFull, NotFound, RecordsError
from gezhi.core.paths import watch_folder
from gezhi.core.types import Answer
from gezhi.core.unicode import well_formed
from gezhi.evaluation.watch.options import Keep, WatchOptions
from gezhi.privacy import masked
from gezhi.tracking.database import Database, to_text

if TYPE_CHECKING:
    from datetime import tzinfo

    from gezhi.evaluation.watch.values import By, WatchReport

_log = logging.getLogger(__name__)
_APPLICATION = 0x677A7761  # "gzwa"
_VERSION = 1
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]+")
_SCHEMA = """
CREATE TABLE answers(
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at REAL NOT NULL, door TEXT NOT NULL, collection TEXT NOT NULL,
    question TEXT, answer TEXT, length INTEGER NOT NULL, language TEXT NOT NULL, route TEXT NOT NULL, refused TEXT,
    supported INTEGER NOT NULL, unsupported INTEGER NOT NULL, confidence REAL, cosine REAL, passages INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, seconds REAL, timings TEXT NOT NULL,
    versions TEXT NOT NULL, vector BLOB) STRICT;
CREATE INDEX answers_by_time ON answers(at);
CREATE TABLE thumbs(
    number INTEGER PRIMARY KEY, subject INTEGER NOT NULL REFERENCES answers(number) ON DELETE CASCADE, at REAL NOT NULL,
    up INTEGER NOT NULL, reason TEXT) STRICT;
CREATE INDEX thumbs_by_answer ON thumbs(subject, number);
CREATE TABLE keys(id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL) STRICT;
"""


class Row(NamedTuple):
    """What reports need of one answer; the fields are columns of the table."""

    at: float
    length: int
    language: str
    route: str
    refused: str | None
    supported: int
    unsupported: int
    confidence: float | None
    cosine: float | None
    seconds: float | None
    timings: str
    up: int | None
    """The last thumb; None: nobody said."""


class Watch:
    """`watch.db` in a folder."""

    def __init__(self, folder: Path, options: WatchOptions) -> None:
        self.options = options
        self.database = Database(
            folder / "watch.db", schema=_SCHEMA, version=_VERSION, application=_APPLICATION, quick=True
        )
        self._key = b""

    @classmethod
    def open(cls, folder: Path | None = None, options: WatchOptions | None = None) -> Watch:
        """Open the store in `folder`, else in the data folder; it is made where there is none.

        Raises:
            RecordsDamaged, RecordsTooNew, RecordsError, DiskFull: It cannot be used.
        """
        return cls(folder or watch_folder(), options or WatchOptions())

    def record(
        self, answer: Answer, *, door: str = "python", at: datetime | None = None, vector: Sequence[float] | None = None
    ) -> None:
        """Add an answer; one that is there already stays as it is.

        Args:
            door: Through which it was asked: `ask`, `chat`, `http` ...
            at: When; None: now.
            vector: Of the question, shape (dim,); kept only where the options say so.
        """
        values = (
            answer.id, (at or datetime.now(UTC)).timestamp(), door, answer.versions.get("collection", ""),
            self._kept(answer.question, self.options.keep), self._kept(answer.text, self.options.answers),
            len(answer.question.strip()), _language(answer.question), answer.route, answer.refused, *_support(answer),
            answer.confidence, _top_cosine(answer), len(answer.passages), answer.usage.prompt_tokens,
            answer.usage.completion_tokens, answer.timings.get("total"), to_text(answer.timings, "timings"),
            to_text(answer.versions, "versions"),
            array("f", vector).tobytes() if vector is not None and self.options.vectors else None,
        )  # fmt: skip
        with self.database.writing() as connection:
            marks = ", ".join("?" * len(values))
            connection.execute(f"INSERT OR IGNORE INTO answers VALUES (NULL, {marks})", values)

    def thumb(self, answer_id: str, up: bool, reason: str = "") -> str:
        """Note that an answer was found good or bad. Said again, the last word counts; the earlier stay on record.

        Args:
            answer_id: Its id, the beginning of it, or `last`.

        Returns:
            The whole id.

        Raises:
            NotFound: No such answer, or several.
        """
        kept = self._kept(reason.strip(), self.options.keep) if reason.strip() else None
        with self.database.writing() as connection:
            number, id_ = _meant(connection, well_formed(answer_id.strip()))
            now = datetime.now(UTC).timestamp()
            connection.execute("INSERT INTO thumbs VALUES (NULL, ?, ?, ?, ?)", (number, now, int(up), kept))
        return id_

    def report(
        self,
        since: datetime,
        until: datetime | None = None,
        by: By = "day",
        *,
        reference: tuple[datetime, datetime] | None = None,
        zone: tzinfo | None = None,
    ) -> WatchReport:
        """The figures of the answers from `since` up to `until` (None: now), by day or hour.

        Args:
            reference: What questions are compared with; None: as long a time right before `since`.
            zone: Whose days; None: this machine's.
        """
        from gezhi.evaluation.watch.report import make_report

        until = until or datetime.now(UTC)
        return make_report(self, since, until, by, reference=reference or (since - (until - since), since), zone=zone)

    def prometheus(self) -> str:
        """All that is on record, as Prometheus scrapes it (text format 0.0.4)."""
        from gezhi.evaluation.watch.exposition import exposition

        return exposition(self.database)

    def rows(self, since: datetime, until: datetime) -> list[Row]:
        """Answers from `since` up to before `until`, by time."""
        up = "(SELECT up FROM thumbs WHERE subject = answers.number ORDER BY number DESC LIMIT 1)"
        query = f"SELECT {', '.join(Row._fields[:-1])}, {up} FROM answers WHERE at >= ? AND at < ? ORDER BY at"
        with self.database.reading() as connection:
            return [Row(*row) for row in connection.execute(query, (since.timestamp(), until.timestamp()))]

    def vectors(self, since: datetime, until: datetime) -> list[bytes]:
        """float32 vectors of the questions that have one, by time."""
        query = "SELECT vector FROM answers WHERE at >= ? AND at < ? AND vector IS NOT NULL ORDER BY at"
        with self.database.reading() as connection:
            return [row[0] for row in connection.execute(query, (since.timestamp(), until.timestamp()))]

    def complaints(self, since: datetime, until: datetime, limit: int = 20) -> list[tuple[str, str, str]]:
        """(answer id, kept question, kept reason) of answers whose last thumb is down, the latest first."""
        query = (
            "SELECT id, coalesce(question, ''), coalesce(reason, '') FROM answers "
            "JOIN thumbs ON subject = answers.number WHERE thumbs.number = "
            "(SELECT max(number) FROM thumbs WHERE subject = answers.number) AND NOT up "
            "AND answers.at >= ? AND answers.at < ? ORDER BY thumbs.number DESC LIMIT ?"
        )
        with self.database.reading() as connection:
            return connection.execute(query, (since.timestamp(), until.timestamp(), limit)).fetchall()

    def last(self) -> datetime | None:
        """When the latest answer was given; None: nothing is on record."""
        with self.database.reading() as connection:
            at = connection.execute("SELECT max(at) FROM answers").fetchone()[0]
        return None if at is None else datetime.fromtimestamp(at, UTC)

    def forget(self, before: datetime) -> int:
        """Delete the answers given before a time, with their thumbs; returns how many. For rules on keeping data."""
        with self.database.writing() as connection:
            return connection.execute("DELETE FROM answers WHERE at < ?", (before.timestamp(),)).rowcount

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _kept(self, text: str, keep: Keep) -> str | None:
        if keep == "nothing":
            return None
        text = well_formed(text)
        if keep == "hashed":
            # With a key: a hash of a short question alone could be looked up in a list of likely questions.
            return hmac.new(self._secret(), text.strip().encode(), hashlib.sha256).hexdigest()
        return masked(text) if keep == "masked" else text

    def _secret(self) -> bytes:
        if not self._key:
            with self.database.writing() as connection:
                connection.execute("INSERT OR IGNORE INTO keys VALUES (1, ?)", (secrets.token_bytes(32),))
                self._key = bytes(connection.execute("SELECT key FROM keys").fetchone()[0])
        return self._key


def keep(answer: Answer, options: WatchOptions, *, door: str = "python", folder: Path | None = None) -> str | None:
    """Record an answer that is on its way to a person, who must get it even where the store cannot be written.

    The store is opened once a process. Returns:
        None; or a sentence for the answer's notes that says why it is not on record.
    """
    if not options.record:
        return None
    try:
        _opened(folder or watch_folder(), options).record(answer, door=door)
    except (RecordsError, DiskFull) as error:
        _log.warning("answer %s is not on record: %s", answer.id, error)
        return str(error)
    return None


@lru_cache(maxsize=4)
def _opened(folder: Path, options: WatchOptions) -> Watch:
    return Watch.open(folder, options)


def _meant(connection: sqlite3.Connection, text: str) -> tuple[int, str]:
    beginning = "" if text == "last" else text
    query = (
        "SELECT number, id FROM answers WHERE id >= ?1 AND id < ?1 || char(1114111) "
        "ORDER BY id = ?1 DESC, number DESC LIMIT 2"
    )
    found: list[tuple[int, str]] = connection.execute(query, (beginning,)).fetchall()
    if not found or not text:
        raise NotFound("watch.no_answer", id=text)
    if len(found) > 1 and text not in ("last", found[0][1]):
        raise NotFound("watch.several_answers", id=text, some=", ".join(id_ for _, id_ in found))
    return found[0]


def _support(answer: Answer) -> tuple[int, int]:
    """Sentences of the draft with support, and without (those left out count); what was not checked is neither."""
    stretches: dict[tuple[int, int], bool] = {}
    for citation in answer.citations:
        if citation.supported is not None:
            stretch = (citation.answer_start, citation.answer_end)
            stretches[stretch] = stretches.get(stretch, False) or citation.supported
    good = sum(stretches.values())
    return good, len(stretches) - good + len(answer.dropped)


def _top_cosine(answer: Answer) -> float | None:
    return max((passage.found_by["dense"] for passage in answer.passages if "dense" in passage.found_by), default=None)


def _language(text: str) -> str:
    """zh, en (any in Latin letters), mixed (a fifth or more of each, a Chinese character being a word), or other."""
    words = _LATIN.findall(text)
    chinese, latin = len(_HAN.findall(text)), sum(map(len, words))
    letters = sum(character.isalpha() for character in text)
    if chinese + latin < 0.75 * max(letters, 1):
        return "other"
    share = chinese / (chinese + len(words))
    return "zh" if share > 0.8 else "en" if share < 0.2 else "mixed"
