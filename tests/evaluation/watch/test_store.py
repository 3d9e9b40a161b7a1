from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evaluation.watch.answers import NOON, answer, record_many
from gezhi.core.errors import BadOptions, NotFound, RecordsDamaged
from gezhi.core.options import from_mapping, to_mapping
from gezhi.core.paths import home
from gezhi.evaluation.watch import Thresholds, Watch, WatchOptions, keep
from gezhi.evaluation.watch.options import Keep


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    with Watch.open(tmp_path) as store:
        yield store


def kept(store: Watch, column: str) -> list[object]:
    with store.database.reading() as connection:
        return [row[0] for row in connection.execute(f"SELECT {column} FROM answers ORDER BY number")]


def test_an_answer_is_kept_with_what_reports_need(watch: Watch) -> None:
    watch.record(answer("a1", supported=(True, False, None, True), dropped=2), at=NOON, door="chat")
    watch.record(answer("a2", "How many days?", refused="nothing_relevant", cosine=None, confidence=None), at=NOON)
    first, second = watch.rows(NOON, NOON + timedelta(seconds=1))
    assert (first.supported, first.unsupported, first.cosine, first.confidence) == (2, 3, 0.85, 0.9)
    assert (first.length, first.language, first.route, first.refused, first.seconds) == (6, "zh", "grounded", None, 0.5)
    assert (second.supported, second.unsupported, second.cosine, second.confidence) == (0, 0, None, None)
    assert (second.language, second.route, second.refused, second.up) == ("en", "refusal", "nothing_relevant", None)
    assert kept(watch, "door") == ["chat", "python"]
    assert kept(watch, "prompt_tokens + completion_tokens") == [110, 110]
    assert watch.rows(NOON + timedelta(seconds=1), datetime.now(UTC)) == []
    assert watch.last() == NOON


def test_the_same_answer_is_kept_once(watch: Watch) -> None:
    for _ in range(3):
        watch.record(answer("a1"), at=NOON)
    assert kept(watch, "id") == ["a1"]


@pytest.mark.parametrize(
    ("how", "question"),
    [("masked", "我的电话是[phone]"), ("whole", "我的电话是13800138000"), ("nothing", None)],
)
def test_questions_are_kept_as_asked_for(tmp_path: Path, how: Keep, question: str | None) -> None:
    with Watch.open(tmp_path, WatchOptions(keep=how)) as store:
        store.record(answer("a1", "我的电话是13800138000"))
        assert kept(store, "question") == [question]
        assert kept(store, "answer") == [None]
    if how != "whole":
        for path in tmp_path.iterdir():
            assert b"13800138000" not in path.read_bytes()


def test_hashed_questions_can_only_be_compared(tmp_path: Path) -> None:
    hashes = []
    for folder in ("one", "two"):
        with Watch.open(tmp_path / folder, WatchOptions(keep="hashed", answers="hashed")) as store:
            for number, question in enumerate(("年假有几天？", "年假有几天？ ", "产假有几天？")):
                store.record(answer(f"a{number}", question))
            hashes.append(kept(store, "question"))
        assert "年假".encode() not in (tmp_path / folder / "watch.db").read_bytes()
    for first, again, other in hashes:
        assert first == again
        assert first != other
    assert hashes[0] != hashes[1], "a list of likely questions is of no use elsewhere"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("年假有几天？", "zh"), ("How many days of leave?", "en"), ("GPT-4 的 context length 是多少", "mixed"),
        ("API怎么调用？报什么错误？", "zh"), ("有給休暇は何日ありますか", "other"), ("12345？", "other"), ("", "other"),
    ],
)  # fmt: skip
def test_languages(watch: Watch, question: str, language: str) -> None:
    watch.record(answer("a", question))
    assert kept(watch, "language") == [language]


