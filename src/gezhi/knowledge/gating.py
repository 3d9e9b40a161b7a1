"""The gate: a candidate may come into force when it is shown to fall behind the baseline by no more than a margin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions
from gezhi.core.plain import plain
from gezhi.evaluation.report.values import Check, Gate, Passing, range_text
from gezhi.evaluation.running import clusters, values_of
from gezhi.knowledge.exam_report import changes, environment
from gezhi.knowledge.exams import Taken, compare
from gezhi.tracking import Audit, Run, Runs

if TYPE_CHECKING:
    from gezhi.evaluation.report.values import Change

KIND = "gate"
EXIT_CODES: dict[Passing, int] = {"pass": 0, "regression": 3, "inconclusive": 4}


def gate(baseline: Taken, candidate: Taken, margin: float, metrics: Sequence[str] = ()) -> Gate:
    """Hold the candidate against the baseline.

    Args:
        margin: By how much each metric may be worse, 0 to 1.
        metrics: Scorers that decide; none: the headline.

    Raises:
        BadOptions: Runs of different exams, a draft nobody has reviewed, a margin out of range, no score in common.
    """
    if not 0 <= margin <= 1:
        raise BadOptions("exam.bad_margin", value=margin)
    if not baseline.exam.reviewed:
        raise BadOptions("exam.draft_decides_nothing", name=baseline.exam.name)
    wanted = list(metrics) or [baseline.scores[0].name]
    found = changes(baseline, candidate, compare(baseline, candidate, only=wanted))
    return Gate(
        name=baseline.exam.name,
        baseline=baseline.record.id,
        candidate=candidate.record.id,
        checks=[_check(change, baseline, candidate, margin) for change in found],
        environment=environment(candidate),
    )


def record(gate: Gate, candidate: Taken, margin: float, runs: Runs) -> Run:
    """Put the gate on record; of a pass, the candidate's configuration is approved."""
    run = runs.start(
        KIND,
        candidate.record.name,
        options={"baseline": gate.baseline, "candidate": gate.candidate, "margin": margin},
        versions=candidate.record.versions,
        seed=0,
        subject=candidate.record.subject,
    )
    with run:
        run.summary({"result": gate.result, "checks": plain(gate.checks)})
    if gate.result == "pass":
        runs.approve("pipeline", version(candidate), run.id)
    return run


def force(candidate: Taken, reason: str, runs: Runs, audit: Audit) -> None:
    """Let the candidate's configuration into force without a pass; the reason stands in the audit log."""
    runs.force("pipeline", version(candidate), reason, audit)


def version(taken: Taken) -> str:
    """Identifies what was examined: options and versions, not the exam."""
    from gezhi.tracking import fingerprint

    record = taken.record
    return fingerprint("pipeline", subject={}, options=record.options["pipeline"], versions=record.versions, seed=0)[
        :16
    ]


def _check(change: Change, baseline: Taken, candidate: Taken, margin: float) -> Check:
    from gezhi.evaluation.statistics import non_inferiority

    after = {outcome.item: outcome for outcome in candidate.outcomes}
    ordered = [after[outcome.item] for outcome in baseline.outcomes]
    held = non_inferiority(
        values_of(baseline.outcomes, change.name),
        values_of(ordered, change.name),
        margin=margin,
        groups=clusters(baseline.exam),
        higher_is_better=change.higher_is_better,
    )
    reason = say(
        f"exam.gate_{held.verdict}",
        name=change.name,
        margin=f"{100 * margin:g}",
        range=range_text(change.difference, change.unit, difference=True) if change.difference else "–",
    )
    return Check(change=change, margin=margin, result=held.verdict, reason=reason)
