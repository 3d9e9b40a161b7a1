"""`gezhi watch`: live answers by day or hour against thresholds, and thumbs."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from gezhi.evaluation.watch import Figures, Verdict, Watch, WatchReport

_AGO = re.compile(r"(\d{1,5})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_STYLES = {"fine": "green", "unsure": "yellow", "alert": "bold red", "too_few": "dim"}
_MOST_SHOWN = 5
_QUESTION = 30


def report(
    *,
    since: Annotated[str, Parameter(help=say("watch.opt_since"))] = "7d",
    until: Annotated[str, Parameter(help=say("watch.opt_until"))] = "",
    by: Annotated[Literal["day", "hour"], Parameter(help=say("watch.opt_by"))] = "day",
    reference: Annotated[str, Parameter(help=say("watch.opt_reference"))] = "",
    prometheus: Annotated[bool, Parameter(negative="", help=say("watch.opt_prometheus"))] = False,
    common: Common | None = None,
) -> int:
    """Live answers by day or hour."""
    common = common or Common()
    now = datetime.now().astimezone()
    start, end = _moment(since, now), _moment(until, now) if until else now
    if start >= end:
        raise BadOptions("watch.backwards", since=_shown(start), until=_shown(end))
    before = (start - _ago(reference), start) if reference else None
    with _store(common) as store:
        if prometheus:
            sys.stdout.write(store.prometheus())
            return 0
        made, last = store.report(start, end, by, reference=before), store.last()
    if common.json:
        print_json(made)
    elif last is None:
        print(say("watch.empty"))
    elif not made.total.answers:
        longer = f"{(now - last).days + 1}d"
        print(say("watch.none_then", since=_shown(start), until=_shown(end), last=_shown(last), longer=longer))
    else:
        from rich.console import Console

        _show(made, Console(highlight=False))
    return 0


def thumb(
    answer: Annotated[str, Parameter(help=say("watch.arg_answer"))],
    up: Annotated[Literal["up", "down"], Parameter(help=say("watch.arg_thumb"))],
    *,
    reason: Annotated[str, Parameter(help=say("watch.opt_reason"))] = "",
    common: Common | None = None,
) -> int:
    """Say whether an answer was good."""
    common = common or Common()
    with _store(common) as store:
        id_ = store.thumb(answer, up == "up", reason)
    if common.json:
        print_json({"id": id_, "up": up == "up"})
    else:
        print(say(f"watch.thumbed_{up}", id=id_))
    return 0


def _store(common: Common) -> Watch:
    from gezhi.evaluation.watch import Watch
    from gezhi.knowledge.pipeline import load_pipeline

    return Watch.open(options=load_pipeline(common.config, common.set).watch)


def _moment(text: str, now: datetime) -> datetime:
    if _AGO.fullmatch(text):
        return now - _ago(text)
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError) as error:
        raise BadOptions("watch.bad_time", text=text) from error


def _ago(text: str) -> timedelta:
    found = _AGO.fullmatch(text)
    if not found:
        raise BadOptions("watch.bad_time", text=text)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _show(made: WatchReport, console: Console) -> None:
    from gezhi.cli.present import cut

    console.print(say("watch.title", since=_shown(made.since), until=_shown(made.until)), style="bold")
    console.print(_by_time(made))
    console.print()
    console.print(_checks(made))
    reference = [_shown(moment) for moment in made.reference]
    console.print(say("watch.reference", since=reference[0], until=reference[1]), style="dim")
    if made.complaints:
        console.print("\n" + say("watch.complaints"), style="bold")
        for id_, question, reason in made.complaints[:_MOST_SHOWN]:
            line = say("watch.complaint", id=id_, question=cut(question, _QUESTION), reason=cut(reason, _QUESTION))
            console.print(line, markup=False, soft_wrap=True)


def _by_time(made: WatchReport) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say(f"watch.column_{made.by}"), no_wrap=True)
    for name in ("answers", "refused", "supported", "thumbs", "seconds", "confidence", "cosine"):
        table.add_column(say(f"watch.column_{name}"), justify="right")
    for bucket in made.buckets:
        start = f"{bucket.start:%Y-%m-%d}" if made.by == "day" else f"{bucket.start:%m-%d %H:%M}"
        table.add_row(start, *_cells(bucket.figures))
    table.add_row(say("watch.total"), *_cells(made.total), style="bold")
    return table


def _cells(figures: Figures) -> tuple[str, ...]:
    wait = figures.latency.get("total")
    return (
        f"{figures.answers:,}",
        _percent(figures.refusal_rate),
        _percent(figures.support_rate),
        f"{figures.up}/{figures.down}" if figures.up + figures.down else "-",
        f"{wait.p50:.2f}/{wait.p95:.2f}" if wait else "-",
        _number(figures.confidence),
        _number(figures.cosine),
    )


def _checks(made: WatchReport) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("check", "value", "limit", "n", "verdict"):
        table.add_column(say(f"watch.column_{name}"), justify="left" if name in ("check", "verdict") else "right")
    methods = {f"drift.{drift.feature}": drift.method for drift in made.drift}
    for verdict in made.verdicts:
        state = Text(say(f"watch.state_{verdict.state}"), style=_STYLES[verdict.state])
        limit = ("≤ " if _is_bad_above(verdict) else "≥ ") + _measure(verdict, verdict.limit)
        name = _name(verdict.name, methods)
        table.add_row(name, _measure(verdict, verdict.value), limit, f"{verdict.n:,}", state)
    return table


def _name(name: str, methods: Mapping[str, str]) -> str:
    if name not in methods:
        return say(f"watch.check_{name}")
    return say(f"watch.check_{name.replace('.', '_')}", method=say(f"watch.method_{methods[name]}"))


def _is_bad_above(verdict: Verdict) -> bool:
    return verdict.name not in ("supported", "up")


def _measure(verdict: Verdict, value: float | None) -> str:
    return _percent(value) if verdict.name in ("refused", "supported", "up") else _number(value)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
