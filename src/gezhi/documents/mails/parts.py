"""Which parts of a mail are its message and which are attached (RFC 2046).

Of alternatives one is the message, of what is related its root, of what is mixed each text.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from email.message import Message

from gezhi.documents.mails.headers import file_name, header

_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
                         "application/pgp-encrypted"))  # fmt: skip
_SEALED = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_LEAST_PLAIN = 0.2
"""A plain text of less than this share of its HTML twin only says that there is HTML."""


@dataclass
class Parts:
    """The parts of one mail."""

    bodies: list[Message] = field(default_factory=list)
    attached: list[tuple[str, Message]] = field(default_factory=list)
    """Name of the file, and the part."""
    sealed: bool = False
    """Whether a part is encrypted."""


def parts(mail: Message) -> Parts:
    """All parts, sorted into message and attachments."""
    found = Parts()
    _sort(mail, found)
    return found


def payload(part: Message) -> bytes:
    """The bytes of a part; those of an attached mail as a file of its own."""
    inner = _inner(part)
    if part.get_content_maintype() == "message" and inner:
        return inner[0].as_bytes()
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _inner(part: Message) -> list[Message]:
    """The parts inside a part."""
    # Asked for the text of a part with an odd charset, get_payload raises.
    inner = part.get_payload() if part.is_multipart() else []
    return [child for child in inner if isinstance(child, Message)]


def _sort(part: Message, found: Parts) -> None:
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart":
        if not part.is_multipart():  # the boundary never came: all of it is text
            found.bodies.append(part)
        found.sealed |= kind == "multipart/encrypted"
        for child in _chosen(kind, _inner(part)):
            _sort(child, found)
    elif kind in _SEALED and part.get_param("smime-type") != "signed-data":
        found.sealed = True
    elif kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and not file_name(part):
        found.bodies.append(part)
    elif kind not in _SIGNATURES and not _is_decoration(part):
        found.attached.append((_name(part, len(found.attached) + 1), part))


def _chosen(kind: str, children: list[Message]) -> list[Message]:
    if kind != "multipart/alternative":
        return children
    plain = [child for child in children if child.get_content_type() == "text/plain"]
    others = [child for child in children if child.get_content_type() in ("text/html", "multipart/related")]
    rich = [inner for child in others for inner in child.walk() if inner.get_content_type() == "text/html"]
    kept = [child for child in children if child not in plain and child not in others]
    if plain and rich and len(payload(plain[0]).strip()) < _LEAST_PLAIN * _words(payload(rich[0])):
        plain = []
    return (plain or others)[:1] + kept


def _words(html: bytes) -> int:
    """About how many bytes of an HTML text are no tags."""
    return sum(len(piece.rpartition(b">")[2].strip()) for piece in html.split(b"<"))


def _is_decoration(part: Message) -> bool:
    """Logos and the like that the HTML text shows."""
    shown = part.get_content_disposition() == "inline" or (part["Content-ID"] and not part.get_content_disposition())
    return part.get_content_maintype() == "image" and bool(shown)


def _name(part: Message, number: int) -> str:
    name = file_name(part)
    if name:
        return name
    inner = _inner(part)
    if part.get_content_type() == "message/rfc822" and inner:
        subject = "".join("_" if one in '/\\:*?"<>|' else one for one in header(inner[0], "Subject"))[:80].strip(". ")
        return f"{subject or number}.eml"
    return f"{number}{mimetypes.guess_extension(part.get_content_type()) or ''}"
