"""The commands and the Python of both READMEs run as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gezhi.cli import run

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "README.zh-CN.md")
_BLOCK = re.compile(r"<!-- run.*?-->\n```(sh|python)\n(.*?)```", re.DOTALL)
pytestmark = pytest.mark.xdist_group("cli")


def blocks(page: str, kind: str) -> list[str]:
    return [text for found, text in _BLOCK.findall((ROOT / page).read_text(encoding="utf-8")) if found == kind]


@pytest.mark.parametrize("page", PAGES)
def test_what_the_readme_shows_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # without the scanned page: OCR takes seconds, and the demo's test reads it
    handbook = ROOT / "examples" / "handbook"
    shutil.copytree(handbook, tmp_path / "documents", ignore=shutil.ignore_patterns("扫描*"))
    monkeypatch.chdir(tmp_path)
    (commands,) = blocks(page, "sh")
    for line in commands.strip().splitlines():
        program, *arguments = shlex.split(line, comments=True)
        assert program == "gezhi"
        assert run(arguments) == 0, line
    (code,) = blocks(page, "python")
    capsys.readouterr()
    exec(compile(code, page, "exec"), {})
    assert "24个月" in capsys.readouterr().out.splitlines()[-1]


def test_both_readmes_show_the_same() -> None:
    for kind in ("sh", "python"):
        english, chinese = ([re.sub(r"#.*", "", text) for text in blocks(page, kind)] for page in PAGES)
        assert english == chinese


def test_pages_made_from_code_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "make.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
