"""Books: order, titles of chapters, what is left out, encryption, damage."""

from __future__ import annotations

import pytest

from documents.packages import book, outline, packed
from gezhi.core.errors import DocumentError
from gezhi.documents import Parsed, Source
from gezhi.documents.epub import read_epub

PROSE = "从前有一座山，山上有一座庙，庙里有一个老和尚，老和尚在给小和尚讲故事，讲的是什么呢？"
ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><e:EncryptedData xmlns:e="urn:e">'
    '<e:EncryptionMethod Algorithm="{}"/><e:CipherData><e:CipherReference URI="{}"/></e:CipherData>'
    "</e:EncryptedData></encryption>"
)


def read(data: bytes) -> Parsed:
    return read_epub(Source(name="书.epub", data=data))


def chapter(text: str, heading: str = "") -> str:
    return f"<head><title/></head><body>{f'<h1>{heading}</h1>' if heading else ''}<p>{text}&nbsp;</p></body>"


def test_chapters_come_in_the_order_of_the_spine() -> None:
    told = {"title": "山 与庙", "creator": "佚名", "date": "1999-05", "language": "zh-CN"}
    metadata = "".join(f"<dc:{name}>{text}</dc:{name}>" for name, text in told.items())
    chapters = {"z.xhtml": chapter("先。", "第一章"), "y.xhtml": chapter("后。", "第二章")}
    spine = '<itemref idref="i1"/><itemref idref="i0"/><itemref idref="no"/>'
    parsed = read(book(chapters, metadata=metadata, spine=spine))
    assert outline(parsed) == [
        ("heading1", "第二章"),
        ("paragraph", "后。"),
        ("heading1", "第一章"),
        ("paragraph", "先。"),
    ]
    assert parsed.title == "山 与庙"
    assert parsed.meta == {"year": 1999, "author": "佚名", "language": "zh"}


@pytest.mark.parametrize("version", [2, 3])
def test_a_chapter_without_a_heading_takes_its_title_from_the_contents(version: int) -> None:
    if version == 3:
        item = '<item id="n" href="t/nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        contents = (
            '<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><a href="../a.xhtml#p"> 山 </a></nav></body></html>'
        )
        extra = {"manifest": item, "OEBPS/t/nav.xhtml": contents}
    else:
        item = '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        point = '<navPoint><navLabel><text>山</text></navLabel><content src="a.xhtml#p"/></navPoint>'
        contents = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{point}</navMap></ncx>'
        extra = {"manifest": item, "OEBPS/toc.ncx": contents}
    spine = '<itemref idref="n"/><itemref idref="i0"/><itemref idref="i1"/>'
    parsed = read(book({"a.xhtml": chapter("正文。"), "b.xhtml": chapter("续。", "庙")}, spine=spine, extra=extra))
    assert outline(parsed) == [("heading1", "山"), ("paragraph", "正文。"), ("heading1", "庙"), ("paragraph", "续。")]


def test_covers_and_asides_are_left_out() -> None:
    chapters = {
        "cover.xhtml": chapter("封面"),
        "p.xhtml": chapter("指南说是封面"),
        "x.xhtml": chapter("注"),
        "a.xhtml": chapter(PROSE),
    }
    spine = '<itemref idref="i0"/><itemref idref="i1"/><itemref idref="i2" linear="no"/><itemref idref="i3"/>'
    guide = '<guide><reference type="cover" href="p.xhtml"/></guide>'
    assert read(book(chapters, spine=spine, extra={"guide": guide})).text == PROSE
    assert read(book({"cover.xhtml": chapter(PROSE)})).text == PROSE


def test_encrypted_chapters_are_told_but_not_hidden_fonts() -> None:
    chapters = {"a.xhtml": chapter(PROSE)}
    sealed = {
        "META-INF/encryption.xml": ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/a.xhtml")
    }
    with pytest.raises(DocumentError) as caught:
        read(book(chapters, extra=sealed))
    assert caught.value.key == "documents.encrypted"
    fonts = {"META-INF/encryption.xml": ENCRYPTION.format("http://www.idpf.org/2008/embedding", "OEBPS/a.ttf")}
    assert read(book(chapters, extra=fonts)).text == PROSE


def test_a_missing_chapter_costs_only_itself() -> None:
    extra = {"manifest": '<item id="gone" href="../../gone.xhtml" media-type="application/xhtml+xml"/>'}
    parsed = read(book({"a.xhtml": chapter(PROSE)}, spine='<itemref idref="gone"/><itemref idref="i0"/>', extra=extra))
    assert parsed.text == PROSE
    assert len(parsed.notes) == 1
    assert "gone.xhtml" in parsed.notes[0]


@pytest.mark.parametrize("container", [None, "<container/>", "<broken", '<c><rootfile full-path="no.opf"/></c>'])
def test_what_is_no_book_is_refused(container: str | None) -> None:
    with pytest.raises(DocumentError, match="epub"):
        read(packed({"a.txt": "x"} if container is None else {"META-INF/container.xml": container}))
