from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gezhi.core.paths import collections_folder, home, models_folder


def test_gezhi_home_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GEZHI_HOME", str(tmp_path / "资料"))
    assert home() == tmp_path / "资料"
    assert collections_folder() == tmp_path / "资料" / "collections"
    assert models_folder() == tmp_path / "资料" / "models"
    assert not home().exists()


def test_a_relative_home_is_made_absolute_and_a_tilde_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GEZHI_HOME", "data")
    assert home() == tmp_path / "data"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GEZHI_HOME", "~/gezhi")
    assert home() == tmp_path / "gezhi"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no XDG folders")
def test_without_gezhi_home_it_is_the_data_folder_of_the_platform(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GEZHI_HOME", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert home() == tmp_path / "gezhi"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home() == tmp_path / ".local" / "share" / "gezhi"
