"""Reports: what was measured, as one HTML file that needs nothing else, in Chinese or English, and as JUnit XML.

`content` says what a report is made of, `page` writes it as HTML; `exams`, `comparisons` and `gates` put reports
together from plain `values`; `figures` draws. Nothing is computed here but counts: numbers come with their intervals.
Names are loaded when asked for: matplotlib and jinja2 are not imported by a program that only imports this package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gezhi.evaluation.report.comparisons import comparison_report
    from gezhi.evaluation.report.content import Report
    from gezhi.evaluation.report.exams import exam_report
    from gezhi.evaluation.report.gates import gate_report
    from gezhi.evaluation.report.junit_xml import junit
    from gezhi.evaluation.report.page import to_html, write

__all__ = ["Report", "comparison_report", "exam_report", "gate_report", "junit", "to_html", "write"]

_MODULES = {
    "Report": "content",
    "comparison_report": "comparisons",
    "exam_report": "exams",
    "gate_report": "gates",
    "junit": "junit_xml",
    "to_html": "page",
    "write": "page",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
