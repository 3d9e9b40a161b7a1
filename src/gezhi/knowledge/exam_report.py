"""Pages about runs of exams: one run, two runs side by side, a gate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gezhi.core.catalogue import current_language, say
from gezhi.evaluation.report.comparisons import comparison_report
from gezhi.evaluation.report.content import Report
from gezhi.evaluation.report.exams import exam_report
from gezhi.evaluation.report.gates import gate_report
from gezhi.evaluation.report.page import write
from gezhi.evaluation.report.values import Change, Gate, Run
from gezhi.knowledge.exams import Taken

if TYPE_CHECKING:
    from gezhi.evaluation.statistics import Comparison


def write_report(taken: Taken, path: Path) -> Path:
    """The page about one run."""
    return _write(exam_report(taken.exam, _run(taken), language=current_language()), path)


def write_comparison(a: Taken, b: Taken, changes: list[Change], path: Path) -> Path:
    """The page about two runs of one exam."""
    return _write(comparison_report(a.exam, _run(a), _run(b), changes, language=current_language()), path)


def write_gate(gate: Gate, path: Path) -> Path:
    """The page about a gate."""
    return _write(gate_report(gate, language=current_language()), path)


def changes(a: Taken, b: Taken, compared: Mapping[str, Comparison]) -> list[Change]:
    """What the comparison of `b` with `a` found, as reports are given it."""
    before, after = ({score.name: score for score in taken.scores} for taken in (a, b))
    return [
        Change(
            name=name,
            before=before[name].interval,
            after=after[name].interval,
            difference=found.interval,
            verdict=found.verdict,
            p=found.p,
            test="" if found.test == "none" else say(f"exam.test_{found.test}"),
            needed=found.items_to_show,
            higher_is_better=before[name].higher_is_better,
            confidence=found.confidence,
        )
        for name, found in compared.items()
    ]


def environment(taken: Taken) -> dict[str, dict[str, str]]:
    """What the run was made with."""
    record = taken.record
    return {
        "options": _flat(record.options),
        "versions": {name: str(value) for name, value in record.versions.items()},
        "machine": {name: str(value) for name, value in record.machine.items()},
        "run": {
            "id": record.id,
            "exam sha256": str(record.subject["sha256"]),
            "started": record.started.isoformat(timespec="seconds"),
            "seed": str(record.seed),
            "attempts": str(record.attempts),
        },
    }


def _run(taken: Taken) -> Run:
    return Run(
        name=taken.record.name,
        outcomes=taken.outcomes,
        scores=taken.scores,
        tags=taken.tags,
        environment=environment(taken),
    )


def _flat(values: Mapping[str, Any], above: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{above}{name}."))
        else:
            flat[above + name] = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return flat


def _write(report: Report, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write(report, path)
    return path
