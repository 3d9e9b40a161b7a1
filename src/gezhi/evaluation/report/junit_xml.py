"""A gate as JUnit XML, in the form that Jenkins, GitLab and Maven Surefire read: a test case a condition.

A regression is a failure; a doubt is an error, for the test came to no end: either turns the build red.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from gezhi.core.catalogue import Language, current_language, say, speaking
from gezhi.core.unicode import well_formed
from gezhi.evaluation.report.values import Check, Gate, verdict_text

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def junit(gate: Gate, *, language: Language | None = None) -> str:
    """The document, to be written as UTF-8."""
    with speaking(language or current_language()):
        results = [check.result for check in gate.checks] or [gate.result]
        counts = {
            "tests": str(len(results)),
            "failures": str(results.count("regression")),
            "errors": str(results.count("inconclusive")),
            "skipped": "0",
            "time": _seconds(sum(check.seconds for check in gate.checks)),
        }
        suites = Xml.Element("testsuites", {"name": "gezhi", **counts})
        suite = Xml.SubElement(suites, "testsuite", {"name": _clean(gate.name), **counts})
        properties = Xml.SubElement(suite, "properties")
        told = {"baseline": gate.baseline, "candidate": gate.candidate, "result": gate.result}
        told |= {
            f"{group}.{name}": value for group, values in gate.environment.items() for name, value in values.items()
        }
        for name, value in told.items():
            Xml.SubElement(properties, "property", {"name": _clean(name), "value": _clean(value)})
        for check in gate.checks:
            _case(suite, gate, check)
        if not gate.checks:
            _nothing(suite, gate)
        Xml.SubElement(suite, "system-out").text = _clean("\n".join(gate.notes))
    Xml.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(suites, encoding="unicode")}\n'


def _case(suite: Xml.Element, gate: Gate, check: Check) -> None:
    where = {"classname": _clean(f"gezhi.gate.{gate.name}"), "name": _clean(check.change.name)}
    case = Xml.SubElement(suite, "testcase", {**where, "time": _seconds(check.seconds)})
    told = _clean(f"{check.reason}\n{verdict_text(check.change)}")
    if check.result == "pass":
        Xml.SubElement(case, "system-out").text = told
        return
    kind = "failure" if check.result == "regression" else "error"
    headline = say(f"report.gate_{check.result}")
    about = {"type": check.result, "message": _clean(f"{headline}: {check.reason}")}
    Xml.SubElement(case, kind, about).text = told


def _nothing(suite: Xml.Element, gate: Gate) -> None:
    """A gate without a condition decides nothing: an empty suite would turn the build green."""
    names = {"classname": _clean(f"gezhi.gate.{gate.name}"), "name": "conditions", "time": _seconds(0)}
    about = {"type": gate.result, "message": say(f"report.gate_{gate.result}_lead")}
    Xml.SubElement(Xml.SubElement(suite, "testcase", names), "error", about)


def _seconds(value: float) -> str:
    return f"{value:.3f}"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", well_formed(text))
