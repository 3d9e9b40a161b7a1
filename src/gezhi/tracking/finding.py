"""How runs are called: new ids, and the run that a person means by an id, its beginning, a name, or `last~1`."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import time
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from gezhi.core.catalogue import say
from gezhi.core.errors import NotFound
from gezhi.core.unicode import well_formed
from gezhi.tracking.record import Record, Written

COLUMNS = (
    "id, kind, name, state, started, finished, subject, options, versions, machine, seed, tags, summary, fingerprint, "
    "attempts"
)
"""As `to_record` takes them."""
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's 32: in the order of their codes, without letters that look like digits."""
_BY_AGE = "SELECT number, id FROM runs WHERE ?2 IS NULL OR kind = ?2 ORDER BY number DESC LIMIT 1 OFFSET ?1"
_BY_ID_OR_NAME = """
SELECT number, id FROM runs WHERE id = ?1
UNION ALL SELECT * FROM (
    SELECT number, id FROM runs WHERE name = ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY number DESC LIMIT 1)
LIMIT 1"""
_LAST = re.compile(r"last(?:~(\d{1,9}))?")


def new_id(connection: sqlite3.Connection) -> str:
    """An id no run has, behind all others where the clock does not go backwards: second, millisecond, chance.

    To be called in a transaction: of two ids of one millisecond the later one must wait.
    """
    row = connection.execute("SELECT id FROM runs ORDER BY number DESC LIMIT 1").fetchone()
    while True:
        now = datetime.now(UTC)
        thousandth = now.microsecond // 1000
        moment = f"{now:%Y%m%d-%H%M%S}-{_DIGITS[thousandth // 32]}{_DIGITS[thousandth % 32]}"
        if row is None or not row[0].startswith(moment):
            break
        time.sleep(0.0005)
    made = moment + secrets.choice(_DIGITS) + secrets.choice(_DIGITS)
    taken = connection.execute("SELECT 1 FROM runs WHERE id = ?", (made,)).fetchone()
    return new_id(connection) if taken else made


def find(connection: sqlite3.Connection, text: str, kind: str | None = None) -> tuple[int, str]:
    """Number and id of the run that is meant; names and `last` may be of one kind only, an id is itself.

    Raises:
        NotFound: None, or several; the nearest are offered.
    """
    text = well_formed(text.strip())
    back = _LAST.fullmatch(text)
    value: object = int(back[1] or 0) if back else text
    row = connection.execute(_BY_AGE if back else _BY_ID_OR_NAME, (value, kind)).fetchone()
    if row is None and text and not back:
        row = _by_beginning(connection, text)
    if row is None:
        raise NotFound("tracking.no_run", text=text, hint=_nearest(connection, text))
    return row[0], row[1]


def to_record(row: tuple[Any, ...]) -> Record:
    """A row of `COLUMNS`."""
    started, finished = row[4], row[5]
    return Record(
        id=row[0],
        kind=row[1],
        name=row[2],
        state=row[3],
        started=datetime.fromtimestamp(started, UTC),
        finished=None if finished is None else datetime.fromtimestamp(finished, UTC),
        subject=Written(row[6]),
        options=Written(row[7]),
        versions=Written(row[8]),
        machine=Written(row[9]),
        seed=row[10],
        tags=tuple(json.loads(row[11])) if row[11] != "[]" else (),
        summary=Written(row[12]),
        fingerprint=row[13],
        attempts=row[14],
    )


def _by_beginning(connection: sqlite3.Connection, text: str) -> tuple[int, str] | None:
    # A range, not LIKE: % and _ in what was typed mean themselves, and the index of ids is used.
    query = "SELECT number, id FROM runs WHERE id >= ?1 AND id < ?1 || char(1114111) ORDER BY number DESC LIMIT 4"
    rows: list[tuple[int, str]] = connection.execute(query, (text,)).fetchall()
    if len(rows) > 1:
        raise NotFound("tracking.several_runs", text=text, some=", ".join(id_ for _, id_ in rows))
    return rows[0] if rows else None


def _nearest(connection: sqlite3.Connection, text: str) -> str:
    rows = connection.execute("SELECT id, name FROM runs ORDER BY number DESC LIMIT 500").fetchall()
    if not rows:
        return say("tracking.none_yet")
    known = list(dict.fromkeys(name for row in rows for name in row))
    nearest = get_close_matches(text, known, n=1, cutoff=0.5) or [rows[0][0]]
    return say("core.nearest", nearest=nearest[0])
