"""Many files to documents, each in a worker process with a time and a memory limit, ahead of who consumes them.

The workers are plain `python` processes talking pickles over pipes, not multiprocessing's: spawn imports the caller's
main module again, which breaks scripts without a `__main__` guard, `python -c` and stdin.
"""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import Connection
from pathlib import Path

from gezhi.core.catalogue import current_language
from gezhi.core.errors import DocumentError
from gezhi.core.system import kill_group, usable_cores
from gezhi.core.types import Document
from gezhi.documents.front import shown
from gezhi.documents.options import ReadOptions
from gezhi.documents.readers import READERS
from gezhi.documents.worker import Hello, Job, Reply

_START = "import sys; sys.path[:] = sys.argv[1:]; from gezhi.documents.worker import main; main()"
_START_SECONDS = 120.0
"""For a worker to come up, on a machine that is busy with other things."""
_LEAVE_SECONDS = 2.0
_AHEAD = 4
"""Results a worker that wait for the consumer before reading pauses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """What became of one file: documents, or the reason why there are none."""

    path: Path
    source: str
    documents: tuple[Document, ...] = ()
    error: DocumentError | None = None
    seconds: float = 0.0
    """From handing the file over to the last byte of the answer."""


def read_files(
    paths: Iterable[Path | str],
    options: ReadOptions | None = None,
    *,
    workers: int | None = None,
    name: Callable[[Path], str] = shown,
    readers: Mapping[str, str] = READERS,
) -> Iterator[ReadResult]:
    """Read files in worker processes; one result a file, in the order in which they are finished.

    A file that is broken, hangs, takes too much memory or kills its reader is one result with an error; its worker is
    killed with all it started, and replaced. Reading runs ahead of the consumer by a few files a worker. Closing the
    iterator ends the workers.

    Args:
        paths: Drawn one at a time, each when a worker is free for it, from threads other than the caller's.
        workers: Processes at most; None: one for each usable core, at most four. They start when there is work.
        name: From a path to the name shown to people.
        readers: As for `read`; what it names must be importable in a new process with this one's `sys.path`.
    """
    options = options or ReadOptions()
    jobs = (Job(path=Path(path), source=name(Path(path))) for path in paths)
    # Fewer files than workers: these have more of the cores each.
    first = list(islice(jobs, workers or min(usable_cores(), 4)))
    hello = Hello(options=options, readers=dict(readers), language=current_language())
    pool = _Pool(chain(first, jobs), hello, len(first))
    try:
        yield from pool.results()
    finally:
        pool.close()


class _Pool:
    """A thread a worker process hands jobs over and waits; results meet in one bounded queue."""

    def __init__(self, jobs: Iterator[Job], hello: Hello, count: int) -> None:
        self._jobs, self._hello, self._count = jobs, hello, count
        self._drawing = threading.Lock()
        # None: one thread has no more to do
        self._results: queue.Queue[ReadResult | Exception | None] = queue.Queue(maxsize=max(1, _AHEAD * count))
        self._closed = threading.Event()
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(count)]

    def results(self) -> Iterator[ReadResult]:
        for thread in self._threads:
            thread.start()
        left = self._count
        while left:
            result = self._results.get()
            if isinstance(result, Exception):
                raise result
            if result is None:
                left -= 1
            else:
                yield result

    def close(self) -> None:
        self._closed.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _serve(self) -> None:
        worker = _Worker(self._hello, self._closed, max(1, usable_cores() // self._count))
        try:
            while not self._closed.is_set():
                with self._drawing:
                    job = next(self._jobs, None)
                self._put(worker.read(job) if job else None)
                if job is None:
                    return
        except Exception as error:  # noqa: BLE001 - a thread's door: raised again in the consumer
            self._put(error)
        finally:
            worker.dismiss()

    def _put(self, result: ReadResult | Exception | None) -> None:
        while not self._closed.is_set():
            try:
                return self._results.put(result, timeout=0.1)
            except queue.Full:
                continue


class _Worker:
    """One worker process, started when the first job comes and again after each death."""

    def __init__(self, hello: Hello, closed: threading.Event, threads: int) -> None:
        self._hello, self._closed = hello, closed
        # Each worker its share of the cores: OCR in several would otherwise fight for all of them.
        self._environment = {"OMP_NUM_THREADS": str(threads), **os.environ}
        self._folder: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._to: Connection | None = None
        self._from: Connection | None = None

    def read(self, job: Job) -> ReadResult:
        begun = time.monotonic()
        reply = self._reply(job)
        if reply.last:
            self.dismiss()
        return ReadResult(
            path=job.path,
            source=job.source,
            documents=reply.documents,
            error=reply.error,
            seconds=time.monotonic() - begun,
        )

    def end(self) -> None:
        """Kill the process and all it started; nothing is lost, it keeps no state."""
        if self._process is not None:
            kill_group(self._process.pid)
            self._process.kill()
            self._process.wait()
        for pipe in (self._to, self._from):
            if pipe is not None:
                pipe.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._process = self._to = self._from = self._folder = None

    def dismiss(self) -> None:
        """Let an idle process go: it leaves when its input ends."""
        if self._process is not None and self._to is not None:
            self._to.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=_LEAVE_SECONDS)
        self.end()

    def _reply(self, job: Job) -> Reply:
        if self._process is None or self._process.poll() is not None:
            self.end()
            if (reason := self._start(job)) is not None:
                return reason
        try:
            assert self._to is not None
            self._to.send(job)
            return self._wait(job, self._hello.options.timeout)
        except (EOFError, OSError):
            return self._death(job)

    def _start(self, job: Job) -> Reply | None:
        # Temporary files of its own, which a killed process cannot remove.
        self._folder = tempfile.mkdtemp(prefix="gezhi-worker-")
        command = [sys.executable, "-c", _START, *sys.path]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**self._environment, "TMPDIR": self._folder},
        )
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._to = Connection(os.dup(process.stdin.fileno()), readable=False)
        self._from = Connection(os.dup(process.stdout.fileno()), writable=False)
        process.stdin.close()
        process.stdout.close()
        try:
            self._to.send(self._hello)
            reply = self._wait(job, _START_SECONDS)
        except (EOFError, OSError):
            return self._death(job)
        return reply if reply.error else None

    def _wait(self, job: Job, seconds: float) -> Reply:
        assert self._from is not None
        deadline = time.monotonic() + seconds
        while True:
            # In slices, so that closing the iterator does not wait for a slow file.
            if self._from.poll(min(0.2, max(0.0, deadline - time.monotonic()))):
                reply = self._from.recv()
                if isinstance(reply, Reply):
                    return reply
                deadline = time.monotonic() + seconds
            elif self._closed.is_set() or time.monotonic() >= deadline:
                self.end()
                return Reply(error=DocumentError("documents.timeout", path=job.source, seconds=f"{seconds:g}"))

    def _death(self, job: Job) -> Reply:
        assert self._process is not None
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        self.end()
        return Reply(error=DocumentError("documents.crashed", path=job.source, reason=_cause(code)))


def _cause(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
