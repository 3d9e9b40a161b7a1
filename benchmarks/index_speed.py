"""`gezhi index` end to end against embedding the same chunks alone, and a second run on the unchanged folder.

    python benchmarks/index_speed.py [NEWS] [--texts N]

NEWS is crud_news_part1 of CRUD-RAG: one text a line; each is written to a file of its own. All three figures come from
one run: index, embed the chunks that were indexed, index again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import SHARED, report

_EMBED = """
import time, gezhi
with gezhi.open("news") as kb:
    texts = [chunk.embedded_text for chunk in kb.collection.chunks()]
    texts = sorted(set(texts), key=len)
    kb.embedder.embed_passages(texts[:16])
    began = time.perf_counter()
    for start in range(0, len(texts), 64):
        kb.embedder.embed_passages(texts[start : start + 64])
    print(len(texts), time.perf_counter() - began)
"""


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("news", nargs="?", type=Path, default=SHARED / "crud_news_part1")
    parser.add_argument("--texts", type=int, default=1930)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "news")
        folder.mkdir()
        for number, line in enumerate(options.news.read_text(encoding="utf-8").splitlines()[: options.texts]):
            (folder / f"{number:05}.txt").write_text(line, encoding="utf-8")
        home = {**os.environ, "GEZHI_HOME": str(Path(scratch, "home"))}
        command = [str(Path(sys.executable).with_name("gezhi")), "index", str(folder), "--collection", "news", "--json"]
        warm = Path(scratch, "warm.txt")
        warm.write_text("这一行只为准备好模型。", encoding="utf-8")
        _timed([*command[:2], str(warm), "--collection", "warm", "--json"], home)
        first = _timed(command, home)
        embedded = subprocess.run([sys.executable, "-c", _EMBED], env=home, check=True, capture_output=True, text=True)
        chunks, alone = embedded.stdout.split()
        again = _timed(command, home)
    rows = [
        {"step": "embed the chunks alone", "seconds": float(alone), "against embedding": 1.0, "chunks": int(chunks)},
        {"step": "gezhi index", "seconds": first, "against embedding": first / float(alone), "chunks": int(chunks)},
        {"step": "gezhi index again", "seconds": again, "against embedding": again / float(alone), "chunks": 0},
        {"step": "again / first", "seconds": again, "against embedding": again / first, "chunks": 0},
    ]
    report("index_speed", f"python benchmarks/index_speed.py --texts {options.texts}", rows)


def _timed(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
