"""What the support model looks at."""

from __future__ import annotations

from gezhi.evaluation.quality.support_features import ACROSS, WORDS, compared


def test_a_copy_has_nothing_new() -> None:
    item = compared("公司成立于1998年。", ["公司成立于1998年。总部位于上海。"])
    assert item.model == "words"
    assert item.features == {"copied": 1.0, "new_run": 0.0, "new_words": 0.0}
    assert set(item.features) == set(WORDS)


def test_values_written_otherwise_are_not_new() -> None:
    item = compared("公司有12,000名员工。", ["公司有1.2万名员工。"])
    assert item.conflicts == ()
    assert item.features["copied"] == 1.0


def test_what_is_new_is_counted() -> None:
    item = compared("公司成立于1998年，主要生产自行车和摩托车。", ["公司成立于1998年。"])
    assert item.features["new_run"] > 0.5
    assert item.features["new_words"] > 0.4


def test_across_languages_there_are_only_values_to_count() -> None:
    item = compared("It was founded in 1998 with 12 staff.", ["公司成立于1998年，有12名员工。"])
    assert (item.model, item.crosses) == ("across", True)
    assert set(item.features) == set(ACROSS)


def test_windows_are_the_nearest_sentences_and_the_whole_where_it_is_short() -> None:
    quotes = ["甲公司生产汽车。乙公司生产飞机。丙公司生产轮船。丁公司成立于1998年。"]
    item = compared("丁公司成立于1998年。", quotes)
    assert "丁公司成立于1998年。" in item.windows
    assert quotes[0] in item.windows
    assert len(item.windows) == 4
    assert compared("丁公司。", []).windows == ()
