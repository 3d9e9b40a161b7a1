"""What the first line of a definition looks like, by the suffix of the file. Approximate on purpose: no parser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Pattern(NamedTuple):
    """A definition; the first group that matched is its name."""

    look: re.Pattern[str]
    holds: bool = False
    """Whether it may hold other definitions (a class), rather than statements (a function)."""
    section: bool = False
    """Whether it reaches to the next of its kind, whatever the indentation."""


_MODIFIERS = (
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|override|open|sealed|partial|"
    r"inline|virtual|data|case|unsafe|extern|const|pub(?:\([^)]*\))?|declare|readonly|suspend)\s+)*"
)


def _holder(words: str) -> Pattern:
    return Pattern(re.compile(rf"\s*{_MODIFIERS}(?:{words})\s+([\w.$:]+)"), holds=True)


def _function(words: str) -> Pattern:
    return Pattern(re.compile(rf"\s*{_MODIFIERS}(?:{words})\s*\*?\s+([\w.$:~!?]+)"))


# `Type name(arguments) {`: not a statement such as `return f(x);` or `if (x) {`
_TYPED = Pattern(
    re.compile(
        r"\s*(?!(?:return|if|else|for|while|switch|catch|new|throw|using|do|case|delete|typedef|defer|go)\b)"
        r"[\w$<>\[\],:*&.?~ \t]*?[\s*&]([\w$:~]+|operator\S{1,3})\s*\([^;{}]*\)?\s*[^;={}]*(?:\{.*)?$"
    )
)
# `name(arguments) {`: a method in the body of a class
_METHOD = Pattern(
    re.compile(rf"\s+{_MODIFIERS}(?:get |set |\*)?(?!(?:if|for|while|switch|catch|function|return)\b)(#?[\w$]+)"
               r"\s*(?:<[^>]*>)?\([^;]*\)\s*(?::[^={]+)?\{\s*$")
)  # fmt: skip
_ARROW = Pattern(
    re.compile(
        rf"{_MODIFIERS}(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^)]*\).*=>|\w+\s*=>)"
    )
)
_SCRIPT = (_holder("class|interface|enum|namespace|module"), _function("function|type"), _ARROW, _METHOD)
_C = (_holder("class|struct|union|enum|namespace"), _TYPED)
_JAVA = (_holder("class|interface|enum|record|struct|namespace|@interface"), _TYPED)
_KOTLIN = (
    _holder("class|interface|object|enum class|trait|protocol|extension|struct|enum|actor"),
    _function("fun|def|func"),
)
_RUBY = (_holder("class|module"), _function("def"))
_GO = (
    Pattern(re.compile(r"func\s+(?:\([^)]*?\*?(?:\w+)\)\s*)?(\w+)")),
    Pattern(re.compile(r"type\s+(\w+)\s+(?:struct|interface|func)")),
)
_RUST = (
    Pattern(re.compile(rf"\s*{_MODIFIERS}impl(?:<[^>]*>)?\s+([\w:<>', ]+?)\s*(?:where\b.*)?\{{"), holds=True),
    _holder("trait|mod"),
    _function("fn|struct|enum|union|macro_rules!"),
)
_SECTION = (Pattern(re.compile(r"\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(?:[#;].*)?$"), section=True),)
_KEYS = (Pattern(re.compile(r"([\w.\-/\"']+)\s*:(?:\s|$)"), section=True),)
_SQL = (
    Pattern(
        re.compile(
            r"\s*create\s+(?:or\s+replace\s+)?(?:temporary\s+|temp\s+|unique\s+)?"
            r"(?:table|view|function|procedure|trigger|index|type)\s+(?:if\s+not\s+exists\s+)?([\w.\"`\[\]]+)",
            re.IGNORECASE,
        )
    ),
)
_SHELL = (
    Pattern(re.compile(r"(?:function\s+)?([\w.-]+)\s*\(\)\s*\{?")),
    Pattern(re.compile(r"function\s+([\w.-]+)\s*\{?")),
)
_PYTHON = (_holder("class"), _function("def|async def"))

_BY_SUFFIXES: tuple[tuple[str, tuple[Pattern, ...]], ...] = (
    ("py pyi", _PYTHON),
    ("js mjs jsx ts tsx", _SCRIPT),
    ("java cs", _JAVA),
    ("c h cc cpp hpp", _C),
    ("kt scala swift", _KOTLIN),
    ("go", _GO),
    ("rs", _RUST),
    ("rb", _RUBY),
    ("php", (_holder("class|interface|trait|namespace"), _function("function"))),
    ("lua", (Pattern(re.compile(r"(?:local\s+)?function\s+([\w.:]+)")),)),
    ("r", (Pattern(re.compile(r"([\w.]+)\s*(?:<-|=)\s*function\b")),)),
    ("sh", _SHELL),
    ("sql", _SQL),
    ("toml ini cfg", _SECTION),
    ("yaml yml", _KEYS),
)

PATTERNS: Mapping[str, tuple[Pattern, ...]] = {
    suffix: patterns for suffixes, patterns in _BY_SUFFIXES for suffix in suffixes.split()
}
"""Suffix to what is looked for, in this order."""
