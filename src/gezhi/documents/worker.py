"""The worker process: takes a `Hello`, then `Job`s from standard input, and answers each with a `Reply`.

Everything it sends meanwhile (True) means "still at it, the time limit starts anew".
"""

from __future__ import annotations

import os
import pickle
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from gezhi.core.catalogue import Language, use_language
from gezhi.core.errors import DocumentError, GezhiError
from gezhi.core.system import die_after, lead_group, limit_memory, peak_memory
from gezhi.core.types import Document
from gezhi.documents.front import read
from gezhi.documents.options import ReadOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """What holds for all jobs."""

    options: ReadOptions
    readers: dict[str, str]
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to read."""

    path: Path
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Documents or a reason; with neither, "ready"."""

    documents: tuple[Document, ...] = ()
    error: DocumentError | None = None
    last: bool = False
    """The worker has used so much memory that it should be replaced."""


def main() -> None:
    """Serve until standard input ends."""
    lead_group()
    jobs, replies = _pipes()
    hello: Hello = jobs.recv()
    use_language(hello.language)
    limit_memory(hello.options.memory_mb)
    replies.send(Reply())
    while True:
        try:
            job: Job = jobs.recv()
        except EOFError:
            return
        reply = _read(job, hello, replies)
        _send(replies, reply, job)
        if reply.last:
            return


def _send(replies: Connection, reply: Reply, job: Job) -> None:
    try:
        replies.send(reply)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        # A reader put something of its parser into a document or an error.
        replies.send(
            Reply(error=DocumentError("documents.unreadable", path=job.source, reason=repr(error)), last=reply.last)
        )


def _pipes() -> tuple[Connection, Connection]:
    # Readers and the C libraries under them print what they like: file 1 is taken away from them.
    jobs, replies = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return jobs, replies


def _read(job: Job, hello: Hello, replies: Connection) -> Reply:
    options = hello.options
    # The parent kills what is too slow; should the parent itself die, nobody would.
    orphaned = options.timeout * 2 + 10
    told = time.monotonic()

    def step() -> None:
        nonlocal told
        if time.monotonic() - told > min(0.5, options.timeout / 4):
            told = time.monotonic()
            die_after(orphaned)
            replies.send(True)

    die_after(orphaned)
    try:
        documents = read(job.path, options, job.source, readers=hello.readers, step=step)
        return Reply(documents=documents, last=peak_memory() > options.memory_mb * 1024 * 1024 // 2)
    except DocumentError as error:
        return Reply(error=_plain(error), last=peak_memory() > options.memory_mb * 1024 * 1024 // 2)
    except GezhiError as error:
        return Reply(error=DocumentError("documents.unreadable", path=job.source, reason=str(error)))
    except MemoryError:
        return Reply(error=DocumentError("documents.memory", path=job.source, limit=options.memory_mb), last=True)
    finally:
        die_after(0)


def _plain(error: DocumentError) -> DocumentError:
    """The same error with texts for values: parsers' exceptions among them cannot always be pickled."""
    return DocumentError(error.key, **{name: str(value) for name, value in error.values.items()})
