"""What headings look like where a file has no heading styles: chapters and numbered titles, Chinese and English."""

from __future__ import annotations

import re

_NUMBER = r"[0-9零〇一二三四五六七八九十百千两]+"
_LONGEST = 60
_ENDS = tuple("。！？；，：.!?;,:…")
_PATTERNS = (
    (re.compile(rf"第\s*{_NUMBER}\s*[编卷部篇](?:\s|$|[^的分门署])"), 1),
    (re.compile(rf"第\s*{_NUMBER}\s*章(?:\s|$|[^程节])"), 2),
    (re.compile(rf"第\s*{_NUMBER}\s*节(?:\s|$|[^课])"), 3),
    (re.compile(r"(?:part|book)\s+(?:\d+|[ivx]+)\b", re.IGNORECASE), 1),
    (re.compile(r"(?:chapter|appendix)\s+(?:\d+|[ivx]+|[a-z])\b", re.IGNORECASE), 2),
    (re.compile(r"附\s*[录件]\s*[0-9一二三四五六七八九十A-Z]*(?:\s|[：:]|$)"), 2),
)


def chapter_level(line: str) -> int:
    """The level of a line that by its words alone is a chapter heading (第三章 总则, Chapter 3), else 0."""
    line = line.strip()
    if not line or len(line) > _LONGEST or line.endswith(_ENDS):
        return 0
    return next((level for pattern, level in _PATTERNS if pattern.match(line)), 0)


_NUMBERED = (
    (re.compile(rf"第\s*{_NUMBER}\s*条(?:\s|$|[^款例])"), 3),
    (re.compile(r"[一二三四五六七八九十]{1,3}、"), 3),
    (re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"), 4),
    (re.compile(r"(?:\d{1,2}\.){2}\d{1,2}\s*\D"), 5),
    (re.compile(r"\d{1,2}\.\d{1,2}\s*[^\d\s]"), 4),
    (re.compile(r"\d{1,2}[.、．]\s*[^\d\s]"), 3),
)


def numbered_level(line: str) -> int:
    """The level of a short line that looks numbered (一、总则; 2.1 Scope): a heading only where it also stands out."""
    line = line.strip()
    if not line or len(line) > _LONGEST or line.endswith(_ENDS):
        return 0
    return chapter_level(line) or next((level for pattern, level in _NUMBERED if pattern.match(line)), 0)
