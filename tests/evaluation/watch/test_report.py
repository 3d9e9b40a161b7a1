from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from evaluation.watch.answers import NOON, answer
from gezhi.core.plain import to_json
from gezhi.evaluation.watch import Thresholds, Verdict, Watch, WatchOptions, WatchReport

DAY = timedelta(days=1)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    with Watch.open(tmp_path, WatchOptions(vectors=True)) as store:
        yield store


def verdicts(report: WatchReport) -> dict[str, Verdict]:
    return {verdict.name: verdict for verdict in report.verdicts}


def test_figures_are_those_of_the_answers(watch: Watch) -> None:
    watch.record(answer("a1", supported=(True, True, False), seconds=1.0), at=NOON)
    watch.record(answer("a2", supported=(True,), dropped=1, seconds=3.0, confidence=0.5), at=NOON + timedelta(hours=1))
    watch.record(answer("a3", refused="not_supported", seconds=2.0, cosine=0.65, confidence=None), at=NOON + DAY)
    watch.thumb("a1", True)
    watch.thumb("a2", False)
    watch.thumb("a3", False)
    report = watch.report(NOON, NOON + 2 * DAY, zone=UTC)
    total = report.total
    assert (total.answers, total.supported, total.unsupported, total.up, total.down) == (3, 3, 2, 1, 2)
    assert total.refused == {"not_supported": 1}
    assert [total.refusal_rate, total.support_rate, total.up_rate] == pytest.approx([1 / 3, 0.6, 1 / 3])
    assert total.confidence == pytest.approx(0.7)
    assert total.cosine == pytest.approx((0.85 + 0.85 + 0.65) / 3)
    assert (total.latency["total"].p50, total.latency["total"].p95) == (2.0, 3.0)
    assert set(total.latency) == {"search", "total"}
    assert [(bucket.start.isoformat(), bucket.figures.answers) for bucket in report.buckets] == [
        ("2026-03-10T00:00:00+00:00", 2),
        ("2026-03-11T00:00:00+00:00", 1),
    ]
    assert [complaint[0] for complaint in report.complaints] == ["a3", "a2"]
    assert json.loads(to_json(report))["buckets"][0]["start"] == "2026-03-10T00:00:00+00:00"


def test_days_and_hours_are_those_of_the_zone(watch: Watch) -> None:
    watch.record(answer("a1"), at=NOON)  # 20:30 in Shanghai
    watch.record(answer("a2"), at=NOON + timedelta(hours=4))  # half past midnight there
    shanghai = timezone(timedelta(hours=8))
    days = watch.report(NOON, NOON + DAY, zone=shanghai).buckets
    hours = watch.report(NOON, NOON + DAY, "hour", zone=shanghai).buckets
    assert [bucket.start.isoformat() for bucket in days] == ["2026-03-10T00:00:00+08:00", "2026-03-11T00:00:00+08:00"]
    assert [bucket.start.hour for bucket in hours] == [20, 0]


def test_nothing_is_made_up_where_nothing_was_measured(watch: Watch) -> None:
    report = watch.report(NOON, NOON + DAY)
    assert report.total.answers == 0
    assert report.buckets == ()
    for value in (report.total.refusal_rate, report.total.support_rate, report.total.up_rate, report.total.cosine):
        assert value is None
    assert all(verdict.value is None and verdict.state == "too_few" for verdict in report.verdicts)


def fill(watch: Watch, name: str, count: int, refused: int, *, at: int = 0, **more: float) -> None:
    for number in range(count):
        one = answer(f"{name}{number}", refused="nothing_relevant" if number < refused else None, **more)  # type: ignore[arg-type]
        watch.record(one, at=NOON + at * DAY + timedelta(seconds=number))


@pytest.mark.parametrize(
    ("count", "refused", "state"),
    [(100, 30, "fine"), (100, 45, "unsure"), (100, 60, "alert"), (20, 20, "too_few"), (1000, 450, "alert")],
)
def test_an_alert_is_beyond_chance(watch: Watch, count: int, refused: int, state: str) -> None:
    fill(watch, "a", count, refused)
    assert verdicts(watch.report(NOON, NOON + DAY))["refused"].state == state


def test_sentences_of_one_answer_are_not_independent(watch: Watch) -> None:
    # 40 answers of 20 sentences: all good, or (6 of them) all bad. As 800 independent ones they would be an alert.
    for number in range(40):
        watch.record(answer(f"a{number}", supported=(number >= 6,) * 20), at=NOON + timedelta(seconds=number))
    verdict = verdicts(watch.report(NOON, NOON + DAY))["supported"]
    assert verdict.value == pytest.approx(0.85)
    assert (verdict.n, verdict.state) == (800, "unsure")


@pytest.mark.parametrize(("slow", "state"), [(3, "fine"), (7, "unsure"), (30, "alert")])
def test_waiting_is_judged_by_how_many_wait_too_long(watch: Watch, slow: int, state: str) -> None:
    fill(watch, "slow", slow, 0, seconds=12.0)
    fill(watch, "quick", 100 - slow, 0, seconds=0.5)
    verdict = verdicts(watch.report(NOON, NOON + DAY))["seconds"]
    assert (verdict.state, verdict.value) == (state, 12.0 if slow > 5 else 0.5)


def test_changed_questions_are_seen_against_the_time_before(watch: Watch) -> None:
    draw, rng = random.Random(0), np.random.default_rng(0)
    days = [("年假有几天？", 0.86, 0), ("年假有几天？", 0.86, 0), ("How do I reset the printer on floor 3?", 0.78, 1)]
    for day, (question, cosine, centre) in enumerate(days):
        for number in range(150):
            vector = rng.normal(0, 0.2, 16)
            vector[centre] += 1
            one = answer(f"{day}-{number}", question * draw.randint(1, 3), cosine=draw.gauss(cosine, 0.02))
            at = NOON + day * DAY + timedelta(minutes=number)
            watch.record(one, at=at, vector=(vector / np.linalg.norm(vector)).tolist())
    same, other = (verdicts(watch.report(NOON + day * DAY, NOON + (day + 1) * DAY)) for day in (1, 2))
    for name in ("drift.length", "drift.cosine", "drift.language", "drift.meaning"):
        assert (same[name].state, other[name].state) == ("fine", "alert"), name
    assert other["drift.route"].state == "fine"
    far = watch.report(NOON + 2 * DAY, NOON + 3 * DAY, reference=(NOON - 9 * DAY, NOON - 8 * DAY))
    assert all(drift.value is None for drift in far.drift)
    with Watch.open(watch.database.path.parent, WatchOptions(drift="ks", alert=Thresholds(answers=200))) as ks:
        report = ks.report(NOON + 2 * DAY, NOON + 3 * DAY)
    assert {drift.feature: drift.method for drift in report.drift}["length"] == "ks"
    assert {verdict.state for verdict in report.verdicts} == {"too_few"}
