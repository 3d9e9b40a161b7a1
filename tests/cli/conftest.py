"""A handbook that is indexed once for all tests of the command line, without the scanned page (OCR takes seconds)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gezhi.cli import run

HANDBOOK = Path(__file__).parents[2] / "examples" / "handbook"


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "documents"
    shutil.copytree(HANDBOOK, folder, ignore=shutil.ignore_patterns("扫描*"))
    return folder


@pytest.fixture(scope="session")
def indexed_home(tmp_path_factory: pytest.TempPathFactory, documents: Path, shared_models: Path) -> Path:
    home = tmp_path_factory.mktemp("indexed")
    (home / "models").symlink_to(shared_models)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEZHI_HOME", str(home))
        assert run(["index", str(documents)]) == 0
    return home


@pytest.fixture
def indexed(indexed_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the indexed data folder that the test may change."""
    home = tmp_path / "home"
    shutil.copytree(indexed_home, home, symlinks=True)
    monkeypatch.setenv("GEZHI_HOME", str(home))
    return home


@pytest.fixture
def gezhi(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command line; exit code, what was printed, what was printed as an error."""

    def command(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture
def gezhi_json(gezhi: Callable[..., tuple[int, str, str]]) -> Callable[..., Any]:
    """Run a command line with --json; what it printed, parsed."""

    def command(*arguments: str | Path) -> Any:
        _, out, _ = gezhi(*arguments, "--json")
        return json.loads(out)

    return command
