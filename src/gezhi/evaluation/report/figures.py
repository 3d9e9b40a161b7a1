"""Drawings for reports, made by matplotlib, as SVG that takes colours and fonts from the page around it.

matplotlib measures texts with fonts that have no Chinese, so it draws placeholders of about the right width; the words
are put in afterwards, and the reader's browser sets them. Colours are those of the page, in light and in dark, and
no figure tells things apart by colour alone.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator, PercentFormatter

from gezhi.core.catalogue import say
from gezhi.evaluation.report.values import Change, Reliability, RiskCoverage, unit_text

_INK, _GRID, _FIRST, _SECOND = "#0a0b01", "#0a0b02", "#0a0b03", "#0a0b04"
_COLOURS = {_INK: "currentColor", _GRID: "var(--grid)", _FIRST: "var(--series-1)", _SECOND: "var(--series-2)"}
"""What matplotlib is told to what the page reads."""
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none", "font.size": 10, "axes.titlesize": 10, "text.color": _INK, "axes.labelcolor": _INK,
    "axes.edgecolor": _INK, "xtick.color": _INK, "ytick.color": _INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.linewidth": 0.8, "axes.grid": True, "grid.color": _GRID, "grid.linewidth": 0.8,
    "axes.axisbelow": True, "legend.frameon": False, "legend.fontsize": 9, "hatch.color": _INK,
    "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
}  # fmt: skip
_WIDTH = 4.6
"""Inches: 331 points, about what a phone shows at full size, so that letters stay letters there."""


class _Words:
    """Placeholders for texts, put back once the drawing is made."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def __call__(self, text: str) -> str:
        self._texts.append(text)
        head = f"q{len(self._texts) - 1}q"
        # In ems of DejaVu Sans: a Chinese character is 1 wide, a Latin letter about 0.6, "q" 0.63, "m" 0.97.
        wide = sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.6 for letter in text)
        return head + "m" * math.ceil((wide - 0.63 * len(head)) / 0.97)

    def fill(self, svg: str) -> str:
        return re.sub(r">q(\d+)qm*<", lambda found: f">{escape(self._texts[int(found[1])])}<", svg)


Paint = Callable[[Axes, _Words], None]


def risk_coverage(curve: RiskCoverage) -> str:
    """Share of wrong answers (0 to 1) over the share of questions answered, the surest first."""

    def paint(axes: Axes, words: _Words) -> None:
        axes.plot(curve.coverage, curve.risk, color=_FIRST, linewidth=2, label=words(say("report.risk_this")))
        axes.axhline(curve.constant, color=_SECOND, linewidth=1.5, linestyle="--",
                     label=words(say("report.risk_constant")))  # fmt: skip
        axes.set_xlim(0, 1)
        axes.set_ylim(0, _above(max([*curve.risk, curve.constant])))
        _percent(axes, "xy")
        _label(axes, words, say("report.risk_x"), say("report.risk_y"))
        axes.legend(loc="best")

    return _drawn("risk", paint)


def reliability(bins: Reliability) -> str:
    """How often answers are right over how sure the system was, a point a bin with its interval."""

    def paint(axes: Axes, words: _Words) -> None:
        axes.plot([0, 1], [0, 1], color=_SECOND, linewidth=1.5, linestyle="--",
                  label=words(say("report.reliability_ideal")))  # fmt: skip
        right = np.asarray(bins.right, float)
        around = np.abs([right - np.asarray(bins.low, float), np.asarray(bins.high, float) - right])
        axes.errorbar(bins.confidence, right, yerr=around, color=_FIRST, marker="o", markersize=5, linewidth=0,
                      elinewidth=1.5, label=words(say("report.reliability_this")))  # fmt: skip
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
        _percent(axes, "xy")
        _label(axes, words, say("report.reliability_x"), say("report.reliability_y"))
        axes.legend(loc="best")

    return _drawn("reliability", paint)


def distribution(name: str, values: Sequence[float], *, share: bool) -> str:
    """How many items got which score.

    Args:
        name: Of the metric.
        values: At least one.
        share: Whether they lie in 0 to 1.
    """

    def paint(axes: Axes, words: _Words) -> None:
        counts, edges = np.histogram(values, bins=20, range=(0, 1) if share else None)
        axes.bar(edges[:-1], counts, width=0.9 * np.diff(edges), align="edge", color=_FIRST, edgecolor="none")
        if share:
            axes.set_xlim(-0.02, 1.02)
            _percent(axes, "x")
        axes.grid(visible=False, axis="x")
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        _label(axes, words, name, say("report.distribution_y"))

    return _drawn(f"distribution-{name}", paint, height=2.3)


def differences(changes: Sequence[Change]) -> str:
    """Each metric's difference with its interval, a line a metric; metrics of one unit, none without an interval."""

    def paint(axes: Axes, words: _Words) -> None:
        axes.axvline(0, color=_SECOND, linewidth=1.5, linestyle="--")
        found = [(change, change.difference) for change in changes if change.difference is not None]
        for row, (_, interval) in enumerate(found):
            around = [[interval.mean - interval.low], [interval.high - interval.mean]]
            axes.errorbar([interval.mean], [row], xerr=np.abs(around), color=_FIRST, marker="o", markersize=6,
                          elinewidth=2, linewidth=0)  # fmt: skip
        axes.set_yticks(range(len(found)), [words(change.name) for change, _ in found])
        axes.set_ylim(len(found) - 0.5, -0.5)
        axes.grid(visible=False, axis="y")
        if all(change.unit == "share" for change in changes):
            axes.xaxis.set_major_formatter(lambda value, _: unit_text(value, "points"))
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
        axes.set_xlabel(words(say("report.difference_x")))

    return _drawn("differences", paint, height=0.9 + 0.34 * len(changes))


def _drawn(name: str, paint: Paint, *, height: float = 3.1) -> str:
    words = _Words()
    with rc_context({**_STYLE, "svg.hashsalt": name}):
        canvas = Canvas(figsize=(_WIDTH, height), layout="constrained")
        paint(canvas.subplots(), words)
        out = io.StringIO()
        canvas.savefig(out, format="svg", metadata={"Date": None})
    return words.fill(_inline(out.getvalue(), re.sub(r"\W", lambda found: f"{ord(found[0]):x}", name)))


def _inline(svg: str, name: str) -> str:
    """The drawing without what only a file of its own needs, its ids apart from those of other drawings."""
    svg = svg[svg.index("<svg") :]
    # Its style sheet speaks of all elements: inside a page it would reach beyond the drawing.
    svg = re.sub(r"<(metadata|style)\b.*?</\1>", "", svg, flags=re.DOTALL)
    svg = re.sub(
        r"<svg [^>]*?(viewBox=\"[^\"]*\")[^>]*>", r'<svg \1 aria-hidden="true" focusable="false">', svg, count=1
    )
    svg = svg.replace("xlink:href", "href")
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(href="|url\()#', rf"\1#{name}-", svg)
    svg = re.sub(r"font: (?:[\w.]+ )*?([\d.]+px) [^;\"]*", r"font-size: \1", svg)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    for told, read in _COLOURS.items():
        svg = svg.replace(told, read)
    return re.sub(r"\n\s*", "\n", svg).strip()


def _label(axes: Axes, words: _Words, x: str, y: str) -> None:
    axes.set_xlabel(words(x))
    axes.set_ylabel(words(y))


def _percent(axes: Axes, which: str) -> None:
    for letter in which:
        getattr(axes, f"{letter}axis").set_major_formatter(PercentFormatter(1, decimals=0, symbol="%"))


def _above(highest: float) -> float:
    return min(1.0, highest * 1.15) or 1.0
