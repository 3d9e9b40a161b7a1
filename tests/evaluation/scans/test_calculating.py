from __future__ import annotations

import pytest

from gezhi.core.errors import ExamError, ModelTimeout
from gezhi.evaluation.scans.asking import ScanOptions
from gezhi.evaluation.scans.calculating import number_in, scan_problems
from gezhi.evaluation.scans.questions import Problem, problems, read_records
from gezhi.models.fake import FakeChat
from shared_data import shared


@pytest.mark.parametrize(
    ("reply", "number"),
    [
        ("16 - 3 - 4 = 9, 9 * 2 = 18\n#### 18", 18),
        ("#### $1,234.50", 1234.5),
        ("####-7", -7),
        ("#### 18 dollars.", 18),
        ("#### 18\n\nNext problem: 3 cows\n#### 3", 18),
        ("#### 十八", 18),
        ("\\boxed{42} is it", 42),
        ("The answer is 18 dollars (9 for each of 2).", 18),
        ("Therefore 9 * 2 = 18", 18),
        ("The final answer is: **$18**", 18),
        ("答案是18元。", 18),
        ("答案：十八", 18),
        ("所以一共是 3 × 6 = 18 个", 18),
        ("答案为1.2万", 12000),
        ("所以结果是负3", -3),
        ("She earns $18 every day from one market.", 18),
        ("eighteen", 18),
        ("a total of twenty-four", 24),
        ("答案是\n\n二百五十", 250),
        ("1,000", 1000),
        ("3.5 million", 3_500_000),
        ("x = -4", -4),
        ("9-4", 4),
        ("I do not know", None),
        ("", None),
        ("####", None),
        ("十几个", None),
    ],
)
def test_the_number_of_a_reply(reply: str, number: float | None) -> None:
    found = number_in(reply)
    assert found == (None if number is None else pytest.approx(number))


def test_accuracy_counts_only_what_can_be_read() -> None:
    asked = [Problem(id=str(i), question="What is 2+3?", answer="2+3=<<2+3=5>>5\n#### 5") for i in range(5)]
    model = FakeChat(["#### 5.0", "#### 6", "no idea", ModelTimeout("models.empty_reply", model="m")])
    report = scan_problems(model, asked, ScanOptions(parallel=1, shots=1))
    assert report.accuracy.share is not None
    assert (report.accuracy.share.mean, report.accuracy.share.n) == (0.5, 2)
    assert (report.accuracy.unreadable, report.accuracy.failed) == (1, 1)
    worked = model.calls[0].messages[1]
    assert worked.role == "assistant"
    assert worked.content == "2+3=5\n#### 5"


def test_the_prompt_is_in_the_language_of_the_problem() -> None:
    model = FakeChat(["#### 5"])
    scan_problems(model, [Problem(id="1", question="二加三等于几？", answer="#### 5")])
    assert "逐步" in model.calls[0].messages[-1].content


def test_a_problem_without_a_number_is_refused() -> None:
    with pytest.raises(ExamError, match="problem 7 holds no number"):
        scan_problems(FakeChat([]), [Problem(id="7", question="?", answer="#### none")])


def test_every_reference_of_gsm8k_is_read_as_its_number() -> None:
    asked = problems(read_records(shared("gsm8k_test.jsonl")))
    assert len(asked) == 1319
    for one in asked:
        written = one.answer.rpartition("####")[2].strip().replace(",", "")
        assert number_in(one.answer) == float(written), one.answer
