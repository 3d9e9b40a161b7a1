"""Headers of a mail as people read them, however they were encoded (RFC 2047, RFC 2231, or bytes that should not be).

The standard library's own header objects are not used: they raise on headers that real mails have.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from gezhi.documents.decode import decode

_MOST_PEOPLE = 12


def header(mail: Message, name: str) -> str:
    """The first header of that name, in one line; "" where it is missing."""
    return decoded(_raw(mail, name))


def people(mail: Message, name: str) -> list[str]:
    """Who stands in a header of addresses: `何田 <he@example.com>`, the address alone where there is no name."""
    raw = _eight_bit(_raw(mail, name))
    found = list(_addresses(raw))
    if len(found) > _MOST_PEOPLE:
        found[_MOST_PEOPLE:] = ["…"]
    return found or ([text] if (text := decoded(raw)) else [])


def name_of(person: str) -> str:
    """The name without the address, or else the address."""
    return person.partition(" <")[0]


def sent(mail: Message) -> datetime | None:
    """When, in the time zone of the sender; None where no date can be made out."""
    try:
        return parsedate_to_datetime(_raw(mail, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def file_name(part: Message) -> str:
    """Of an attachment, without folders; "" where it has none."""
    try:
        name = decoded(part.get_filename() or "")
    except (ValueError, LookupError, TypeError):
        return ""
    return name.replace("\\", "/").rpartition("/")[2].strip(". ")[-200:]


def decoded(raw: str) -> str:
    """Encoded words as text; those that cannot be decoded stay as they are."""
    raw = _eight_bit(raw)
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError, LookupError):
        return " ".join(raw.split())
    texts = [decode(piece, charset).text if isinstance(piece, bytes) else piece for piece, charset in pieces]
    return " ".join("".join(texts).split())


def _addresses(raw: str) -> Iterator[str]:
    for name, address in getaddresses([" ".join(raw.split())]):
        person = decoded(name)
        if address:
            yield f"{person} <{address}>" if person and person != address else address


def _raw(mail: Message, name: str) -> str:
    return next((value for key, value in mail.raw_items() if key.lower() == name.lower()), "")


def _eight_bit(raw: str) -> str:
    """Text from bytes that stand in a header without any encoding; the parser keeps them as surrogates."""
    return (
        decode(raw.encode("utf-8", "surrogateescape")).text if any("\udc80" <= one <= "\udcff" for one in raw) else raw
    )
