"""Readers that misbehave, to be named in a table of readers: the worker processes import them by name."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time

from gezhi.documents import Parsed, Source, TextBuilder


def read_good(source: Source) -> Parsed:
    out = TextBuilder()
    out.paragraph(source.data.decode())
    return out.parsed()


def read_hanging(source: Source) -> Parsed:
    while True:
        sum(range(1000))


def read_hanging_child(source: Source) -> Parsed:
    """Waits for a child that never ends; the file says where the child writes its pid."""
    code = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    subprocess.run([sys.executable, "-c", code, source.data.decode().strip()], check=True)
    return Parsed()


def read_greedy(source: Source) -> Parsed:
    blocks = []
    while True:
        blocks.append(bytearray(16 * 1024 * 1024))


def read_crashing(source: Source) -> Parsed:
    ctypes.string_at(0)
    return Parsed()


def read_leaving(source: Source) -> Parsed:
    os._exit(7)


def read_printing(source: Source) -> Parsed:
    os.write(1, b"noise that is no pickle" * 1000)
    sys.stdout.write("more noise\n")
    sys.stdout.flush()
    return read_good(source)


def read_patient(source: Source) -> Parsed:
    """Takes longer than the time limit, but tells so in between."""
    for _ in range(8):
        time.sleep(0.25)
        source.step()
    return read_good(source)


def read_raising(source: Source) -> Parsed:
    raise ZeroDivisionError("the parser's own mistake")


def read_recursing(source: Source) -> Parsed:
    return read_recursing(source)


READERS = {
    name: f"documents.slow_readers:read_{name}"
    for name in (
        "good",
        "hanging",
        "hanging_child",
        "greedy",
        "crashing",
        "leaving",
        "printing",
        "patient",
        "raising",
        "recursing",
    )
}
