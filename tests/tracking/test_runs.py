from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gezhi.core.errors import (
    BadOptions,
    DiskFull,
    NotApproved,
    NotFound,
    RecordsDamaged,
    RecordsError,
    RecordsTooNew,
)
from gezhi.core.paths import home
from gezhi.tracking import Audit, Runs, fingerprint
from tracking.worker import begin


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    with Runs.open(tmp_path / "runs") as store:
        yield store


def test_a_run_keeps_all_that_was_said(runs: Runs) -> None:
    with begin(runs, "基线", tags=("zh",)) as run:
        assert run.record.state == "running"
        run.log(0, loss=2.5)
        run.log(1, loss=1.5, f1=0.5)
        run.log(1, loss=1.25)
        run.item("q2", {"f1": None, "text": "两个"})
        run.item("q1", {"f1": 0.5})
        run.item("q2", {"f1": 1.0, "text": "改正"})
        path = run.save("报告.html", b"<html>")
        run.summary({"f1": 0.75})
    again = runs.find(run.id)
    record = again.record
    assert (record.kind, record.name, record.state, record.seed, record.tags) == ("exam", "基线", "done", 0, ("zh",))
    assert (record.options, record.versions, record.summary) == ({"k": 8}, {"gezhi": "1"}, {"f1": 0.75})
    assert record.subject == {"name": "drcd", "sha256": "ab"}
    assert record.finished is not None
    assert record.started <= record.finished
    assert {"platform", "cores", "python", "gezhi"} <= set(record.machine)
    assert again.items() == {"q2": {"f1": 1.0, "text": "改正"}, "q1": {"f1": 0.5}}
    assert list(again.items()) == ["q2", "q1"]
    assert again.numbers() == {"loss": [(0, 2.5), (1, 1.25)], "f1": [(1, 0.5)]}
    assert again.files() == {"报告.html": path}
    assert path.read_bytes() == b"<html>"


def test_the_data_folder_is_the_default() -> None:
    with Runs.open() as runs:
        begin(runs).finish()
    assert (home() / "runs" / "runs.db").is_file()


def test_what_goes_wrong_inside_is_on_record(runs: Runs) -> None:
    for error, state in ((ValueError, "failed"), (KeyboardInterrupt, "interrupted"), (SystemExit, "interrupted")):
        with pytest.raises(error), begin(runs) as run:
            raise error
        assert run.record.state == state


def test_finished_runs_cannot_be_written(runs: Runs) -> None:
    run = begin(runs)
    run.finish()
    for write in (lambda: run.item("q", {}), lambda: run.log(0, a=1), lambda: run.save("a", b""), run.finish):
        with pytest.raises(RecordsError, match="not open for writing"):
            write()
    with pytest.raises(RecordsError, match="not open for writing"):
        runs.find(run.id).summary({})


def test_a_run_is_found_by_id_beginning_name_and_age(runs: Runs) -> None:
    first, second, third = (begin(runs, name) for name in ("a", "b", "a"))
    gate = begin(runs, "a", kind="gate")
    assert runs.find("last").id == gate.id
    assert runs.find("last~1").id == third.id
    assert runs.find("last~1", kind="exam").id == second.id
    assert runs.find("a").id == gate.id
    assert runs.find("a", kind="exam").id == third.id
    assert runs.find(first.id).id == first.id
    assert runs.find(f" {first.id[:-1]} ").id == first.id
    assert [run.id for run in (first, second, third, gate)] == sorted(run.id for run in (first, second, third, gate))


def test_what_is_not_found_offers_the_nearest(runs: Runs) -> None:
    with pytest.raises(NotFound, match="None is on record yet"):
        runs.find("last")
    run = begin(runs, "baseline")
    begin(runs, "other")
    with pytest.raises(NotFound, match="Did you mean 'baseline'"):
        runs.find("basline")
    with pytest.raises(NotFound, match="may mean several runs"):
        runs.find(run.id[:8])
    for text in ("", "last~5", "%", "_", "\udcff", "'; DROP TABLE runs; --"):
        with pytest.raises(NotFound, match="there is no run"):
            runs.find(text)


