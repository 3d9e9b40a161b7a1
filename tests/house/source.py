"""The source tree as the house tests read it: files, rooms, syntax trees, tables of backends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "gezhi"
FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


class Table(NamedTuple):
    """A family of backends: `name = {"row": "gezhi.module:attribute"}` at the top level of `file`."""

    file: Path
    name: str
    rows: dict[str, str]


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def nodes(kind: type[ast.AST], file: Path) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree(file)) if isinstance(node, kind))


def shown(file: Path, node: ast.AST) -> str:
    return f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def module_name(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def module_file(module: str) -> Path:
    path = PACKAGE.parent.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def tables() -> list[Table]:
    """All tables of strings but the command line's, whose rows are commands and no backends."""
    found = (_table(file, node) for file in FILES for node in tree(file).body if PACKAGE / "cli" not in file.parents)
    return [table for table in found if table is not None]


def top_names(file: Path) -> set[str]:
    """Names that a module's own top level defines: functions, classes, assignments."""
    names: set[str] = set()
    for node in tree(file).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names.update(target.id for target in _targets(node) if isinstance(target, ast.Name))
    return names


def _table(file: Path, node: ast.stmt) -> Table | None:
    if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Dict) or not node.value.keys:
        return None
    rows: dict[str, str] = {}
    for key, value in zip(node.value.keys, node.value.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(value, ast.Constant):
            return None
        rows[str(key.value)] = str(value.value)
    (target,) = _targets(node)
    if isinstance(target, ast.Name) and all(re.fullmatch(r"gezhi(\.\w+)+:\w+", row) for row in rows.values()):
        return Table(file, target.id, rows)
    return None


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]
