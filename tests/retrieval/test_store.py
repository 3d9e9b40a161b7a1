from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gezhi.core.errors import CollectionDamaged, CollectionError, DiskFull
from gezhi.retrieval import Collection
from gezhi.retrieval.store import translated
from retrieval.parts import HashedTerms, sources

ROOT = Path(__file__).resolve().parents[1]

FILLING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from gezhi.core.errors import DiskFull
from gezhi.retrieval import Collection
from retrieval.parts import HashedTerms, piece, record

folder, kind = Path(sys.argv[1]) / "c", sys.argv[3]
original = Path(sys.argv[1]) / "original.txt"
original.write_text("原文" * 1000)
embedder = HashedTerms()
done = []
with Collection.open(folder) as collection:
    try:
        with collection.write() as writer:
            for number in range(10_000):
                writer.put(record(f"/{number}", str(number)), [piece(f"/{number}", [f"第{number}段，" + "很长" * 50])],
                           original if kind == "originals" else None)
                done.append(f"/{number}")
                if kind == "publish":
                    writer.embed(embedder)
                    writer.publish()
                if kind == "embed":
                    writer.embed(embedder)
    except DiskFull as error:
        print("full:", error)
    assert sorted(collection.files()) == sorted(done), "lost, or half there"
    # It can still be read ...
    found = {p.chunk.source for p in collection.seen_by(None, embedder).search("很长", 1000)}
    assert found and found <= set(done)
    # ... and as soon as there is room again, written.
    (Path(sys.argv[1]) / "ballast").unlink()
    with collection.write() as writer:
        writer.embed(embedder)
        writer.publish()
    found = {p.chunk.source for p in collection.seen_by(None, embedder).search("很长", 1000)}
    assert len(found) == min(len(done), 1000), (len(found), len(done))
    print("recovered", len(done))
"""


@pytest.mark.parametrize("kind", ["put", "embed", "publish", "originals"])
def test_a_full_disk_loses_nothing(tmp_path: Path, kind: str) -> None:
    # A disk of 3 MB of our own, as far as the system lets us have one; a third of it held back for the recovery
    script = f'mount -t tmpfs -o size=3m none {tmp_path} && head -c 1000000 /dev/zero > {tmp_path}/ballast && exec "$@"'
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    try:
        can = subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        can = False
    if not can:
        pytest.skip("needs the right to mount a small disk in a namespace of its own")
    python = [sys.executable, "-c", FILLING, str(tmp_path), str(ROOT), kind]
    done = subprocess.run([*command, *python], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "full: the disk that holds" in done.stdout
    assert "recovered" in done.stdout


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CollectionError, match="cannot be used"):
        Collection.open(tmp_path / "file" / "c")


def test_other_mistakes_pass_through(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mine"), translated(tmp_path):
        raise ValueError("mine")
    with pytest.raises(DiskFull), translated(tmp_path):
        raise RuntimeError("write failed: No space left on device (os error 28)")
    with pytest.raises(CollectionDamaged), translated(tmp_path):
        b"\xff".decode()


def test_closing_while_a_reader_reads(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path)
    documents = collection.documents()
    collection.close()
    assert list(documents) == []
    assert sources(collection, HashedTerms(), "什么") == []
    collection.close()