def test_thumbs_count_by_the_last_word(watch: Watch) -> None:
    for number in range(3):
        watch.record(answer(f"a{number}"), at=NOON)
    assert watch.thumb("a0", True) == "a0"
    watch.thumb("a1", False, "金额错了，打13800138000")
    watch.thumb("a0", False)
    assert watch.thumb("last", True) == "a2"
    assert [row.up for row in watch.rows(NOON, NOON + timedelta(1))] == [0, 0, 1]
    complaints = watch.complaints(NOON, NOON + timedelta(1))
    assert complaints == [("a0", "年假有几天？", ""), ("a1", "年假有几天？", "金额错了，打[phone]")]
    with watch.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM thumbs").fetchone()[0] == 4


def test_answers_are_found_by_the_beginning_of_their_id(watch: Watch) -> None:
    for text in ("last", "", "a"):
        with pytest.raises(NotFound, match="no answer with the id"):
            watch.thumb(text, True)
    for id_ in ("ab", "abc", "b1"):
        watch.record(answer(id_))
    assert watch.thumb("b", True) == "b1"
    assert watch.thumb("ab", True) == "ab"
    with pytest.raises(NotFound, match="may mean several answers: abc, ab"):
        watch.thumb("a", True)
    for text in ("%", "\udcff", "z"):
        with pytest.raises(NotFound, match="no answer"):
            watch.thumb(text, True)


def test_answers_are_forgotten_with_their_thumbs(watch: Watch) -> None:
    for day in range(5):
        watch.record(answer(f"a{day}"), at=NOON + timedelta(days=day))
        watch.thumb(f"a{day}", True)
    assert watch.forget(NOON + timedelta(days=3)) == 3
    assert kept(watch, "id") == ["a3", "a4"]
    with watch.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM thumbs").fetchone()[0] == 2


def test_vectors_are_kept_only_where_asked_for(tmp_path: Path) -> None:
    for number, vectors in enumerate((False, True)):
        with Watch.open(tmp_path / str(number), WatchOptions(vectors=vectors)) as store:
            store.record(answer("a"), at=NOON, vector=[0.5, 0.5])
            assert len(store.vectors(NOON, NOON + timedelta(1))) == vectors


def test_keep_is_never_in_the_way_of_an_answer(tmp_path: Path) -> None:
    assert keep(answer("a1"), WatchOptions(), door="ask") is None
    assert keep(answer("a2"), WatchOptions(record=False)) is None
    with Watch.open(home() / "watch") as store:
        assert kept(store, "id") == ["a1"]
    (tmp_path / "watch.db").write_bytes(os.urandom(8192))
    assert "is damaged" in (keep(answer("a3"), WatchOptions(), folder=tmp_path) or "")
    with pytest.raises(RecordsDamaged):
        Watch.open(tmp_path)


def test_recording_needs_no_heavy_part() -> None:
    program = (
        "import sys\nfrom gezhi.evaluation.watch import keep, WatchOptions\n"
        "assert not {'numpy', 'scipy', 'rich'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_processes_record_beside_each_other_and_one_is_killed(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    processes = [context.Process(target=record_many, args=(tmp_path, start)) for start in (0, 50, 100)]
    for process in processes:
        process.start()
    processes[2].kill()
    for process in processes:
        process.join()
    with Watch.open(tmp_path) as store:
        assert {f"a{number}" for number in range(100)} <= set(kept(store, "id"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("answers", 0), ("refused", 1.5), ("supported", -0.1), ("seconds", 0.0), ("psi", 0.0), ("centroid", 3.0)],
)
def test_thresholds_have_ranges(name: str, value: float) -> None:
    with pytest.raises(BadOptions, match=name):
        Thresholds(**{name: value})  # type: ignore[arg-type]


def test_options_are_read_from_a_file_and_written() -> None:
    options = from_mapping(WatchOptions, {"keep": "hashed", "alert": {"refused": 0.2}}, "gezhi.toml")
    assert options == WatchOptions(keep="hashed", alert=Thresholds(refused=0.2))
    assert from_mapping(WatchOptions, to_mapping(options), "again") == options
    with pytest.raises(BadOptions):
        from_mapping(WatchOptions, {"keep": "some"}, "gezhi.toml")