def test_runs_are_listed_latest_first(runs: Runs) -> None:
    held = [begin(runs, f"n{number}", kind="exam" if number % 2 else "gate") for number in range(6)]
    ids = [run.id for run in held]
    runs.start("exam", "x", options={}, versions={}, seed=1, subject={"name": "xquad", "sha256": "cd"}).finish()
    assert [record.id for record in runs.list(subject="drcd")] == ids[::-1]
    assert [record.id for record in runs.list("gate", "ab")] == ids[4::-2]
    assert [record.name for record in runs.list(subject="cd")] == ["x"]
    assert [record.name for record in runs.list(limit=2)] == ["x", "n5"]
    assert [record.name for record in runs.list(name="n3")] == ["n3"]
    assert len(runs.list(state="running")) == 6
    assert runs.list("nothing") == []


def test_a_run_without_its_holder_is_interrupted_and_goes_on(runs: Runs) -> None:
    run = begin(runs)
    run.item("q1", {"n": 1})
    work = run.record.fingerprint
    assert runs.resumable("exam", work) is None, "it is under way"
    with pytest.raises(RecordsError, match="under way"):
        runs.resume(run.id)
    id_ = run.id
    del run
    found = runs.resumable("exam", work)
    assert found is not None
    assert (found.id, found.state) == (id_, "interrupted")
    assert runs.resumable("gate", work) is None
    with runs.resume(found.id) as again:
        again.item("q1", {"n": 1})
        again.item("q2", {"n": 2})
    assert again.items() == {"q1": {"n": 1}, "q2": {"n": 2}}
    assert (again.record.state, again.record.attempts, len(runs.list())) == ("done", 2, 1)
    with pytest.raises(RecordsError, match="is done"):
        runs.resume(id_)


def test_the_fingerprint_is_that_of_the_work() -> None:
    facts = {"subject": {"sha256": "a"}, "options": {"k": 8, "b": (1, 2)}, "versions": {"m": "1"}, "seed": 0}
    same = {**facts, "options": {"b": [1, 2], "k": 8}}
    assert fingerprint("exam", **facts) == fingerprint("exam", **same)  # type: ignore[arg-type]
    for name, other in (("subject", {}), ("options", {"k": 9}), ("versions", {}), ("seed", 1)):
        assert fingerprint("exam", **{**facts, name: other}) != fingerprint("exam", **facts)  # type: ignore[arg-type]


def test_a_run_is_deleted_with_all_it_has(runs: Runs) -> None:
    run = begin(runs)
    run.item("q", {})
    run.log(0, a=1)
    run.save("a.txt", b"a")
    with pytest.raises(RecordsError, match="under way"):
        runs.delete(run.id)
    run.finish()
    runs.delete(run.id)
    assert runs.list() == []
    assert not run.folder.exists()
    with runs.database.reading() as connection:
        assert (
            connection.execute("SELECT (SELECT count(*) FROM items) + (SELECT count(*) FROM numbers)").fetchone()[0]
            == 0
        )


def test_versions_are_approved_by_runs_or_by_force(runs: Runs, tmp_path: Path) -> None:
    with pytest.raises(NotApproved, match="gezhi exam gate"):
        runs.require("prompt", "3")
    run = begin(runs, kind="gate")
    with pytest.raises(RecordsError, match="lets nothing pass"):
        runs.approve("prompt", "3", run.id)
    run.finish()
    assert runs.approve("prompt", "3", run.id).run == run.id
    assert runs.require("prompt", "3").reason == ""
    assert runs.approval("prompt", "4") is None
    with pytest.raises(RecordsError, match="the version 3 of prompt passed by it"):
        runs.delete(run.id)
    with Audit.open(tmp_path / "audit") as audit:
        with pytest.raises(RecordsError, match="--force"):
            runs.force("prompt", "4", "  ", audit)
        forced = runs.force("prompt", "4", "线上故障", audit)
        (entry,) = audit.entries()
    assert (forced.run, forced.reason) == (None, "线上故障")
    assert (entry.what, entry.subject, entry.details) == ("force", "prompt:4", {"reason": "线上故障"})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_was_not_measured_is_no_number(runs: Runs, value: float) -> None:
    run = begin(runs)
    with pytest.raises(BadOptions, match="no finite number"):
        run.log(3, loss=value)
    with pytest.raises(BadOptions, match="cannot be kept"):
        run.item("q", {"f1": value})
    with pytest.raises(BadOptions, match="cannot be kept"):
        run.summary({"f1": object()})
    assert run.items() == {}


