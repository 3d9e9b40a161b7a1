from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from documents.slow_readers import READERS
from gezhi.core.catalogue import use_language
from gezhi.core.errors import DocumentError
from gezhi.documents import ReadOptions, ReadResult, read_files


def write(folder: Path, *kinds: str) -> list[Path]:
    paths = []
    for number, kind in enumerate(kinds):
        path = folder / f"{number}.{kind}"
        path.write_text(f"file {number}", encoding="utf-8")
        paths.append(path)
    return paths


def run(paths: list[Path], *, timeout: float = 30, memory_mb: int = 3072, workers: int = 1) -> list[ReadResult]:
    options = ReadOptions(timeout=timeout, memory_mb=memory_mb)
    results = list(read_files(paths, options, workers=workers, readers=READERS))
    assert sorted(result.path for result in results) == sorted(paths)
    for result in results:
        assert bool(result.documents) != bool(result.error)
    return sorted(results, key=lambda result: result.path)


def test_every_file_has_one_result_and_its_own_documents(tmp_path: Path) -> None:
    paths = write(tmp_path, *["good"] * 12)
    results = run(paths, workers=3)
    assert {result.path.stem: result.documents[0].text for result in results} == {
        str(n): f"file {n}" for n in range(12)
    }
    assert [result.source for result in results] == [str(result.path) for result in results]


@pytest.mark.parametrize(
    ("kind", "options", "reason"),
    [
        ("hanging", {"timeout": 1.0}, r"was not read within 1 s"),
        ("greedy", {"memory_mb": 400}, r"more than 400 MB of memory"),
        ("crashing", {}, r"SIGSEGV"),
        ("leaving", {}, r"exit code 7"),
        ("raising", {}, r"ZeroDivisionError: the parser's own mistake"),
        ("recursing", {}, r"nested too deeply"),
    ],
)
def test_a_bad_file_is_one_error_and_its_neighbours_are_read(
    tmp_path: Path, kind: str, options: dict[str, float], reason: str
) -> None:
    before, bad, after = run(write(tmp_path, "good", kind, "good"), **options)  # type: ignore[arg-type]
    assert before.documents[0].text == "file 0"
    assert after.documents[0].text == "file 2"
    assert isinstance(bad.error, DocumentError)
    with pytest.raises(DocumentError, match=reason):
        raise bad.error
    assert str(bad.path) in str(bad.error)


def test_what_a_killed_reader_started_dies_with_it(tmp_path: Path) -> None:
    path, note = tmp_path / "0.hanging_child", tmp_path / "pid"
    path.write_text(str(note), encoding="utf-8")
    (result,) = run([path], timeout=3)
    assert result.error is not None
    child = int(note.read_text(encoding="utf-8"))
    for _ in range(100):
        if not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
    raise AssertionError("the child of the reader is still running")


def test_what_readers_print_does_not_disturb(tmp_path: Path) -> None:
    results = run(write(tmp_path, "printing", "printing"))
    assert [result.documents[0].text for result in results] == ["file 0", "file 1"]


def test_a_reader_that_shows_progress_may_take_longer_than_the_limit(tmp_path: Path) -> None:
    (result,) = run(write(tmp_path, "patient"), timeout=1.0)
    assert result.documents


def test_reading_runs_ahead_and_closing_early_ends_the_workers(tmp_path: Path) -> None:
    paths = write(tmp_path, *["good"] * 5, "hanging")
    children = {child.pid for child in psutil.Process().children()}
    results = read_files(paths, ReadOptions(timeout=60), workers=1, readers=READERS)
    next(results)
    # The hanging file keeps a worker; the one that read the first file may just have been replaced.
    while not (workers := [child for child in psutil.Process().children() if child.pid not in children]):
        time.sleep(0.05)
    (worker,) = workers
    results.close()  # type: ignore[attr-defined]
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE


def test_paths_are_drawn_as_they_are_read(tmp_path: Path) -> None:
    (path,) = write(tmp_path, "good")
    drawn = 0

    def paths() -> Iterator[Path]:
        nonlocal drawn
        while True:
            drawn += 1
            yield path

    results = read_files(paths(), workers=2, readers=READERS)
    for _ in range(3):
        assert next(results).documents
    results.close()  # type: ignore[attr-defined]
    assert 3 <= drawn <= 3 + 2 * 6  # what waits for the consumer, what is read


@pytest.mark.parametrize("good", [0, 1, 5])
def test_paths_that_cannot_be_drawn(tmp_path: Path, good: int) -> None:
    (path,) = write(tmp_path, "good")

    def paths() -> Iterator[Path]:
        yield from [path] * good
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(read_files(paths(), workers=2, readers=READERS))


def test_workers_speak_the_language_of_the_caller(tmp_path: Path) -> None:
    use_language("zh")
    (result,) = read_files([tmp_path / "没有.good"], workers=1, readers=READERS)
    assert "没有这个文件" in str(result.error)


def test_names_shown_to_people(tmp_path: Path) -> None:
    (path,) = write(tmp_path, "good")
    (result,) = read_files([path], workers=1, readers=READERS, name=lambda path: f"shown/{path.name}")
    assert result.source == result.documents[0].source == "shown/0.good"


def test_nothing_to_read() -> None:
    assert list(read_files([])) == []


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from documents.slow_readers import READERS
from gezhi.documents import read_files
print([result.documents[0].text for result in read_files([{path!r}], readers=READERS)])
"""


@pytest.mark.parametrize("way", ["script", "-c", "stdin"])
def test_a_main_module_without_a_guard_is_not_run_again(tmp_path: Path, way: str) -> None:
    (path,) = write(tmp_path, "good")
    code = SCRIPT.format(tests=str(Path(__file__).parents[1]), path=str(path))
    script = tmp_path / "main.py"
    script.write_text(code, encoding="utf-8")
    command = {"script": [str(script)], "-c": ["-c", code], "stdin": ["-"]}[way]
    given = code if way == "stdin" else None
    done = subprocess.run([sys.executable, *command], input=given, capture_output=True, text=True, check=True)
    assert done.stdout == "['file 0']\n"
