"""Processes that write are killed (-9) at random moments, and write beside each other; nothing acknowledged is lost."""

from __future__ import annotations

import multiprocessing
import random
import time
from pathlib import Path

import pytest

from gezhi.tracking import Audit, Runs
from tracking.worker import answer_for_ever, append, start_many


@pytest.mark.parametrize("kills", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_an_exam_that_is_killed_again_and_again_has_every_item_once(tmp_path: Path, kills: int) -> None:
    folder, log = tmp_path / "runs", tmp_path / "log"
    log.write_text("")
    draw = random.Random(0)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tracking.worker"])
    for kill in range(kills):
        process = context.Process(target=answer_for_ever, args=(folder, log))
        process.start()
        lines = len(log.read_text().splitlines()) + draw.randrange(1, 40)
        while len(log.read_text().splitlines()) < lines and process.is_alive():
            time.sleep(0.001)
        time.sleep(draw.uniform(0, 0.01))
        process.kill()
        process.join()
        acknowledged = [int(line) for line in log.read_text().splitlines()]
        with Runs.open(folder) as runs:
            (record,) = runs.list()
            keys = list(runs.find(record.id).items())
        assert (record.state, record.attempts) == ("interrupted", kill + 1)
        assert keys == [f"q{number}" for number in range(len(keys))]
        # One may have been committed and not yet written to the log; none may be missing.
        assert len(keys) >= max(acknowledged) + 1
        assert len(set(acknowledged)) == len(acknowledged), "an item was answered twice"
        if len(keys) > max(acknowledged) + 1:
            log.write_text("".join(f"{number}\n" for number in range(len(keys))))


def test_processes_write_runs_beside_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    processes = [context.Process(target=start_many, args=(tmp_path, 15, name)) for name in "abc"]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    with Runs.open(tmp_path) as runs:
        records = runs.list(state="done")
        assert sorted(record.name for record in records) == sorted(f"{name}{n}" for name in "abc" for n in range(15))
        assert len({record.id for record in records}) == 45
        assert all(len(runs.find(record.id).items()) == 1 for record in records[:5])


def test_processes_append_beside_each_other_and_the_chain_holds(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    processes = [context.Process(target=append, args=(tmp_path, 40, who)) for who in "abc"]
    for process in processes:
        process.start()
    processes[2].kill()
    for process in processes:
        process.join()
    with Audit.open(tmp_path) as audit:
        assert audit.verify() >= 80
        for who in "ab":
            subjects = [entry.subject for entry in audit.entries() if entry.who == who]
            assert subjects == [f"{who}:{number}" for number in reversed(range(40))]
