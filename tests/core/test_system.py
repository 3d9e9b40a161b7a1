from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from gezhi.core.errors import CollectionLocked
from gezhi.core.system import exclusive, kill_group, peak_memory, replace_durably, usable_cores

HOLD = """
import sys
from pathlib import Path
from gezhi.core.system import exclusive
with exclusive(Path(sys.argv[1]), 0):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def _holder(lock: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds `lock` until it is told a line, or killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def _run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_the_second_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with _holder(lock) as process, pytest.raises(CollectionLocked) as caught, exclusive(lock, 0):
        pytest.fail("two held it")
    assert f"pid {process.pid}) is writing to {tmp_path}" in str(caught.value)


def test_the_second_waits_until_the_first_has_ended(tmp_path: Path) -> None:
    with _holder(tmp_path / "lock") as process:
        assert process.stdin is not None
        # The holder ends some time after this line; `exclusive` has to wait until then.
        process.stdin.write("\n")
        process.stdin.close()
        with exclusive(tmp_path / "lock", 60):
            assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    with _holder(tmp_path / "lock") as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with exclusive(tmp_path / "lock", 0):
            pass


def test_an_error_inside_gives_the_lock_back(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), exclusive(tmp_path / "lock", 0):
        raise ZeroDivisionError
    with exclusive(tmp_path / "lock", 0):
        pass


def test_one_process_does_not_hold_it_twice(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with exclusive(lock, 0), pytest.raises(CollectionLocked), exclusive(lock, 0.1):
        pytest.fail("held twice")


def test_processes_started_inside_do_not_keep_the_lock(tmp_path: Path) -> None:
    with exclusive(tmp_path / "lock", 0):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with exclusive(tmp_path / "lock", 0):
        child.communicate(b"\n")


def test_a_file_takes_the_place_of_another(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("new")
    (tmp_path / "kept").write_text("old")
    replace_durably(tmp_path / "new", tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "new"
    assert not (tmp_path / "new").exists()


def test_a_folder_takes_the_place_of_nothing_or_of_an_empty_one(tmp_path: Path) -> None:
    for target in ("absent", "empty"):
        (tmp_path / "new" / "inner").mkdir(parents=True)
        (tmp_path / "new" / "inner" / "file").write_text(target)
        if target == "empty":
            (tmp_path / target).mkdir()
        replace_durably(tmp_path / "new", tmp_path / target)
        assert (tmp_path / target / "inner" / "file").read_text() == target


def test_a_full_folder_is_not_replaced(tmp_path: Path) -> None:
    for name in ("new", "kept"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    with pytest.raises(OSError, match="not empty"):
        replace_durably(tmp_path / "new", tmp_path / "kept")
    assert (tmp_path / "kept" / "file").read_text() == "kept"
    assert (tmp_path / "new" / "file").read_text() == "new"


def test_usable_cores_are_those_this_process_may_run_on() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
    if hasattr(os, "sched_setaffinity"):
        only = f"import os; os.sched_setaffinity(0, {{{min(os.sched_getaffinity(0))}}})"
        assert _run(f"{only}; from gezhi.core.system import usable_cores; print(usable_cores())").stdout == "1\n"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not enforce it")
def test_memory_beyond_the_limit_is_refused() -> None:
    code = "from gezhi.core.system import limit_memory; limit_memory(200); bytes(300 * 1024 * 1024)"
    done = _run(code)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("MemoryError")


def test_peak_memory_is_in_bytes_and_never_falls() -> None:
    before = peak_memory()
    size = before + 32 * 1024 * 1024
    block = bytearray(b"x") * size
    assert peak_memory() >= size
    del block
    assert peak_memory() >= size
    assert peak_memory() < 64 * 1024**3


def test_a_process_dies_after_its_time_even_in_a_busy_loop() -> None:
    done = _run("from gezhi.core.system import die_after; die_after(0.05)\nwhile True: pass")
    assert done.returncode == -signal.SIGALRM


def test_its_time_can_be_called_off() -> None:
    code = "import time; from gezhi.core.system import die_after; die_after(0.05); die_after(0); time.sleep(0.2)"
    assert _run(code).returncode == 0


LEADER = """
import subprocess, sys
from gezhi.core.system import lead_group
lead_group()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
child.wait()
"""


def test_a_group_dies_with_all_it_started() -> None:
    with subprocess.Popen([sys.executable, "-c", LEADER], stdout=subprocess.PIPE, text=True) as leader:
        assert leader.stdout is not None
        grandchild = int(leader.stdout.readline())
        kill_group(leader.pid)
        assert leader.wait() == -signal.SIGKILL
        assert _dies(grandchild)
        kill_group(leader.pid)


def _dies(pid: int) -> bool:
    """Whether `pid` ends, or waits only for its parent to notice, within a minute."""
    for _ in range(600):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False
