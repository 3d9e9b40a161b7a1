"""Pages about runs of exams: one run, two runs side by side, a gate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gezhi.core.catalogue import current_language, say
from gezhi.evaluation.report import Report, comparison_report, exam_report, gate_report, write
from gezhi.evaluation.report.values import Change, Gate, Reliability, RiskCoverage, Run
from gezhi.evaluation.running import clusters, values_of
from gezhi.knowledge.exams import Taken

if TYPE_CHECKING:
    from gezhi.evaluation.statistics import Comparison, Interval


_RIGHT = "correct"
_FEWEST = 30
"""Answers with a confidence, from which on something can be said of it."""


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
    higher_is_better = {score.name: score.higher_is_better for score in a.scores}
    means = {name: _on_the_same(a, b, name) for name in compared}
    return [
        Change(
            name=name,
            before=means[name][0],
            after=means[name][1],
            difference=found.interval,
            verdict=found.verdict,
            p=found.p,
            test="" if found.test == "none" else say(f"exam.test_{found.test}"),
            needed=found.items_to_show,
            higher_is_better=higher_is_better[name],
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
    risk, reliability = _calibration(taken)
    return Run(
        name=taken.record.name,
        outcomes=taken.outcomes,
        scores=taken.scores,
        tags=taken.tags,
        environment=environment(taken),
        risk=risk,
        reliability=reliability,
    )


def _on_the_same(a: Taken, b: Taken, name: str) -> tuple[Interval | None, Interval | None]:
    """The means of both runs on the items that both measured: those of all items may be of other items."""
    from gezhi.evaluation.statistics import clustered_mean

    after = {outcome.item: outcome.scores.get(name) for outcome in b.outcomes}
    triples = [
        (old, new, group)
        for outcome, old, group in zip(a.outcomes, values_of(a.outcomes, name), clusters(a.exam), strict=True)
        if old is not None and (new := after.get(outcome.item)) is not None
    ]
    if not triples:
        return None, None
    groups = [group for _, _, group in triples]
    return clustered_mean([old for old, _, _ in triples], groups), clustered_mean(
        [new for _, new, _ in triples], groups
    )


def _calibration(taken: Taken) -> tuple[RiskCoverage | None, Reliability | None]:
    """How far the confidence of the answers given is to be trusted; None where few have one, or all are right."""
    from gezhi.evaluation.calibration import area_under_risk, expected_error, reliability, risk_coverage
    from gezhi.evaluation.statistics import proportion

    pairs = [
        (score, outcome.answer.confidence)
        for outcome in taken.outcomes
        if outcome.answer is not None
        and outcome.answer.refused is None
        and outcome.answer.confidence is not None
        and (score := outcome.scores.get(_RIGHT)) is not None
    ]
    if len(pairs) < _FEWEST:
        return None, None
    right, sure = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    points = risk_coverage(right, sure)
    bins = reliability(right, sure)
    shares = [proportion(round(one.right * one.n), one.n) for one in bins]
    return (
        RiskCoverage(
            coverage=[point.coverage for point in points],
            risk=[point.risk for point in points],
            constant=1 - sum(right) / len(right),
            area=area_under_risk(right, sure),
        ),
        Reliability(
            confidence=[one.confidence for one in bins],
            right=[one.right for one in bins],
            low=[share.low for share in shares],
            high=[share.high for share in shares],
            counts=[one.n for one in bins],
            error=expected_error(right, sure),
        ),
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
