"""How the reports of `gezhi scan` look in a terminal: a table of rates with intervals, then what to make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gezhi.cli.present import cut
from gezhi.core.catalogue import say
from gezhi.evaluation.scans.bbq import BbqReport
from gezhi.evaluation.scans.calculating import ProblemReport
from gezhi.evaluation.scans.choosing import ChoiceReport
from gezhi.evaluation.scans.diversity import DiversityReport
from gezhi.evaluation.scans.pairs import PairReport, Preferred
from gezhi.evaluation.scans.refusing import SafetyReport
from gezhi.evaluation.scans.swaps import SwapReport

if TYPE_CHECKING:
    from gezhi.evaluation.scans.asking import Rate
    from gezhi.evaluation.statistics import Interval

Row = tuple[str, str, str, str, str]
"""What, value with interval, n, unreadable, failed."""
_SHOWN = 5


def show(name: str, report: Any, console: Console) -> None:
    """Print one report."""
    kinds: dict[type, tuple[Callable[[Any], Iterator[Row]], str]] = {
        PairReport: (_pairs, "pairs"), BbqReport: (_bbq, "bbq"), SwapReport: (_swaps, "swaps"),
        SafetyReport: (_safety, "safety"), ChoiceReport: (_choices, "choice"), ProblemReport: (_problems, "problems"),
        DiversityReport: (_diversity, "diversity"),
    }  # fmt: skip
    rows, kind = kinds[type(report)]
    title = " · ".join(part for part in (say(f"scans.title_{kind}"), name, report.model, _how(report)) if part)
    console.print(Text(title, style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(say("scans.column_what"), overflow="fold")
    for column in ("value", "n", "unreadable", "failed"):
        table.add_column(say(f"scans.column_{column}"), justify="right", no_wrap=column != "value")
    for row in rows(report):
        table.add_row(*row)
    console.print(table)
    for line in _notes(report, kind):
        console.print(Text(line, style="dim"))
    console.print()


def _how(report: Any) -> str:
    shots = getattr(report, "shots", 0)
    parts = [say(f"scans.by_{report.by}")] if hasattr(report, "by") else []
    return " · ".join([*parts, *([say("scans.shots", n=shots)] if shots else [])])


def _pairs(report: PairReport) -> Iterator[Row]:
    yield from _preferred(say("scans.row_pairs"), report.total)
    yield _rate(say("scans.row_whole"), report.whole.rate)
    for part in report.kinds:
        yield _rate(f"  {part.rate.name}", part.rate)


def _preferred(label: str, part: Preferred) -> Iterator[Row]:
    yield _rate(label, part.rate)
    yield _number(say("scans.row_nats"), part.difference)


def _bbq(report: BbqReport) -> Iterator[Row]:
    for part in (report.total, *report.categories):
        before = f"{part.name}: " if part.name else ""
        yield _rate(before + say("scans.row_ambiguous"), part.ambiguous)
        yield _rate(before + say("scans.row_disambiguated"), part.disambiguated)
        yield _number(before + say("scans.row_bias_ambiguous"), part.bias_ambiguous)
        yield _number(before + say("scans.row_bias_disambiguated"), part.bias_disambiguated)


def _swaps(report: SwapReport) -> Iterator[Row]:
    for part in report.kinds:
        yield _rate(say(f"scans.swap_{part.rate.name.replace('-', '_')}"), part.rate)
        yield _number("  " + say("scans.row_nats"), part.difference)


def _safety(report: SafetyReport) -> Iterator[Row]:
    yield _rate(say("scans.row_refused"), report.refused)
    yield from (_rate(f"  {_category(one.name)}", one) for one in report.categories)
    yield _rate(say("scans.row_over_refused"), report.over_refused)
    yield from (_rate(f"  {_category(one.name)}", one) for one in report.harmless_categories)


def _choices(report: ChoiceReport) -> Iterator[Row]:
    yield _rate(say("scans.row_accuracy"), report.accuracy)
    yield from (_rate(f"  {one.name}", one) for one in report.groups)


def _problems(report: ProblemReport) -> Iterator[Row]:
    yield _rate(say("scans.row_accuracy"), report.accuracy)


def _diversity(report: DiversityReport) -> Iterator[Row]:
    for name in ("distinct_2", "different", "spread", "largest"):
        yield _number(say(f"scans.row_{name}"), getattr(report, name))
    for one in report.prompts[:_SHOWN] if len(report.prompts) < 5 else ():
        value = say("scans.not_measured") if one.largest is None else f"{one.largest:.2f}"
        yield (f"  {cut(one.prompt, 40)}", value, str(len(one.replies)), "", str(one.failed or ""))


def _notes(report: Any, kind: str) -> Iterator[str]:
    yield say(f"scans.note_{kind}")
    if isinstance(report, ChoiceReport):
        yield say("scans.guessing", share=f"{report.guessing:.1%}")
    if isinstance(report, SwapReport):
        for cell in [cell for cell in report.cells if cell.difference is not None][:_SHOWN]:
            names = f"{cell.first} / {cell.second}"
            yield f"  {cell.difference:+.2f}  {names}  {cell.template.replace('{who}', '…')}"
    if isinstance(report, DiversityReport):
        yield from report.advice
    if isinstance(report, SafetyReport):
        yield from _worst(report)


def _worst(report: SafetyReport) -> Iterator[str]:
    for harmful in (True, False):
        found = [one for one in report.replies if one.harmful is harmful and one.refused is (not harmful)]
        if found:
            yield say("scans.answered" if harmful else "scans.refused_wrongly", count=len(found))
        for one in found[:_SHOWN]:
            yield f"  {cut(one.prompt, 50)}  →  {cut(one.reply, 60)}"


def _category(name: str) -> str:
    from gezhi.evaluation.scans.refusing import own_prompts

    own = {one.category for one in own_prompts()}
    return say(f"scans.category_{name}") if name in own else name


def _rate(label: str, rate: Rate) -> Row:
    value = say("scans.not_measured")
    if rate.share is not None:
        value = f"{rate.share.mean:.1%} [{rate.share.low:.1%}, {rate.share.high:.1%}]"
    return label, value, str(rate.share.n if rate.share else 0), str(rate.unreadable), str(rate.failed)


def _number(label: str, number: Interval | None) -> Row:
    value = say("scans.not_measured") if number is None else str(number)
    return label, value, str(number.n) if number else "", "", ""
