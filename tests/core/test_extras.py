from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gezhi.core.errors import MissingExtra
from gezhi.core.extras import have, need


def test_what_is_installed_is_imported_and_returned() -> None:
    assert need("json", extra="any") is sys.modules["json"]
    assert need("xml.sax", extra="any") is sys.modules["xml.sax"]


def test_what_is_missing_names_the_pip_line() -> None:
    with pytest.raises(MissingExtra, match=r'needs no_such_thing.*pip install "gezhi\[ocr\]"'):
        need("no_such_thing", extra="ocr")


def test_a_missing_parent_is_missing_too() -> None:
    assert not have("no_such_thing.inner")
    with pytest.raises(MissingExtra):
        need("no_such_thing.inner", extra="ocr")


def test_asking_does_not_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loud_module.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    assert have("loud_module")
    assert "loud_module" not in sys.modules


def test_a_broken_module_is_not_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_installed.py").write_text("import no_such_thing")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="no_such_thing"):
        need("half_installed", extra="ocr")
