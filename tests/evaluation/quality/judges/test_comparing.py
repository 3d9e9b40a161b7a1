from __future__ import annotations

import json
from typing import Any

import pytest

from gezhi.core.errors import ModelTimeout
from gezhi.evaluation.quality.judges.asking import Failure, JudgeOptions
from gezhi.evaluation.quality.judges.comparing import Pair, PairJudge, Preference
from gezhi.models.fake import FakeChat

PAIR = Pair(question="保修期是多久？", a="两年。", b="五年。", references=("24个月",))


def says(better: Any) -> str:
    return json.dumps({"reason": "…", "better": better})


def judged(*replies: Any) -> tuple[Preference | Failure, FakeChat]:
    model = FakeChat([reply if len(str(reply)) > 3 else says(reply) for reply in replies])
    return PairJudge(model).compare(PAIR), model


@pytest.mark.parametrize(
    ("first", "second", "winner", "swapped"),
    [
        ("1", "2", "a", False),
        ("2", "1", "b", False),
        ("tie", "tie", "tie", False),
        ("1", "1", "tie", True),
        ("2", "2", "tie", True),
        ("1", "tie", "tie", True),
    ],
)
def test_only_what_both_orders_say_wins(first: str, second: str, winner: str, swapped: bool) -> None:
    found, model = judged(first, second)
    assert isinstance(found, Preference)
    assert (found.winner, found.swapped, found.places) == (winner, swapped, (first, second))
    shown = [call.messages[-1].content for call in model.calls]
    assert shown[0].index("两年") < shown[0].index("五年")
    assert shown[1].index("五年") < shown[1].index("两年")


@pytest.mark.parametrize("better", [1, "A", "3", None, True, ["1"]])
def test_other_verdicts_are_failures(better: Any) -> None:
    found, model = judged(says(better), says(better))
    assert isinstance(found, Failure)
    assert found.reason == "wrong_level"
    assert len(model.calls) == 2


def test_one_order_alone_decides_nothing() -> None:
    found, _ = judged(says("1"), ModelTimeout("models.empty_reply", model="m"))
    assert isinstance(found, Failure)
    assert found.reason == "timeout"
    assert found.usage.completion_tokens > 0


def test_the_sum_counts_wins_swaps_and_position() -> None:
    replies = [says(x) for x in ("1", "2", "1", "2", "2", "1", "1", "1", "tie", "tie")] + ["prose", "prose"]
    judge = PairJudge(FakeChat(replies), JudgeOptions(parallel=1))
    results, summed = judge.compare_all([PAIR] * 6)
    assert [one.winner if isinstance(one, Preference) else "failed" for one in results] == [
        "a", "a", "b", "tie", "tie", "failed",
    ]  # fmt: skip
    assert (summed.wins_a, summed.wins_b, summed.ties) == (2, 1, 2)
    assert summed.win_rate_a is not None
    assert summed.win_rate_a.mean == pytest.approx(3 / 5)
    assert summed.swap_rate is not None
    assert (summed.swap_rate.mean, summed.swap_rate.n) == (1 / 5, 5)
    assert summed.first_place is not None
    assert (summed.first_place.mean, summed.first_place.n) == (5 / 8, 8)
    assert summed.tally.failures == {"not_json": 1}
    assert summed.tally.asked == 11


def test_without_verdicts_there_are_no_rates() -> None:
    _, summed = PairJudge(FakeChat(["prose"], repeat=True)).compare_all([PAIR])
    assert (summed.win_rate_a, summed.swap_rate, summed.first_place) == (None, None, None)
    assert summed.tally.failed == 1


def test_the_aspect_is_told() -> None:
    model = FakeChat([says("1"), says("2")])
    PairJudge(model, aspect="哪一份更礼貌").compare(PAIR)
    assert "哪一份更礼貌" in model.calls[0].messages[0].content
