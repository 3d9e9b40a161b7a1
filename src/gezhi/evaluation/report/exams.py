"""The report of one run of an exam: headline, scores, tags, plots, refusals, errors, worst items, environment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gezhi.core.catalogue import Language, current_language, say, speaking
from gezhi.evaluation.exam import Exam, Item, Outcome
from gezhi.evaluation.report import parts
from gezhi.evaluation.report.content import (
    Block,
    Cell,
    Column,
    Entry,
    Figure,
    Items,
    Report,
    Section,
    Table,
    Tone,
)
from gezhi.evaluation.report.drawing import can_draw, drawing
from gezhi.evaluation.report.values import Reliability, RiskCoverage, Run, Score, range_text, unit_text
from gezhi.evaluation.statistics import proportion

_PLOTTED = 6
"""Metrics with a plot of their distribution: the first of the summary."""


def exam_report(exam: Exam, run: Run, *, language: Language | None = None, shown: int = parts.SHOWN) -> Report:
    """What came of an exam.

    Args:
        run: `scores[0]` is the headline and what items are ordered by; there is at least one.
        language: None: that of the program.
        shown: Items shown in full, worst first.
    """
    with speaking(language or current_language()):
        headline = run.scores[0]
        return Report(
            title=_title(exam, run),
            language=current_language(),
            headline=_headline(headline),
            lead=_lead(headline),
            notices=tuple(_notices(exam, run)),
            sections=tuple(section for section in _sections(exam, run, shown) if section.blocks),
        )


def _title(exam: Exam, run: Run) -> str:
    if run.name == exam.name:
        return say("report.exam_title_alone", exam=exam.name)
    return say("report.exam_title", exam=exam.name, run=run.name)


def _headline(score: Score) -> str:
    if score.interval is None:
        return say("report.headline_unmeasured", name=score.name)
    return say("report.headline", name=score.name, value=unit_text(score.interval.mean, score.unit))


def _lead(score: Score) -> str:
    if score.interval is None:
        return say("report.lead_unmeasured", missing=score.missing)
    told = say("report.lead", range=range_text(score.interval, score.unit), n=score.interval.n)
    return told + (say("report.lead_missing", missing=score.missing) if score.missing else "")


def _notices(exam: Exam, run: Run) -> Iterator[str]:
    if not exam.reviewed:
        yield say("report.drafts")
    failed = sum(one.answer is None for one in run.outcomes)
    if failed:
        yield say("report.failed", failed=failed, n=len(run.outcomes))
    if not can_draw():
        yield say("report.no_figures")
    if len(run.outcomes) < len(exam.items):
        yield say("report.unfinished", done=len(run.outcomes), n=len(exam.items))


def _sections(exam: Exam, run: Run, shown: int) -> Iterator[Section]:
    yield Section(
        title=say("report.scores"),
        lead=say("report.scores_lead"),
        blocks=(parts.score_table(say("report.scores_caption", n=len(run.outcomes)), run.scores),),
    )
    yield Section(title=say("report.tags"), lead=say("report.tags_lead"), blocks=tuple(_tags(run)))
    yield Section(title=say("report.confidence"), blocks=tuple(_confidence(run)))
    yield Section(title=say("report.distributions"), blocks=tuple(_distributions(run)))
    yield Section(title=say("report.refusals"), lead=say("report.refusals_lead"), blocks=tuple(_refusals(exam, run)))
    errors = parts.failures(exam, run.outcomes)
    yield Section(title=say("report.errors"), blocks=(errors,) if errors else ())
    yield Section(title=say("report.items"), lead=say("report.items_lead"), blocks=(_items(exam, run, shown),))
    yield parts.environment(exam, run.environment)


def _tags(run: Run) -> Iterator[Table]:
    """A table a metric, a line a tag: tags are compared within a metric."""
    for place, score in enumerate(run.scores):
        rows = []
        for tag, scores in run.tags.items():
            found = next((one for one in scores if one.name == score.name), None)
            if found is not None and found.interval is not None:
                rows.append((Cell(text=tag), parts.mean_cell(found), parts.range_cell(found),
                             Cell(text=str(found.interval.n))))  # fmt: skip
        if rows and place < _PLOTTED:
            yield Table(
                caption=score.name,
                columns=(
                    Column(title=say("report.tag")),
                    Column(title=say("report.mean"), numbers=True),
                    Column(title=say("report.interval")),
                    Column(title=say("report.measured"), numbers=True),
                ),
                rows=tuple(rows),
            )


def _confidence(run: Run) -> Iterator[Figure]:
    if not can_draw():
        return
    if run.risk is not None:
        yield _risk(run.risk)
    if run.reliability is not None:
        yield _reliability(run.reliability)


def _distributions(run: Run) -> Iterator[Figure]:
    for score in run.scores[:_PLOTTED]:
        values = [value for one in run.outcomes if (value := one.scores.get(score.name)) is not None]
        if values and can_draw():
            yield _distribution(score, values)


def _risk(curve: RiskCoverage) -> Figure:
    area = say("report.risk_area", area=f"{curve.area:.3f}") if curve.area is not None else ""
    return Figure(
        title=say("report.risk"),
        svg=drawing().risk_coverage(curve),
        alt=say("report.risk_alt", half=_percent(_at_half(curve)), all=_percent(curve.constant)),
        note=say("report.risk_note") + area,
        numbers=_points(
            say("report.risk"),
            (say("report.risk_x"), say("report.risk_y")),
            [(_percent(x), _percent(y)) for x, y in _thinned(list(zip(curve.coverage, curve.risk, strict=True)))],
        ),
    )


def _reliability(bins: Reliability) -> Figure:
    error = say("report.reliability_error", error=f"{bins.error:.3f}") if bins.error is not None else ""
    rows = zip(bins.confidence, bins.right, bins.counts, strict=True)
    return Figure(
        title=say("report.reliability"),
        svg=drawing().reliability(bins),
        alt=say("report.reliability_alt", bins=len(bins.counts)) + error,
        note=say("report.reliability_note") + error,
        numbers=_points(
            say("report.reliability"),
            (say("report.reliability_x"), say("report.reliability_y"), say("report.measured")),
            [(_percent(sure), _percent(right), str(count)) for sure, right, count in rows],
        ),
    )


def _distribution(score: Score, values: Sequence[float]) -> Figure:
    least, most = (unit_text(value, score.unit) for value in (min(values), max(values)))
    median = unit_text(sorted(values)[len(values) // 2], score.unit)
    return Figure(
        title=say("report.distribution", name=score.name),
        svg=drawing().distribution(score.name, values, share=score.unit == "share"),
        alt=say("report.distribution_alt", name=score.name, n=len(values), least=least, median=median, most=most),
    )


def _refusals(exam: Exam, run: Run) -> Iterator[Block]:
    items = {item.id: item for item in exam.items}
    pairs = [(items[one.item].unanswerable, one.answer) for one in run.outcomes if one.item in items and one.answer]
    rows = []
    for unanswerable in (False, True):
        refused = [answer.refused is not None for known, answer in pairs if known is unanswerable]
        if refused:
            share = proportion(sum(refused), len(refused))
            rows.append((
                Cell(text=say("report.unanswerable" if unanswerable else "report.answerable")),
                Cell(text=str(len(refused) - sum(refused))),
                Cell(text=str(sum(refused))),
                Cell(text=unit_text(share.mean, "share"), detail=range_text(share, "share")),
            ))  # fmt: skip
    if rows:
        titles = ("report.questions", "report.state_answered", "report.state_refused", "report.refusal_share")
        columns = tuple(Column(title=say(key), numbers=place > 0) for place, key in enumerate(titles))
        yield Table(caption=say("report.refusals_caption"), columns=columns, rows=tuple(rows))
    reasons: dict[str, int] = {}
    for _, answer in pairs:
        if answer.refused:
            reasons[answer.refused] = reasons.get(answer.refused, 0) + 1
    if reasons:
        yield Table(
            caption=say("report.reasons_caption"),
            columns=(Column(title=say("report.reason")), Column(title=say("report.count"), numbers=True)),
            rows=tuple((Cell(text=say(f"report.refusal_{why}")), Cell(text=str(n))) for why, n in reasons.items()),
        )


def _items(exam: Exam, run: Run, shown: int) -> Items:
    items = {item.id: item for item in exam.items}
    known = [(place, items[one.item], one) for place, one in enumerate(run.outcomes) if one.item in items]
    worst = sorted(known, key=lambda row: (_badness(row[2], run.scores[0]), row[0]))[:shown]
    entries = tuple(_entry(place, item, one, run.scores) for place, item, one in worst)
    return Items(
        entries=entries,
        states=parts.states(),
        orders={key: say(f"report.order_{key}") for key in ("worst", "exam", "slowest")},
        note=parts.listed(len(entries), len(known)),
    )


def _entry(place: int, item: Item, outcome: Outcome, scores: Sequence[Score]) -> Entry:
    badges: list[tuple[str, Tone]] = [parts.state_badge(item, outcome)]
    value = outcome.scores.get(scores[0].name)
    if value is not None:
        badges.append((f"{scores[0].name} {unit_text(value, scores[0].unit)}", ""))
    badges.append((unit_text(outcome.seconds, "seconds"), ""))
    answer = parts.given(outcome, f"answer-{place}", say("report.answer"))
    return Entry(
        id=item.id,
        title=item.question,
        blocks=(*parts.reference(item), *answer, parts.item_scores(outcome, scores)),
        badges=tuple(badges),
        state=parts.state(outcome),
        tags=item.tags,
        order={"worst": _badness(outcome, scores[0]), "exam": place, "slowest": -outcome.seconds},
    )


def _badness(outcome: Outcome, score: Score) -> float:
    """Smallest for the worst: failures, then the lowest scores; what was not measured stands at the end."""
    if outcome.answer is None:
        return -1e300
    value = outcome.scores.get(score.name)
    if value is None:
        return 1e300
    return value if score.higher_is_better else -value


def _points(caption: str, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    return Table(
        caption=caption,
        columns=tuple(Column(title=title, numbers=True) for title in titles),
        rows=tuple(tuple(Cell(text=text) for text in row) for row in rows),
    )


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """About ten of them, first and last among them."""
    if len(points) <= 11:
        return points
    return [points[round(step * (len(points) - 1) / 10)] for step in range(11)]


def _at_half(curve: RiskCoverage) -> float:
    return min(zip(curve.coverage, curve.risk, strict=True), key=lambda point: abs(point[0] - 0.5))[1]


def _percent(value: float) -> str:
    return unit_text(value, "share")