@pytest.mark.parametrize("name", ["", "../a", "a/b", ".hidden", "a\\b", "a" * 121, "a\0"])
def test_files_have_plain_names(runs: Runs, name: str) -> None:
    with pytest.raises(BadOptions, match="cannot be the name of a file"):
        begin(runs).save(name, b"")


def test_threads_share_a_run(runs: Runs) -> None:
    run = begin(runs)

    def add(start: int) -> None:
        for number in range(start, start + 20):
            run.item(f"q{number}", {"n": number})

    threads = [threading.Thread(target=add, args=(start,)) for start in range(0, 80, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {key: record["n"] for key, record in run.items().items()} == {f"q{n}": n for n in range(80)}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.dictionaries(st.text(max_size=20), st.dictionaries(st.text(max_size=5), JSON, max_size=3), max_size=5))
def test_items_come_back_as_they_were(runs: Runs, records: dict[str, dict[str, object]]) -> None:
    run = begin(runs)
    run.add_items(records)
    run.add_items(records)
    assert run.items() == json.loads(json.dumps(records))
    run.finish()


def test_half_characters_are_kept_as_replacement_characters(runs: Runs) -> None:
    run = begin(runs, "a\udcff")
    run.item("q\udcff", {"text": "\ud83d"})
    assert run.record.name == "a\ufffd"
    assert run.items() == {"q\ufffd": {"text": "\ufffd"}}


def test_a_damaged_store_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    path.write_bytes(b"SQLite format 3\0" + os.urandom(4096))
    with pytest.raises(RecordsDamaged, match=r"runs\.db is damaged .*Restore it from a backup"):
        Runs.open(tmp_path)


def test_a_store_with_a_torn_page_is_one_sentence(tmp_path: Path) -> None:
    with Runs.open(tmp_path) as runs:
        run = begin(runs)
        run.add_items({f"q{n}": {"text": "x" * 500} for n in range(200)})
        run.finish()
    path = tmp_path / "runs.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = os.urandom(len(data) - len(data) // 2)
    path.write_bytes(data)
    with pytest.raises(RecordsDamaged, match="is damaged"), Runs.open(tmp_path) as runs:
        runs.find("last").items()


def test_a_newer_store_and_a_foreign_one_are_refused(tmp_path: Path) -> None:
    with Runs.open(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "runs.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(RecordsTooNew, match="pip install -U gezhi"):
        Runs.open(tmp_path)
    (tmp_path / "other").mkdir()
    with sqlite3.connect(tmp_path / "other" / "runs.db") as connection:
        connection.execute("CREATE TABLE notes(a)")
    connection.close()
    with pytest.raises(RecordsDamaged, match="another program"):
        Runs.open(tmp_path / "other")


def test_a_full_store_keeps_what_was_acknowledged(runs: Runs) -> None:
    run = begin(runs)
    run.item("q1", {"n": 1})
    with runs.database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFull, match="free some space"):
        run.item("q2", {"text": "x" * 100_000})
    assert run.items() == {"q1": {"n": 1}}
    with runs.database.reading() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    run.item("q2", {"n": 2})
    assert list(run.items()) == ["q1", "q2"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(runs: Runs) -> None:
    run = begin(runs)
    run.save("a.txt", b"old")
    (run.folder / f".{os.getpid()}-a.txt").mkdir()
    with pytest.raises(RecordsError, match="cannot be used"):
        run.save("a.txt", b"new")
    assert run.files()["a.txt"].read_bytes() == b"old"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordsError, match="cannot be used"):
        Runs.open(tmp_path / "file" / "runs")
