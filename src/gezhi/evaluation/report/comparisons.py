"""The report of two runs of one exam: what changed, how sure that is, and on which questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gezhi.core.catalogue import Language, current_language, say, speaking
from gezhi.evaluation.exam import Exam, Item, Outcome
from gezhi.evaluation.report import parts
from gezhi.evaluation.report.content import (
    Cell,
    Column,
    Entry,
    Figure,
    Items,
    Report,
    Section,
    Table,
    Text,
    Tone,
)
from gezhi.evaluation.report.drawing import can_draw, drawing
from gezhi.evaluation.report.values import (
    Change,
    Run,
    Verdict,
    unit_text,
    verdict_text,
)

TONES: dict[Verdict, Tone] = {"better": "good", "worse": "bad", "not_shown": "warn"}


def comparison_report(
    exam: Exam,
    before: Run,
    after: Run,
    changes: Sequence[Change],
    *,
    language: Language | None = None,
    shown: int = parts.SHOWN,
) -> Report:
    """Two runs side by side.

    Args:
        changes: At least one; the first is the headline, and what items are ordered by.
        language: None: that of the program.
        shown: Items shown in full, those that changed most first.
    """
    with speaking(language or current_language()):
        head = changes[0]
        return Report(
            title=say("report.comparison_title", exam=exam.name, before=before.name, after=after.name),
            language=current_language(),
            headline=say(f"report.headline_{head.verdict}"),
            lead=verdict_text(head),
            tone=TONES[head.verdict],
            notices=() if exam.reviewed else (say("report.drafts"),),
            sections=tuple(part for part in _sections(exam, (before, after), changes, shown) if part.blocks),
        )


def change_section(changes: Sequence[Change]) -> Section:
    """All metrics: a table, a drawing, and what each verdict means."""
    drawn = [change for change in changes if change.unit == "share" and change.difference is not None]
    figure = (_figure(drawn),) if drawn and can_draw() else ()
    verdicts = tuple(Text(text=verdict_text(change)) for change in changes[1:])
    return Section(
        title=say("report.differences"),
        lead=say("report.differences_lead"),
        blocks=(_table(changes), *figure, *verdicts),
    )


def _sections(exam: Exam, runs: tuple[Run, Run], changes: Sequence[Change], shown: int) -> Iterator[Section]:
    yield change_section(changes)
    yield Section(
        title=say("report.changed"), lead=say("report.changed_lead"), blocks=(_items(exam, runs, changes[0], shown),)
    )
    different = _different(runs)
    yield Section(
        title=say("report.settings"),
        blocks=(different or Text(text=say("report.settings_same")),),
        lead=say("report.settings_lead") if different else "",
    )
    for run in runs:
        errors = parts.failures(exam, run.outcomes)
        yield Section(title=say("report.errors_of", run=run.name), blocks=(errors,) if errors else ())
    yield parts.environment(exam, runs[1].environment)


def _table(changes: Sequence[Change]) -> Table:
    most = parts.widest(changes)
    titles = ("metric", "verdict", "difference", "before", "after", "measured")
    return Table(
        caption=say("report.differences_caption", confidence=f"{100 * changes[0].confidence:g}"),
        columns=tuple(Column(title=say(f"report.{name}"), numbers=name in titles[3:]) for name in titles),
        rows=tuple(_row(change, most) for change in changes),
        note=say("report.differences_note"),
    )


def _row(change: Change, most: float) -> tuple[Cell, ...]:
    missing = Cell(text=say("report.not_measured"), tone="quiet")
    before, after = (
        missing if one is None else Cell(text=unit_text(one.mean, change.unit)) for one in (change.before, change.after)
    )
    verdict = Cell(
        text=say(f"report.headline_{change.verdict}"),
        tone=TONES[change.verdict],
        detail="" if change.p is None else f"{change.test} p = {change.p:.3f}".strip(),
    )
    return (
        Cell(text=change.name, detail="" if change.higher_is_better else say("report.lower_is_better")),
        missing if change.difference is None else verdict,
        parts.difference_cell(change, most),
        before,
        after,
        Cell(text=str(change.difference.n if change.difference else 0)),
    )


def _figure(changes: Sequence[Change]) -> Figure:
    return Figure(
        title=say("report.differences"),
        svg=drawing().differences(changes),
        alt=" ".join(verdict_text(change) for change in changes),
        note=say("report.differences_figure_note"),
    )


def _items(exam: Exam, runs: tuple[Run, Run], head: Change, shown: int) -> Items:
    items = {item.id: item for item in exam.items}
    after = {one.item: one for one in runs[1].outcomes}
    both = [
        (place, items[one.item], one, after[one.item])
        for place, one in enumerate(runs[0].outcomes)
        if one.item in items and one.item in after
    ]
    most = sorted(both, key=lambda row: (-abs(_moved(row[2], row[3], head)), row[0]))[:shown]
    entries = tuple(_entry(row, runs, head) for row in most)
    return Items(
        entries=entries,
        states={name: say(f"report.moved_{name}") for name in ("better", "worse", "same", "unknown")},
        orders={name: say(f"report.order_{name}") for name in ("changed", "gained", "lost", "exam")},
        note=parts.listed(len(entries), len(both)),
    )


def _entry(row: tuple[int, Item, Outcome, Outcome], runs: tuple[Run, Run], head: Change) -> Entry:
    place, item, before, after = row
    moved = _moved(before, after, head)
    state = _state(before, after, head)
    tones: dict[str, Tone] = {"better": "good", "worse": "bad"}
    values = [one.scores.get(head.name) for one in (before, after)]
    told = " → ".join(say("report.not_measured") if value is None else unit_text(value, head.unit) for value in values)
    pair = parts.side_by_side(
        parts.given(before, f"before-{place}", runs[0].name), parts.given(after, f"after-{place}", runs[1].name)
    )
    return Entry(
        id=item.id,
        title=item.question,
        blocks=(*parts.reference(item), pair),
        badges=((say(f"report.moved_{state}"), tones.get(state, "")), (f"{head.name} {told}", "")),
        state=state,
        tags=item.tags,
        order={"changed": -abs(moved), "gained": -moved, "lost": moved, "exam": place},
    )


def _moved(before: Outcome, after: Outcome, head: Change) -> float:
    """By how much the item became better, in the metric of the headline; 0 where one of the two was not measured."""
    old, new = before.scores.get(head.name), after.scores.get(head.name)
    if old is None or new is None:
        return 0.0
    return new - old if head.higher_is_better else old - new


def _state(before: Outcome, after: Outcome, head: Change) -> str:
    if before.scores.get(head.name) is None or after.scores.get(head.name) is None:
        return "unknown"
    moved = _moved(before, after, head)
    return "better" if moved > 0 else "worse" if moved < 0 else "same"


def _different(runs: tuple[Run, Run]) -> Table | None:
    """Settings, versions and machines that differ; None where none does."""
    left, right = (_flat(run.environment) for run in runs)
    names = [name for name in {**left, **right} if left.get(name) != right.get(name)]
    if not names:
        return None
    columns = (Column(title=say("report.name")), Column(title=runs[0].name), Column(title=runs[1].name))
    rows = tuple((Cell(text=name), Cell(text=left.get(name, "-")), Cell(text=right.get(name, "-"))) for name in names)
    return Table(caption=say("report.settings"), columns=columns, rows=rows)


def _flat(groups: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{group} · {name}": value for group, values in groups.items() for name, value in values.items()}
