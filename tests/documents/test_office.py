from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from documents.samples import SAMPLES, SENTENCE
from gezhi.core.errors import DocumentError
from gezhi.documents import ReadOptions, read_files
from gezhi.documents.front import read_bytes

needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice)")


@needs_libreoffice
@pytest.mark.parametrize(("family", "suffix"), [("docx", "doc"), ("xlsx", "xls"), ("pptx", "ppt")])
def test_old_formats(tmp_path: Path, family: str, suffix: str) -> None:
    name, make = SAMPLES[family]
    (tmp_path / name).write_bytes(make())
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", suffix, "--outdir", str(tmp_path), str(tmp_path / name)]
    subprocess.run(command, check=True, capture_output=True)
    (document,) = read_bytes((tmp_path / f"a.{suffix}").read_bytes(), f"b.{suffix}")
    assert SENTENCE in document.text
    (nameless,) = read_bytes((tmp_path / f"a.{suffix}").read_bytes(), "nameless")
    assert nameless.text == document.text


def processes_with(mark: str) -> list[str]:
    """Names of running processes that inherited an environment variable."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get("MARK") == mark:
                found.append(process.name())
    return found


@needs_libreoffice
def test_a_conversion_that_takes_too_long_is_killed_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARK", str(tmp_path))
    (tmp_path / "a.rtf").write_bytes(SAMPLES["office"][1]())
    results = read_files([tmp_path / "a.rtf"], ReadOptions(timeout=0.6))
    result = next(results)
    assert result.error is not None
    assert result.error.key == "documents.timeout"
    for _ in range(100):
        if not processes_with(str(tmp_path)):
            return
        time.sleep(0.05)
    raise AssertionError(f"still running: {processes_with(str(tmp_path))}")


def test_without_libreoffice_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError, match=r"needs LibreOffice.*apt install libreoffice.*save the file as docx"):
        read_bytes(SAMPLES["office"][1](), "a.rtf")


def test_encrypted_documents_are_told_from_old_ones() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 632 + "EncryptedPackage\0".encode("utf-16-le")
    with pytest.raises(DocumentError, match="encrypted"):
        read_bytes(data, "a.docx")
