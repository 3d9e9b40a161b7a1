"""JUnit XML in the form that build servers read."""

from __future__ import annotations

import pytest
from lxml import etree

from evaluation.report import sample
from gezhi.core.catalogue import Language
from gezhi.evaluation.report import junit
from gezhi.evaluation.report.values import Passing

# What the readers of Jenkins and Surefire agree on, in RELAX NG: attributes of counts are numbers, the order is fixed.
FORM = etree.RelaxNG(
    etree.XML("""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="testsuites"><ref name="counts"/><oneOrMore><element name="testsuite"><ref name="counts"/>
    <element name="properties"><zeroOrMore><element name="property">
      <attribute name="name"/><attribute name="value"/></element></zeroOrMore></element>
    <zeroOrMore><element name="testcase">
      <attribute name="classname"/><attribute name="name"/><attribute name="time"><data type="decimal"/></attribute>
      <optional><choice>
        <element name="failure"><ref name="why"/></element><element name="error"><ref name="why"/></element>
      </choice></optional>
      <optional><element name="system-out"><text/></element></optional>
    </element></zeroOrMore>
    <optional><element name="system-out"><text/></element></optional>
  </element></oneOrMore></element></start>
  <define name="counts">
    <attribute name="name"/><attribute name="time"><data type="decimal"/></attribute>
    <attribute name="tests"><data type="nonNegativeInteger"/></attribute>
    <attribute name="failures"><data type="nonNegativeInteger"/></attribute>
    <attribute name="errors"><data type="nonNegativeInteger"/></attribute>
    <attribute name="skipped"><data type="nonNegativeInteger"/></attribute>
  </define>
  <define name="why"><attribute name="type"/><attribute name="message"/><text/></define>
</grammar>""")
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("results", [("pass",), ("pass", "inconclusive", "regression"), ()])
def test_the_form_is_kept_and_counts_are_true(results: tuple[Passing, ...], language: Language) -> None:
    root = etree.fromstring(junit(sample.gate(*results), language=language).encode())
    FORM.assertValid(root)
    for suite in root.iter("testsuites", "testsuite"):
        assert int(suite.get("tests")) == len(root.findall(".//testcase"))
        assert int(suite.get("failures")) == len(root.findall(".//failure"))
        assert int(suite.get("errors")) == len(root.findall(".//error"))


def test_a_regression_fails_and_a_doubt_is_an_error() -> None:
    root = etree.fromstring(junit(sample.gate("pass", "inconclusive", "regression"), language="en").encode())
    cases = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert cases == {"f1": ["system-out"], "recall@8": ["error"], "引用准确率": ["failure"]}
    assert root.find(".//failure").get("message") == "Regression: 区间 & limit <引用准确率>"
    assert "is worse" in root.find(".//failure").text


def test_a_gate_without_conditions_is_not_green() -> None:
    assert len(etree.fromstring(junit(sample.gate(), language="en").encode()).findall(".//error")) == 1


def test_what_xml_cannot_hold_is_replaced() -> None:
    root = etree.fromstring(junit(sample.gate("pass"), language="zh").encode())
    assert root.find("testsuite/system-out").text == "一条备注 \ufffd"
