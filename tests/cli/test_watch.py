"""`gezhi watch`, and how commands of two words are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from evaluation.watch.answers import answer
from gezhi.evaluation.watch import Watch

Command = Callable[..., tuple[int, str, str]]
Json = Callable[..., Any]
pytestmark = pytest.mark.xdist_group("cli")


@pytest.fixture
def week(own_home: object) -> datetime:
    """A week of answers, twenty a day, half of the last day refused."""
    now = datetime.now(UTC)
    with Watch.open() as watch:
        for day in range(7):
            for number in range(20):
                refused = "nothing_relevant" if day == 0 and number % 2 else None
                one = answer(f"{day}-{number:02}", refused=refused)  # type: ignore[arg-type]
                watch.record(one, at=now - timedelta(days=day, minutes=number))
    return now


def test_an_empty_store_says_how_answers_get_there(gezhi: Command) -> None:
    assert "gezhi ask" in gezhi("watch", "report")[1]
    code, out, err = gezhi("--lang", "zh", "watch", "report")
    assert (code, err) == (0, "")
    assert "还没有回答记录" in out


def test_the_report_shows_days_and_checks(gezhi: Command, week: datetime) -> None:
    code, out, _ = gezhi("watch", "report")
    assert code == 0
    assert f"{week.astimezone():%Y-%m-%d}" in out
    assert "Share refused" in out
    assert "fine" in out
    code, out, _ = gezhi("watch", "--lang", "zh", "report", "--since", "5h", "--by", "hour")
    assert "拒答率" in out
    assert "50.0%" in out
    assert all(len(line.encode("gbk", "replace")) <= 80 for line in out.splitlines())


def test_the_report_as_json_and_for_prometheus(gezhi: Command, gezhi_json: Json, week: datetime) -> None:
    report = gezhi_json("watch", "report", "--since", "5h", "--reference", "3d")
    assert report["total"]["refusal_rate"] == pytest.approx(0.5)
    assert {drift["reference"] for drift in report["drift"]} == {60}
    assert next(verdict for verdict in report["verdicts"] if verdict["name"] == "refused")["state"] == "too_few"
    strict = gezhi_json("watch", "report", "--since", "5h", "--set", "watch.alert.answers=10")
    assert next(verdict for verdict in strict["verdicts"] if verdict["name"] == "refused")["state"] == "unsure"
    _, out, _ = gezhi("watch", "report", "--prometheus")
    assert "gezhi_answers" in {family.name for family in text_string_to_metric_families(out)}


def test_a_time_without_answers_says_where_they_are(gezhi: Command, week: datetime) -> None:
    code, out, _ = gezhi("watch", "report", "--since", "2020-01-01", "--until", "2020-02-01")
    assert code == 0
    assert "--since 1d" in out


def test_thumbs_are_noted(gezhi: Command, gezhi_json: Json, week: datetime) -> None:
    assert gezhi("watch", "thumb", "3-0", "down")[0] == 1
    assert gezhi_json("watch", "thumb", "3-05", "down", "--reason", "打13800138000") == {"id": "3-05", "up": False}
    assert "answer 6-19 was good" in gezhi("watch", "thumb", "last", "up")[1]
    _, out, _ = gezhi("watch", "report")
    assert "3-05" in out
    assert "[phone]" in out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["watch", "repotr"], 2, "Did you mean 'watch report'? See all of them:  gezhi watch --help"),
        (["wacth", "report"], 2, "Did you mean 'watch'?"),
        (["watch", "report", "--sinc", "7d"], 2, "Did you mean '--since'? See:  gezhi watch report --help"),
        (["watch", "report", "--since", "soon"], 2, "7d, 24h or 2w"),
        (["watch", "report", "--reference", "2026-01-01"], 2, "7d, 24h or 2w"),
        (["watch", "report", "--since", "1d", "--until", "2d"], 2, "is not before"),
        (["watch", "report", "--by", "week"], 2, "week"),
        (["watch", "report", "--set", "watch.keep=some"], 2, "keep"),
        (["watch", "report", "--set", "watch.alert.refused=2"], 2, "refused"),
        (["watch", "thumb"], 2, "gezhi watch thumb --help"),
        (["watch", "thumb", "last", "sideways"], 2, "sideways"),
        (["watch", "thumb", "nosuch", "up"], 1, "gezhi ask"),
    ],
)
def test_mistakes_are_one_sentence(gezhi: Command, arguments: list[str], code: int, says: str) -> None:
    found, _, err = gezhi(*arguments)
    assert found == code
    assert says in err
    assert err.count("\n") == 1


def test_a_group_lists_its_commands(gezhi: Command) -> None:
    for arguments in (["watch"], ["watch", "--help"], ["--lang", "en", "watch"]):
        code, out, _ = gezhi(*arguments)
        assert code == 0
        assert "report" in out
        assert "thumb" in out
    assert "watch" in gezhi("--help")[1]
