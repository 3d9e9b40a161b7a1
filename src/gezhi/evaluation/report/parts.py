"""Pieces that several reports have: tables of scores, the environment, an answer with its citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gezhi.core.catalogue import say
from gezhi.core.types import Answer, Citation, Passage
from gezhi.evaluation.exam import Exam, Item, Outcome
from gezhi.evaluation.report.content import Cell, Column, Pair, Quote, Quotes, Section, Span, Table, Text, Tone
from gezhi.evaluation.report.values import Change, Score, difference_text, range_text, unit_text

SHOWN = 100
"""Items a report shows in full when nothing else is asked for."""
GROUPS = ("options", "versions", "machine", "run")
STATES = ("answered", "refused", "error")


def score_table(caption: str, scores: Sequence[Score], note: str = "") -> Table:
    """A line a metric: mean, interval, on how many items it was measured and on how many not."""
    return Table(
        caption=caption,
        columns=(
            Column(title=say("report.metric")),
            Column(title=say("report.mean"), numbers=True),
            Column(title=say("report.interval")),
            Column(title=say("report.measured"), numbers=True),
        ),
        rows=tuple(_score_row(score) for score in scores),
        note=note,
    )


def _score_row(score: Score) -> tuple[Cell, ...]:
    direction = "" if score.higher_is_better else say("report.lower_is_better")
    name = Cell(text=score.name, detail=" · ".join(part for part in (score.told, direction, score.signature) if part))
    count = Cell(
        text=str(score.interval.n if score.interval else 0),
        detail=say("report.missing", missing=score.missing) if score.missing else "",
    )
    return name, mean_cell(score), range_cell(score), count


def mean_cell(score: Score) -> Cell:
    """The mean, or that it was not measured: never a number that nobody measured."""
    if score.interval is None:
        return Cell(text=say("report.not_measured"), tone="quiet")
    return Cell(text=unit_text(score.interval.mean, score.unit))


def range_cell(score: Score) -> Cell:
    """The interval in figures, and drawn where the axis is known."""
    if score.interval is None:
        return Cell(text="")
    shape = None
    if score.unit == "share":
        low, middle, high = (_within(value) for value in (score.interval.low, score.interval.mean, score.interval.high))
        shape = Span(low=low, middle=middle, high=high)
    return Cell(text=range_text(score.interval, score.unit), span=shape)


def environment(exam: Exam, groups: Mapping[str, Mapping[str, str]]) -> Section:
    """What the numbers hold for: the exam, options, versions, machine."""
    told = {
        say("report.exam_name"): exam.name,
        say("report.exam_items"): str(len(exam.items)),
        say("report.exam_reviewed"): say("report.yes") if exam.reviewed else say("report.no"),
        say("report.exam_hash"): exam.sha256,
    }
    tables = [value_table(say("report.exam"), told), *environment_tables(groups)]
    return Section(title=say("report.environment"), blocks=tuple(tables), lead=say("report.environment_lead"))


def widest(changes: Sequence[Change], margin: float = 0.0) -> float:
    """The end of an axis on which the intervals of all shares can be drawn; other units have no axis in common."""
    found = [one.difference for one in changes if one.difference is not None and one.unit == "share"]
    return max((abs(edge) for one in found for edge in (one.low, one.high)), default=0.0) + margin


def difference_cell(change: Change, most: float, limit: float = 0.0) -> Cell:
    """The difference with its interval, drawn on an axis of -most to most beside the line of `limit`."""
    found = change.difference
    if found is None:
        return Cell(text=say("report.not_measured"), tone="quiet")
    shape = None
    if change.unit == "share" and most:
        low, middle, high, origin = (0.5 + value / most / 2 for value in (found.low, found.mean, found.high, limit))
        shape = Span(low=low, middle=middle, high=high, origin=origin)
    return Cell(
        text=difference_text(found.mean, change.unit),
        detail=range_text(found, change.unit, difference=True),
        span=shape,
    )


def environment_tables(groups: Mapping[str, Mapping[str, str]]) -> Iterator[Table]:
    """A table a group; those that every run has are called by their name in the language of the report."""
    for title, values in groups.items():
        yield value_table(say(f"report.group_{title}") if title in GROUPS else title, values)


def value_table(caption: str, values: Mapping[str, str]) -> Table:
    """Names and their values."""
    return Table(
        caption=caption,
        columns=(Column(title=say("report.name")), Column(title=say("report.value"), long=True)),
        rows=tuple((Cell(text=name), Cell(text=value)) for name, value in values.items()),
    )


def failures(exam: Exam, outcomes: Sequence[Outcome]) -> Table | None:
    """The questions that got no answer, and why; None where there are none."""
    questions = {item.id: item.question for item in exam.items}
    rows = tuple(
        (Cell(text=one.item), Cell(text=questions.get(one.item, "")), Cell(text=one.error, tone="bad"))
        for one in outcomes
        if one.answer is None
    )
    if not rows:
        return None
    titles = (say("report.item"), say("report.question"), say("report.error"))
    return Table(
        caption=say("report.errors_caption"), columns=tuple(Column(title=one, long=True) for one in titles), rows=rows
    )


def state(outcome: Outcome) -> str:
    """One of STATES."""
    if outcome.answer is None:
        return "error"
    return "refused" if outcome.answer.refused else "answered"


def states() -> dict[str, str]:
    """STATES as people call them."""
    return {name: say(f"report.state_{name}") for name in STATES}


def state_badge(item: Item, outcome: Outcome) -> tuple[str, Tone]:
    """Whether it was answered, and whether that was right where the exam knows."""
    found = state(outcome)
    told = say(f"report.state_{found}")
    if found == "error":
        return told, "bad"
    if found == "refused":
        return (say("report.refused_rightly"), "good") if item.unanswerable else (told, "warn")
    return (say("report.answered_unanswerable"), "bad") if item.unanswerable else (told, "")


def reference(item: Item) -> Iterator[Text | Quotes]:
    """What the exam knows about the answer."""
    if item.history:
        turns = "\n".join(f"{turn.role}: {turn.content}" for turn in item.history)
        yield Text(label=say("report.history"), text=turns)
    if item.unanswerable:
        yield Text(label=say("report.reference"), text=say("report.reference_none"), tone="quiet")
    elif item.answers:
        yield Text(label=say("report.reference"), text="\n".join(item.answers))
    if item.relevant:
        places = tuple(Quote(text=one.quote, source=one.source) for one in item.relevant)
        yield Quotes(label=say("report.relevant"), quotes=places, folded=True)


def given(outcome: Outcome, anchor: str, label: str) -> Iterator[Text | Quotes]:
    """The answer as it was shown, with what it cites and what was found.

    Args:
        anchor: Unique on the page.
    """
    answer = outcome.answer
    if answer is None:
        yield Text(label=label, text=outcome.error or say("report.no_reason"), tone="bad")
        return
    marks = tuple(sorted({(one.answer_end, one.number) for one in answer.citations}))
    yield Text(label=label, text=answer.text, marks=marks, anchor=anchor, tone="quiet" if answer.refused else "")
    if answer.refused:
        yield Text(label=say("report.refusal_reason"), text=say(f"report.refusal_{answer.refused}"))
    if answer.citations:
        yield Quotes(label=say("report.citations"), quotes=_cited(answer), anchor=anchor)
    if answer.notes:
        yield Text(label=say("report.notes"), text="\n".join(answer.notes))
    if answer.dropped:
        yield Text(label=say("report.dropped"), text="\n".join(answer.dropped), tone="quiet")
    if answer.passages:
        label = say("report.passages", count=len(answer.passages))
        yield Quotes(label=label, quotes=tuple(_found(one) for one in answer.passages), folded=True)


def listed(shown: int, count: int) -> str:
    """That not all items are listed; nothing where all are."""
    return say("report.items_shown", shown=shown, n=count) if shown < count else ""


def side_by_side(left: Iterator[Text | Quotes], right: Iterator[Text | Quotes]) -> Pair:
    """Two answers to one question."""
    return Pair(left=tuple(left), right=tuple(right))


def item_scores(outcome: Outcome, scores: Sequence[Score]) -> Table:
    """What each metric said about one answer."""
    rows = []
    for score in scores:
        value = outcome.scores.get(score.name)
        told = Cell(text=say("report.not_measured"), tone="quiet") if value is None else None
        rows.append((Cell(text=score.name), told or Cell(text=unit_text(value or 0.0, score.unit))))
    columns = (Column(title=say("report.metric")), Column(title=say("report.score"), numbers=True))
    return Table(caption=say("report.item_scores"), columns=columns, rows=tuple(rows))


def _cited(answer: Answer) -> tuple[Quote, ...]:
    """One quote a number: stretches of the answer share them."""
    quotes: dict[int, Citation] = {}
    for one in answer.citations:
        before = quotes.get(one.number)
        # A quote that fails to support one of its sentences is shown as failing.
        if before is None or (before.supported is not False and one.supported is False):
            quotes[one.number] = one
    return tuple(_quote(one) for _, one in sorted(quotes.items()))


def _quote(one: Citation) -> Quote:
    tones: dict[bool | None, tuple[str, Tone]] = {
        True: (say("report.supported"), "good"),
        False: (say("report.unsupported"), "bad"),
        None: (say("report.unchecked"), ""),
    }
    badge, tone = tones[one.supported]
    return Quote(
        number=one.number,
        text=one.quote,
        source=one.source,
        place=_place(one.page, one.heading),
        badge=badge,
        tone=tone,
    )


def _found(one: Passage) -> Quote:
    heading = str(one.chunk.meta.get("heading", ""))
    return Quote(
        text=one.chunk.text, source=one.chunk.source, place=_place(one.chunk.page, heading), badge=f"{one.score:.3f}"
    )


def _place(page: int | None, heading: str) -> str:
    return " · ".join(part for part in (say("report.page", page=page) if page is not None else "", heading) if part)


def _within(value: float) -> float:
    return min(1.0, max(0.0, value))
