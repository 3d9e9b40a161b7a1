"""Live answers as Prometheus scrapes them: text format 0.0.4. Totals over all that is on record, computed by SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gezhi.tracking.database import Database

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_COSINES = (0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.82, 0.84, 0.86, 0.88, 0.9, 0.92, 0.95, 1.0)
"""Finer where embedders such as e5 have nearly all of theirs."""
_LAST_THUMBS = "SELECT up FROM thumbs WHERE number IN (SELECT max(number) FROM thumbs GROUP BY subject)"
# name, label, what it is, query for (label value, number)
_COUNTERS = (
    ("gezhi_answers_total", "route", "Answers given.", "SELECT route, count(*) FROM answers GROUP BY 1 ORDER BY 1"),
    ("gezhi_refusals_total", "reason", "Questions that were refused.",
     "SELECT refused, count(*) FROM answers WHERE refused IS NOT NULL GROUP BY 1 ORDER BY 1"),
    ("gezhi_sentences_total", "supported", "Sentences that were drafted and checked.",
     "SELECT 'false', coalesce(sum(unsupported), 0) FROM answers UNION ALL "
     "SELECT 'true', coalesce(sum(supported), 0) FROM answers"),
    ("gezhi_thumbs", "up", "Answers by the last thumb that was given; a later one may turn it.",
     f"SELECT 'false', count(*) FROM ({_LAST_THUMBS}) WHERE NOT up UNION ALL "
     f"SELECT 'true', count(*) FROM ({_LAST_THUMBS}) WHERE up"),
    ("gezhi_tokens_total", "kind", "Tokens that models charged for.",
     "SELECT 'completion', coalesce(sum(completion_tokens), 0) FROM answers UNION ALL "
     "SELECT 'prompt', coalesce(sum(prompt_tokens), 0) FROM answers"),
    ("gezhi_last_answer_timestamp_seconds", "", "When the last answer was given.", "SELECT '', max(at) FROM answers"),
)  # fmt: skip
# name, label, what it is, bounds, query for (label value, observation)
_HISTOGRAMS = (
    ("gezhi_answer_seconds", "stage", "Seconds by stage; total is what a person waits.", _SECONDS,
     "SELECT key AS label, value FROM answers, json_each(timings)"),
    ("gezhi_confidence", "", "Calibrated probability that the passages answer the question.", _SHARES,
     "SELECT '' AS label, confidence AS value FROM answers WHERE confidence IS NOT NULL"),
    ("gezhi_top_cosine", "", "Cosine of the best passage.", _COSINES,
     "SELECT '' AS label, cosine AS value FROM answers WHERE cosine IS NOT NULL"),
)  # fmt: skip


def exposition(database: Database) -> str:
    """The whole text, ending in a line break."""
    with database.reading() as connection:
        return "".join(f"{line}\n" for line in (*_counters(connection), *_histograms(connection)))


def _counters(connection: sqlite3.Connection) -> Iterator[str]:
    for name, label, what, query in _COUNTERS:
        rows = [(value, number) for value, number in connection.execute(query) if number is not None]
        kind = "counter" if name.endswith("_total") else "gauge"
        yield from _head(name, what, kind)
        yield from (f"{name}{_labels((label, value))} {number!r}" for value, number in rows)


def _histograms(connection: sqlite3.Connection) -> Iterator[str]:
    for name, label, what, bounds, query in _HISTOGRAMS:
        yield from _head(name, what, "histogram")
        sums = ", ".join(f"sum(value <= {bound})" for bound in bounds)
        for value, total, count, *under in connection.execute(
            f"SELECT label, sum(value), count(*), {sums} FROM ({query}) GROUP BY label ORDER BY label"
        ):
            for bound, number in zip((*bounds, "+Inf"), (*under, count), strict=True):
                yield f"{name}_bucket{_labels((label, value), ('le', str(bound)))} {number}"
            yield f"{name}_sum{_labels((label, value))} {float(total)!r}"
            yield f"{name}_count{_labels((label, value))} {count}"


def _head(name: str, what: str, kind: str) -> Iterable[str]:
    return (f"# HELP {name} {what}", f"# TYPE {name} {kind}")


def _labels(*pairs: tuple[str, str]) -> str:
    written = [f'{name}="{_escaped(value)}"' for name, value in pairs if name]
    return f"{{{','.join(written)}}}" if written else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
