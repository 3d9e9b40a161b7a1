"""`gezhi index` is killed (-9) again and again on a real folder; it goes on where it was, and nothing is lost."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import gezhi

KILLS = 12
FILES = 30


def index(folder: Path, collection: str) -> list[str]:
    return [str(Path(sys.executable).with_name("gezhi")), "index", str(folder), "--collection", collection, "--json"]


def held(collection: str) -> list[tuple[str, str]]:
    with gezhi.open(collection) as kb:
        return sorted((chunk.source, chunk.text) for chunk in kb.collection.chunks())


def embedded(collection: str) -> int:
    with gezhi.open(collection) as kb:
        return sum(kb.collection.statistics().embedded.values())


@pytest.mark.slow
def test_a_killed_run_is_taken_up_again(tmp_path: Path) -> None:
    folder, draw = tmp_path / "documents", random.Random(3)
    folder.mkdir()
    for number in range(FILES):
        paragraphs = [
            f"第{number}号文件第{n}条：{draw.randrange(10**6)}号设备由{draw.choice('张王李赵')}工程师每{n + 2}天检查，"
            f"发现故障在{draw.randrange(1, 48)}小时内报修。"
            for n in range(40)
        ]
        (folder / f"{number}.md").write_text("\n\n".join(paragraphs), encoding="utf-8")
    before = 0
    for _ in range(KILLS):
        process = subprocess.Popen(index(folder, "killed"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0.2, 4))
        process.kill()
        process.wait()
        now = embedded("killed")
        assert now >= before, "vectors on record were lost"
        before = now
    assert before, "the kills came before anything was done"
    last = finished(index(folder, "killed"))
    whole = finished(index(folder, "whole"))
    assert last["chunks_embedded"] == whole["chunks_added"] - before
    assert held("killed") == held("whole")
    with gezhi.open("killed") as killed, gezhi.open("whole") as clean:
        for question in ("第3号文件第7条由谁检查？", "发现故障在几小时内报修？"):
            passages = [[p.chunk.text for p in kb.search(question)] for kb in (killed, clean)]
            assert passages[0] == passages[1]


def finished(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report
