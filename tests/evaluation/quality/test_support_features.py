"""What the support model looks at."""

from __future__ import annotations

from gezhi.evaluation.quality.support_features import compared


def test_a_copy_has_nothing_new() -> None:
    item = compared("公司成立于1998年。", ["公司成立于1998年。总部位于上海。"])
    assert item.model == "words"
    assert item.features == {"new": 0.0}


def test_values_written_otherwise_are_not_new() -> None:
    item = compared("公司有12,000名员工。", ["公司有1.2万名员工。"])
    assert (item.conflicts, item.features) == ((), {"new": 0.0})


def test_the_worst_clause_counts() -> None:
    quote = "公司成立于1998年，总部位于上海市浦东新区张江路。"
    whole = compared(quote, [quote])
    longer = compared("公司成立于1998年，总部位于上海市浦东新区张江路，主要生产自行车。", [quote])
    assert whole.features["new"] == 0.0
    assert longer.features["new"] == longer.parts["主要生产自行车。"] > 1
    assert longer.parts[longer.sentence] < 0.7
    assert len(longer.parts) == 4


def test_across_languages_there_are_only_values_to_count() -> None:
    item = compared("It was founded in 1998 with 12 staff.", ["公司成立于1998年，有12名员工。"])
    assert (item.model, item.crosses) == ("across", True)
    assert item.features == {"values": 2 / 3}


def test_windows_are_the_nearest_sentences_and_the_whole_where_it_is_short() -> None:
    quotes = ["甲公司生产汽车。乙公司生产飞机。丙公司生产轮船。丁公司成立于1998年。"]
    item = compared("丁公司成立于1998年。", quotes)
    assert "丁公司成立于1998年。" in item.windows
    assert quotes[0] in item.windows
    assert len(item.windows) == 4
    assert compared("丁公司。", []).windows == ()
