"""Source code: definitions become headings, every line of code stays."""

from __future__ import annotations

import pytest

from gezhi.core.types import Document
from gezhi.documents import split
from gezhi.documents.front import read_bytes
from gezhi.documents.readers import SUFFIXES

PYTHON = '''"""Doc."""
import os

LIMIT = 3

# about A
@deco
class A(B):
    """d"""

    x = 1

    def f(self):
        return "def no(): pass"

    y = 2

    async def g(self):
        def inner():
            pass
        return 2


def h(): return 3

if __name__ == "__main__":
    h()
'''
JAVA = """package x;
/** Doc */
public class Foo extends Bar {
    private int a = 3;

    @Override
    public String name(int a) {
        if (a) {
            return f(a);
        }
        return "x";
    }
    enum E { A }
}
"""
C = """#include <a.h>
static int add(int a, int b)
{
    return a + b;
}

/* the start */
int main(int argc, char **argv) {
    for (;;) { }
    return add(1, 2);
}
"""
SCRIPT = """import a from "b";
export const add = (a, b) => {
  return a + b;
};
export default class K extends L {
  constructor(x) {
    super(x);
  }
  async run() {
    if (x) {
      y();
    }
  }
}
function z() {}
"""
RUST = """impl<T> Foo for Bar<T> {
    /// Makes one
    pub fn new() -> Self {
        x
    }
}
"""
SQL = "CREATE TABLE users (\n id INT\n);\n-- 说明\ncreate or replace view v as select 1;\n"


def document(code: str, name: str) -> Document:
    (made,) = read_bytes(code.encode(), name)
    return made


def headings(made: Document) -> list[tuple[int, str]]:
    return [(block.level, made.text[block.start : block.end]) for block in made.blocks if block.kind == "heading"]


CASES = {
    "a.py": (PYTHON, [(1, "A"), (2, "f"), (2, "y = 2"), (2, "g"), (1, "h"), (1, 'if __name__ == "__main__":')]),
    "a.java": (JAVA, [(1, "Foo"), (2, "name"), (2, "E")]),
    "a.c": (C, [(1, "add"), (1, "main")]),
    "a.ts": (SCRIPT, [(1, "add"), (1, "K"), (2, "constructor"), (2, "run"), (1, "z")]),
    "a.rs": (RUST, [(1, "Foo for Bar<T>"), (2, "new")]),
    "a.go": (
        "package m\n\nfunc (s *Server) Serve() {\n\treturn\n}\ntype T struct {\n\ta int\n}\n",
        [(1, "Serve"), (1, "T")],
    ),
    "a.rb": ("class A\n  def b?\n    1\n  end\nend\n", [(1, "A"), (2, "b?")]),
    "a.kt": ("data class P(val a: Int)\nfun main() {\n  run()\n}\n", [(1, "P"), (1, "main")]),
    "a.sh": ("set -e\nbuild() {\n  make\n}\nfunction clean {\n  rm -r x\n}\n", [(1, "build"), (1, "clean")]),
    "a.lua": ("local function f(x)\n  return x\nend\n", [(1, "f")]),
    "a.sql": (SQL, [(1, "users"), (1, "v")]),
    "a.toml": ("[a]\nx = 1\n# more\n[[b.c]]\ny = 2\n", [(1, "a"), (1, "b.c")]),
    "a.yaml": ("a: 1\nb:\n- c\n- d\n", [(1, "a"), (1, "b")]),
    "a.css": ("p { color: red }\n", []),
}


@pytest.mark.parametrize("name", CASES)
def test_definitions_become_headings_and_no_line_is_lost(name: str) -> None:
    code, expected = CASES[name]
    made = document(code, name)
    assert headings(made) == expected
    kept = "\n".join(made.text[block.start : block.end] for block in made.blocks if block.kind == "code")
    assert [line.strip() for line in kept.split("\n") if line.strip()] == [
        line.strip() for line in code.split("\n") if line.strip()
    ]
    assert made.title == name


def test_comments_and_decorators_stay_with_what_they_describe() -> None:
    texts = {chunk.meta.get("heading"): chunk.text for chunk in split(document(PYTHON, "a.py"))}
    assert str(texts["A"]).startswith("# about A\n@deco\nclass A(B):")
    assert texts["A > f"] == 'def f(self):\n        return "def no(): pass"'
    assert "/* the start */\nint main" in document(C, "a.c").text


def test_other_python_than_ours_is_recognised_by_line() -> None:
    made = document('class A:\n    def f(self):\n        print "old"\n', "a.py")
    assert headings(made) == [(1, "A"), (2, "f")]


def test_data_with_a_suffix_of_code_is_kept_whole() -> None:
    for suffix in (suffix for suffix, family in SUFFIXES.items() if family == "code"):
        assert "plain words" in document("plain words, 中文\n", f"a.{suffix}").text


@pytest.mark.parametrize("line", ["a " * 240, "a(" * 240, "* " * 240, "f(a)" * 120, "(x)=>" * 99, "x" * 3_000_000, "["])
def test_no_line_sends_a_pattern_backtracking(line: str) -> None:
    # One that does would take hours, not seconds.
    for name in CASES:
        assert document(f"{line}\n", name).text
