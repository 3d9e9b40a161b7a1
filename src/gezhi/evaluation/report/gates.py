"""The report of a gate: may the candidate take the baseline's place?"""

from __future__ import annotations

from gezhi.core.catalogue import Language, current_language, say, speaking
from gezhi.evaluation.report import comparisons, parts
from gezhi.evaluation.report.content import Cell, Column, Report, Section, Table, Text, Tone
from gezhi.evaluation.report.values import Check, Gate, Passing, difference_text

TONES: dict[Passing, Tone] = {"pass": "good", "regression": "bad", "inconclusive": "warn"}


def gate_report(gate: Gate, *, language: Language | None = None) -> Report:
    """The verdict, each condition with its reason, the differences behind them."""
    with speaking(language or current_language()):
        environment = tuple(parts.environment_tables(gate.environment))
        changes = [check.change for check in gate.checks]
        reasons = (Text(label=check.change.name, text=check.reason) for check in gate.checks)
        sections = (
            Section(title=say("report.checks"), lead=say("report.checks_lead"), blocks=(_table(gate), *reasons)),
            *((comparisons.change_section(changes),) if changes else ()),
            *((Section(title=say("report.environment"), blocks=environment),) if environment else ()),
        )
        return Report(
            title=say("report.gate_title", exam=gate.name, baseline=gate.baseline, candidate=gate.candidate),
            language=current_language(),
            headline=say(f"report.gate_{gate.result}"),
            lead=say(f"report.gate_{gate.result}_lead"),
            tone=TONES[gate.result],
            notices=tuple(gate.notes),
            sections=sections,
        )


def _table(gate: Gate) -> Table:
    titles = ("metric", "gate_result", "difference", "margin")
    most = parts.widest(
        [check.change for check in gate.checks], max((check.margin for check in gate.checks), default=0)
    )
    return Table(
        caption=say("report.checks_caption"),
        columns=tuple(Column(title=say(f"report.{name}"), numbers=name == "margin") for name in titles),
        rows=tuple(_row(check, most) for check in gate.checks),
        note=say("report.checks_note"),
    )


def _row(check: Check, most: float) -> tuple[Cell, ...]:
    change = check.change
    limit = -check.margin if change.higher_is_better else check.margin
    return (
        Cell(text=change.name, detail="" if change.higher_is_better else say("report.lower_is_better")),
        Cell(text=say(f"report.gate_{check.result}"), tone=TONES[check.result]),
        parts.difference_cell(change, most, limit),
        Cell(text=difference_text(check.margin, change.unit).removeprefix("+")),
    )
