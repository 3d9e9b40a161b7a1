"""The only file with calls that differ between operating systems: locks, limits, cores, durable renames."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gezhi.core.errors import CollectionLocked


def usable_cores() -> int:
    """Cores this process may run on (not those of the machine: containers and taskset give fewer)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def exclusive(path: Path, wait: float) -> Iterator[None]:
    """Hold the lock file `path`; the system drops it when the process dies, however it dies.

    Args:
        wait: Seconds to wait for another holder.

    Raises:
        CollectionLocked: Still held after `wait` seconds; names the holder's pid.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + wait
        while not _try_lock(handle):
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "?"
                raise CollectionLocked("core.locked", pid=holder, path=path.parent, seconds=round(wait))
            time.sleep(0.05)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def limit_memory(megabytes: int) -> None:
    """Let this process allocate at most so much address space; MemoryError beyond. macOS ignores it."""
    if sys.platform != "darwin":
        size = megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def die_after(seconds: float) -> None:
    """Let the system kill this process in so many seconds, whatever it is doing then; 0 calls that off."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def peak_memory() -> int:
    """Most bytes of memory this process has held resident at once."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def kill_group(pid: int) -> None:
    """Kill a process that leads its own group, and all it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def lead_group() -> None:
    """Make this process the leader of a new group, so that `kill_group` reaches what it starts."""
    os.setpgid(0, 0)


def replace_durably(temporary: Path, target: Path) -> None:
    """Rename a finished file or folder to `target` so that a crash leaves the old one or the new one, whole.

    A folder takes the place of nothing or of an empty folder only: no portable call swaps full ones (OSError).
    """
    for inner in temporary.rglob("*"):
        _sync(inner)
    _sync(temporary)
    temporary.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
