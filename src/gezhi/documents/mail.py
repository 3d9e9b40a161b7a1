"""Mails: the subject, who wrote to whom and when, the text; attachments and forwarded mails are read like files.

Plain text is preferred to HTML. Left out: pictures shown inside the text, signatures, calendars.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from functools import partial

from gezhi.core.errors import DocumentError
from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.decode import decode
from gezhi.documents.html import add_html
from gezhi.documents.mails.headers import header, name_of, people, sent
from gezhi.documents.mails.parts import parts, payload
from gezhi.documents.markup import html_root
from gezhi.documents.pages.wording import joined
from gezhi.documents.properties import properties
from gezhi.documents.text import read_text

_HEADERS = ("From", "To", "Subject", "Date", "Received", "Message-ID")
_CHINESE = re.compile("[\u3400-\u9fff]")
# The words stand in the text of the mail: they follow its language, not that of who reads it.
_LABELS = {True: ("发件人：", "收件人：", "抄送：", "日期："), False: ("From: ", "To: ", "Cc: ", "Date: ")}
_EMPTY_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_WRAPPED = range(50, 82)
"""Lengths of lines that a program broke."""
_OWN_LINE = re.compile(r"\s|[->*+•]|\d+[.、)]")


def read_eml(source: Source) -> Parsed:
    """One mail, its attachments inside.

    Raises:
        DocumentError: Encrypted; or no mail, and no text either.
    """
    mail = message_from_bytes(source.data)
    if not any(name in mail for name in _HEADERS):
        return read_text(source)
    found = parts(mail)
    builder = TextBuilder()
    subject = header(mail, "Subject")
    builder.heading(subject, 1)
    texts = [(part, decode(payload(part), _charset(part)).text) for part in found.bodies]
    builder.paragraph(
        _envelope(mail, chinese=_CHINESE.search(subject + "".join(text for _, text in texts)) is not None)
    )
    for part, text in texts:
        _add_text(builder, part, text)
    if found.sealed and not any(text.strip() for _, text in texts):
        raise DocumentError("documents.encrypted", path=source.name)
    if source.budget:
        source.budget.members -= len(found.attached)
        if source.budget.members < 0:
            raise DocumentError("documents.bomb_members", path=source.name, limit=source.options.archive.members)
    writers, date = people(mail, "From"), sent(mail)
    meta = properties(author=name_of(writers[0]) if writers else None, date=date)
    return builder.parsed(title=subject, meta=meta, inside=list(_members(source, found.attached)))


def _charset(part: Message) -> str | None:
    charset = part.get_param("charset")
    return charset if isinstance(charset, str) else None


def _envelope(mail: Message, *, chinese: bool) -> str:
    date = sent(mail)
    values = [", ".join(people(mail, name)) for name in ("From", "To", "Cc")]
    values.append(f"{date:%Y-%m-%d %H:%M} {date:%z}".strip() if date else header(mail, "Date"))
    return "\n".join(label + value for label, value in zip(_LABELS[chinese], values, strict=True) if value)


def _add_text(builder: TextBuilder, part: Message, text: str) -> None:
    if part.get_content_type() == "text/html":
        root = html_root(text)
        if root is not None:
            add_html(builder, root)
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format") or "").lower() == "flowed":
        text = _unflowed(text, delete_space=str(part.get_param("delsp") or "").lower() == "yes")
    for paragraph in _EMPTY_LINES.split(text):
        lines = paragraph.split("\n")
        wrapped = len(lines) > 1 and all(len(line) in _WRAPPED for line in lines[:-1])
        own = any(_OWN_LINE.match(line) for line in lines[1:])
        builder.paragraph(joined([line.strip() for line in lines]) if wrapped and not own else paragraph)


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Lines that end in a space go on in the next (RFC 3676); quotation depth is not looked at."""
    lines: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        goes_on_after = line.endswith(" ") and line != "-- "
        kept = line[:-1] if goes_on_after and delete_space else line
        kept = kept.removeprefix(" ") if not goes_on else kept
        if goes_on:
            lines[-1] += kept
        else:
            lines.append(kept)
        goes_on = goes_on_after
    return "\n".join(lines)


def _members(source: Source, attached: list[tuple[str, Message]]) -> Iterator[Callable[[], Source]]:
    names: set[str] = set()
    for name, part in attached:
        unique, number = name, 2
        while unique in names:
            stem, dot, suffix = name.rpartition(".")
            unique, number = f"{stem or suffix}-{number}{dot if stem else ''}{suffix if stem else ''}", number + 1
        names.add(unique)
        yield partial(_member, source, unique, part)


def _member(source: Source, name: str, part: Message) -> Source:
    shown = f"{source.name}/{name}"
    try:
        data = payload(part)
    except (MessageError, ValueError, LookupError, TypeError) as error:  # an attached mail that cannot be written again
        raise DocumentError("documents.broken", path=shown, reason=error) from error
    if not data:
        raise DocumentError("documents.empty", path=shown)
    return source.inside(name, data)
