"""How the quality report looks in a terminal: a line a finding, worst first, and nothing about what is fine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from gezhi.cli.present import cut, short
from gezhi.core.catalogue import say

if TYPE_CHECKING:
    from gezhi.documents.quality import QualityReport

_SHOWN = 10
"""Findings of one kind; `--json` has them all."""


def show_quality(report: QualityReport, console: Console) -> None:
    """Print the report."""
    for title, findings in _sections(report):
        console.print(Text(say(f"cli.quality_{title}", count=len(findings)), style="bold" if findings else "green"))
        for line in findings[:_SHOWN]:
            console.print(Text(f"  {line}"))
        if len(findings) > _SHOWN:
            console.print(Text("  " + say("cli.quality_more", count=len(findings) - _SHOWN), style="dim"))
    lengths = report.chunk_lengths
    console.print(Text(say("cli.quality_lengths"), style="bold"))
    console.print(
        Text(
            "  "
            + say("cli.quality_quantiles", least=lengths.least, p25=lengths.p25, p50=lengths.p50, p75=lengths.p75,
                  most=lengths.most, short=lengths.too_short, long=lengths.too_long, repeated=report.repeated_chunks)
        )
    )  # fmt: skip


def _sections(report: QualityReport) -> Iterator[tuple[str, list[str]]]:
    pairs = report.near_duplicates
    yield "duplicates", [f"{pair.similarity:.2f}  {short(pair.source)}  ≈  {short(pair.other)}" for pair in pairs]
    yield "garbled", [f"{found.value:.1%}  {short(found.source)}" for found in report.garbled]
    yield "boilerplate", [f"{line.documents} ×  {cut(line.text, 80)}" for line in report.boilerplate]
    if report.recognised:
        yield "unsure", [f"{found.value:.2f}  {short(found.source)}" for found in report.unsure]
