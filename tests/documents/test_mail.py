"""Mails: headers however encoded, the right body, attachments through the front, what is sealed or no mail."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from documents.packages import outline
from documents.samples import SAMPLES, SENTENCE
from gezhi.core.errors import DocumentError
from gezhi.documents import ArchiveOptions, Parsed, ReadOptions, Source
from gezhi.documents.front import read_bytes
from gezhi.documents.mail import read_eml


def read(data: bytes | str) -> Parsed:
    return read_eml(Source(name="a.eml", data=data.encode() if isinstance(data, str) else data))


def message(subject: str = "通知", body: str = "各位同事：\n\n周五开会。") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "林知远 <lin@example.com>", "all@example.com", subject
    mail["Date"] = "Mon, 16 Mar 2026 09:30:00 +0800"
    mail.set_content(body)
    return mail


def test_subject_people_date_and_text() -> None:
    parsed = read(message().as_bytes())
    assert outline(parsed) == [
        ("heading1", "通知"),
        ("paragraph", "发件人：林知远 <lin@example.com>\n收件人：all@example.com\n日期：2026-03-16 09:30 +0800"),
        ("paragraph", "各位同事："), ("paragraph", "周五开会。"),
    ]  # fmt: skip
    assert parsed.title == "通知"
    assert parsed.meta == {"author": "林知远", "date": "2026-03-16", "year": 2026}


def test_labels_follow_the_language_of_the_mail() -> None:
    mail = message("Notice", "Meeting on Friday.")
    mail.replace_header("From", "a@example.com")
    mail["Cc"] = '"Li, Lei" <li@example.com>, b@example.com'
    assert outline(read(mail.as_bytes()))[1][1] == (
        "From: a@example.com\nTo: all@example.com\n"
        "Cc: Li, Lei <li@example.com>, b@example.com\nDate: 2026-03-16 09:30 +0800"
    )


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "big5", "utf-8", "x-unknown"])
def test_encodings_of_header_and_text(charset: str) -> None:
    real = "gb18030" if charset == "x-unknown" else charset
    subject = base64.b64encode(
        "會議通知".encode("big5" if charset == "big5" else "gb18030" if real != "utf-8" else real)
    )
    body = "周五下午開會，請準時參加。" if charset == "big5" else "周五下午开会，请准时参加。"
    word = "gbk" if charset in ("x-unknown", "gb2312") else charset
    head = f"From: a@example.com\r\nSubject: =?{word}?B?{subject.decode()}?=\r\n"
    head += f"Content-Type: text/plain; charset={charset}\r\n\r\n"
    parsed = read(head.encode() + body.encode(real))
    assert parsed.title == "會議通知"
    assert parsed.text.endswith(body)


def test_headers_of_bare_bytes_and_broken_words() -> None:
    head = "From: 何田 <he@example.com>\nSubject: 关于年假的通知\nDate: soon\n\n".encode("gb18030")
    parsed = read(head + b"ok")
    assert parsed.title == "关于年假的通知"
    assert parsed.meta == {"author": "何田"}
    assert "日期：soon" in parsed.text
    assert read("Subject: =?utf-8?B?!!!?= =?nope\n\nx").text.endswith("x")


def test_words_cut_in_the_middle_of_a_character() -> None:
    data = "中文标题".encode()
    first, second = (base64.b64encode(part).decode() for part in (data[:4], data[4:]))
    assert read(f"Subject: =?utf-8?B?{first}?=\n =?utf-8?B?{second}?=\n\nx").title == "中文标题"


def test_plain_text_is_preferred_to_html_unless_it_says_nothing() -> None:
    mail = message()
    mail.add_alternative("<p>HTML 版本</p>", subtype="html")
    assert "HTML" not in read(mail.as_bytes()).text
    short = message(body="See HTML.")
    short.add_alternative("<h2>安排</h2><ul><li>" + "一" * 60 + "</li></ul>", subtype="html")
    assert outline(read(short.as_bytes()))[2:] == [("heading2", "安排"), ("list", "- " + "一" * 60)]


def test_html_alone_and_in_parts_that_belong_together() -> None:
    mail = EmailMessage()
    mail["Subject"] = "t"
    mail.set_content("<table><tr><th>型号</th><th>价</th></tr><tr><td>X1</td><td>9</td></tr></table>", subtype="html")
    mail.add_related(b"\x89PNG", "image", "png", cid="<logo>")
    parsed = read(mail.as_bytes())
    assert outline(parsed)[1] == ("table", "型号 | 价\nX1 | 9")
    assert not list(parsed.inside)


def test_flowed_and_wrapped_lines_are_joined() -> None:
    flowed = "Subject: t\nContent-Type: text/plain; format=flowed\n\nOne two \nthree.\n- a\n"
    assert read(flowed).text.endswith("One two three.\n- a")
    line = "The warranty of every product that was bought in this year lasts"
    assert read(f"Subject: t\n\n{line}\n24 months.").text.endswith(f"{line} 24 months.")
    assert read(f"Subject: t\n\n{line}\n- 24 months.").text.endswith(f"{line}\n- 24 months.")
    spaced = "Subject: t\nContent-Type: text/plain; format=flowed; delsp=yes\n\n中 \n文\n"
    assert read(spaced).text.endswith("中文")


def test_attachments_are_read_like_files() -> None:
    mail = message()
    for family in ("docx", "image"):
        name, make = SAMPLES[family]
        mail.add_attachment(make(), maintype="application", subtype="octet-stream", filename=f"附件/{name}")
    mail.add_attachment("型号,价\nX1,9\n", filename="价.csv")
    mail.add_attachment("型号,价\nX2,8\n", filename="价.csv")
    mail.add_attachment(b"", maintype="application", subtype="pdf", filename="空.pdf")
    mail.add_attachment(message("转发的内部通知", "请查收。"))
    found = read_bytes(mail.as_bytes(), "盒/a.eml", ReadOptions(ocr="off"))
    names = [document.source.removeprefix("盒/") for document in found]
    assert names == [
        "a.eml",
        f"a.eml/{SAMPLES['docx'][0]}",
        "a.eml/价.csv",
        "a.eml/价-2.csv",
        "a.eml/转发的内部通知.eml",
    ]
    assert SENTENCE in found[1].text
    assert found[4].text.endswith("请查收。")
    assert len([note for note in found[0].notes if "空.pdf" in note or SAMPLES["image"][0] in note]) == 2


def test_names_of_attachments_cannot_leave_their_mail() -> None:
    mail = message()
    mail.add_attachment(b"x", maintype="text", subtype="plain", filename="..\\..\\etc/passwd")
    assert [member().name for member in read(mail.as_bytes()).inside] == ["a.eml/passwd"]


def test_a_mail_of_too_many_parts_is_refused() -> None:
    mail = message()
    for number in range(5):
        mail.add_attachment(b"x", maintype="text", subtype="x", filename=f"{number}.txt")
    with pytest.raises(DocumentError):
        read_bytes(mail.as_bytes(), "a.eml", ReadOptions(archive=ArchiveOptions(members=4)))


def test_mails_inside_each_other_end_somewhere() -> None:
    mail = message("0")
    for number in range(1, 8):
        outer = message(str(number))
        outer.add_attachment(mail)
        mail = outer
    found = read_bytes(mail.as_bytes(), "a.eml")
    assert [document.title for document in found] == ["7", "6", "5", "4"]
    assert found[0].notes


def test_parts_without_their_boundary_are_text() -> None:
    assert read("Subject: t\nContent-Type: multipart/mixed; boundary=y\n\n正文还在").text.endswith("正文还在")


def test_a_damaged_attached_mail_costs_only_itself() -> None:
    # The standard library cannot write such a mail again.
    inner = "Subject: 内\nContent-Type: multipart/mixed; boundary=y\n\n正文没有边界"
    parts = (
        "\n\n开会",
        "Content-Type: message/rfc822\n\n" + inner,
        'Content-Disposition: attachment; filename="b.txt"\n\n文',
    )
    mixed = "\n--x\n".join(("Subject: t\nContent-Type: multipart/mixed; boundary=x\n", *parts))
    found = read_bytes(mixed.encode() + b"\n--x--\n", "a.eml")
    assert [document.source for document in found] == ["a.eml", "a.eml/b.txt"]
    assert "a.eml/内.eml" in found[0].notes[0]


def test_an_encrypted_mail_is_told() -> None:
    sealed = "Subject: t\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nAAAA"
    with pytest.raises(DocumentError, match=r"a\.eml") as caught:
        read(sealed)
    assert caught.value.key == "documents.encrypted"


def test_text_that_is_no_mail_is_text() -> None:
    assert read("只是一段文字。").text == "只是一段文字。"
    with pytest.raises(DocumentError):
        read(bytes(range(256)) * 20)
