from __future__ import annotations

import pytest

from evaluation.scans.scripted import Unigrams
from gezhi.core.errors import ModelError, ModelTimeout
from gezhi.evaluation.scans.asking import ScanOptions
from gezhi.evaluation.scans.choosing import letter_in, scan_choices
from gezhi.evaluation.scans.questions import Choice
from gezhi.models.fake import FakeChat

CITIES = ("Shanghai", "Beijing", "Guangzhou", "Shenzhen")


@pytest.mark.parametrize(
    ("reply", "letter"),
    [
        ("B", "B"), ("b", None), ("(B)", "B"), ("B.", "B"), ("**B**", "B"), ("“B”", "B"), ("Ｂ", "B"), ("【B】", "B"),
        ("B. Beijing", "B"), ("B) Beijing is the capital", "B"), ("B、北京", "B"), ("B\n因为北京是首都", "B"),
        ("答案：B", "B"), ("答案是B。", "B"), ("正确答案为 **C**", "C"), ("正确选项是（D）", "D"), ("故选B", "B"),
        ("应选择B", "B"), ("我选择C选项", "C"), ("所以答案应为：B", "B"),
        ("The answer is B.", "B"), ("The correct answer is (C).", "C"), ("Answer: **D**", "D"), ("answer: b", None),
        ("I choose option A because it is big.", "A"), ("The best option is B", "B"),
        ("首先看A，上海不是首都；B 是首都。因此答案是 B", "B"),
        ("答案是A……不对，上海不是首都。答案是B。", "B"),
        ("Option A is wrong. The answer is C.", "C"),
        ("Beijing", "B"), ("  beijing. ", "B"), ("It must be D, of course", "D"),
        ("A 和 B 都有可能", None), ("I do not know.", None), ("A city in the north", None), ("", None),
        ("E", None), ("答案是E", None), ("上海", None), ("ABCD", None), ("Because it is a big city", None),
    ],
)  # fmt: skip
def test_the_letter_of_a_reply(reply: str, letter: str | None) -> None:
    assert letter_in(reply, CITIES) == (None if letter is None else "ABCD".index(letter))


def question(name: str, right: int, group: str = "", zh: bool = False) -> Choice:
    return Choice(id=name, question="首都是？" if zh else "Capital?", options=CITIES, right=right, group=group)


def test_the_likeliest_letter_is_chosen() -> None:
    model = Unigrams({"A": -3.0, "B": -1.0, "C": -2.0, "D": -4.0})
    report = scan_choices(model, [question("1", 1, "x"), question("2", 1, "x"), question("3", 2, "y")])
    assert report.by == "logprobs"
    assert report.accuracy.share is not None
    assert report.accuracy.share.mean == pytest.approx(2 / 3)
    assert 0 < report.accuracy.share.low < 2 / 3 < report.accuracy.share.high < 1
    assert [(part.name, part.share and part.share.n) for part in report.groups] == [("x", 2), ("y", 1)]
    assert report.guessing == 0.25
    assert {text for _, text in model.asked} == {" A", " B", " C", " D"}
    assert all(prompt.endswith("D. Shenzhen\nAnswer:") for prompt, _ in model.asked)


def test_letters_of_chinese_questions_have_no_blank_before_them() -> None:
    model = Unigrams({"B": -1.0})
    scan_choices(model, [question("1", 1, zh=True)])
    assert {text for _, text in model.asked} == {"A", "B", "C", "D"}
    assert model.asked[0][0].endswith("答案：")


def test_two_letters_equally_likely_choose_none() -> None:
    report = scan_choices(Unigrams({"A": -1.0, "B": -1.0}), [question("1", 0)])
    assert (report.accuracy.share, report.accuracy.unreadable) == (None, 1)


def test_replies_are_read_and_the_unreadable_and_failed_counted_apart() -> None:
    model = FakeChat(["B", "答案是A", "who knows", ModelTimeout("models.empty_reply", model="m")])
    report = scan_choices(model, [question(str(i), 1) for i in range(4)], ScanOptions(parallel=1))
    assert report.by == "generation"
    assert report.accuracy.share is not None
    assert (report.accuracy.share.mean, report.accuracy.share.n) == (0.5, 2)
    assert (report.accuracy.unreadable, report.accuracy.failed) == (1, 1)
    assert [one.chosen for one in report.asked] == [1, 0, None, None]
    assert report.asked[3].error


def test_shots_are_shown_and_not_asked() -> None:
    model = FakeChat(["B"], repeat=True)
    report = scan_choices(model, [question("1", 3), question("2", 1), question("3", 1)], ScanOptions(shots=1))
    assert (len(report.asked), report.shots) == (2, 1)
    content = model.calls[0].messages[-1].content
    assert "Answer: D\n\nCapital?" in content
    assert content.count("Capital?") == 2


def test_a_limit_draws_the_same_sample_again() -> None:
    asked = [question(str(i), 1) for i in range(50)]
    once, again, other = (
        scan_choices(Unigrams({"B": -1.0}), asked, ScanOptions(limit=5, seed=seed)).asked for seed in (1, 1, 2)
    )
    assert [one.id for one in once] == [one.id for one in again] != [one.id for one in other]


def test_where_all_fails_the_reason_is_raised() -> None:
    with pytest.raises(ModelError):
        scan_choices(Unigrams(fail="Capital"), [question("1", 1), question("2", 1)])
