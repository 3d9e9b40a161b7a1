"""Writes the pages that come from code: options, commands, benchmarks. `--check` only says whether they are current.

python docs/make.py [--check]
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

ROOT = Path(__file__).resolve().parents[1]
ORDER = ("commands", "embedding", "index_speed", "retrieval_speed", "retrieval_quality", "checker", "answerability",
         "answers", "pdf_speed", "statistics_simulation", "exams_quality", "groundedness",
         "exam_speed", "tracking_speed")  # fmt: skip


def main() -> int:
    """Write the pages, or say which are not current; exit code 1 then."""
    pages = {"options.md": options_page(), "benchmarks.md": benchmarks_page()}
    stale = [name for name, text in pages.items() if _current(name) != text]
    if "--check" in sys.argv:
        for name in stale:
            sys.stderr.write(f"docs/{name} is not current: python docs/make.py\n")
        return 1 if stale else 0
    for name in stale:
        (ROOT / "docs" / name).write_text(pages[name], encoding="utf-8")
    return 0


def options_page() -> str:
    """Every option of the pipeline, from the attribute docstrings of its classes."""
    from gezhi.knowledge import Pipeline

    head = """# Options

Each stands in `gezhi.toml` (a table a part) and on the command line: `--set retrieval.k=8`. Command line beats file
beats default; `gezhi.toml` is looked for in the current folder, then in the data folder. An unknown name is an error.
Made from the code by `python docs/make.py`.
"""
    return head + "".join(_tables(Pipeline, ""))


def benchmarks_page() -> str:
    """All results in `benchmarks/results`, with the command and the machine of each."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from report import table

    head = """# Benchmarks

Each table was printed by the command above it, on the machine named; the JSON stands in `benchmarks/results/`. The data
sets are public (`benchmarks/README.md` names them) and are not part of the project. Compare figures within one table
only: they come from one run. Made by `python docs/make.py`.
"""
    found = {path.stem: path for path in (ROOT / "benchmarks" / "results").glob("*.json")}
    names = [*(name for name in ORDER if name in found), *sorted(set(found) - set(ORDER))]
    parts = []
    for name in names:
        record = json.loads(found[name].read_text(encoding="utf-8"))
        where = record["machine"]
        machine = f"{where['processor']}, {where['cores']} cores, Python {where['python']}, {where['date']}"
        notes = "".join(f"\n{note}\n" for note in record["notes"])
        parts.append(f"\n## {name}\n\n`{record['command']}` ({machine})\n\n{table(record['rows'])}\n{notes}")
    return head + "".join(parts)


def _tables(kind: type, prefix: str) -> Iterator[str]:
    types, told = get_type_hints(kind), _docstrings(kind)
    nested = [field for field in fields(kind) if is_dataclass(types[field.name])]
    plain = [field for field in fields(kind) if field not in nested]
    if plain:
        first = (inspect.getdoc(kind) or "").splitlines()[0]
        yield f"\n## [{prefix.rstrip('.')}]\n\n{first}\n\n| option | default | what it does |\n|---|---|---|\n"
        for field in plain:
            yield f"| `{prefix}{field.name}` | `{_default(field)}` | {told.get(field.name, '')} |\n"
    for field in nested:
        yield from _tables(types[field.name], f"{prefix}{field.name}.")


def _docstrings(kind: type) -> dict[str, str]:
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)
    told: dict[str, str] = {}
    for node, after in zip(body.body, body.body[1:], strict=False):
        is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and is_text:
            told[node.target.id] = " ".join(str(after.value.value).split())  # type: ignore[attr-defined]
    return told


def _default(field: Field[Any]) -> str:
    value = (
        field.default
        if field.default is not MISSING
        else ""
        if field.default_factory is MISSING
        else field.default_factory()
    )
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, tuple) else json.dumps(list(value))


def _current(name: str) -> str:
    path = ROOT / "docs" / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
