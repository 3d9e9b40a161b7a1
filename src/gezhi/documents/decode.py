"""Bytes to text: which encoding a text file is in, with Chinese first.

Statistics of bytes fail on short Chinese texts, so each encoding that could be meant is tried, and what comes out is
judged by how common its characters are. Other scripts than Chinese and Latin are left to charset-normalizer.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

from gezhi.language.fold import fold

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ("gb18030", "big5hkscs", "cp1252")
_OTHERS = ["cp932", "euc_jp", "cp949", "cp1251", "koi8_r"]
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso8859-1": "cp1252", "ascii": "utf-8"}
_SAMPLE = 48 * 1024
_BROKEN = "\ufffd"
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事"
    "成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此"
    "已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特"
    "代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电"
    "数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却"
    "界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争"
    "运笔请密码版示例字编标价格您号章款司董员工购买售货修服附录说明书简介测试谢欢迎客户组织项责合同甲乙丙丁条议期限额元"
)
"""About the five hundred commonest characters, simplified; others are folded to these before they are looked up."""
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·　％￥－～")


class Decoded(NamedTuple):
    """A text and how it was read."""

    text: str
    encoding: str
    broken: int
    """Places that could not be decoded and stand in the text as U+FFFD."""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of `data`; never fails, but may leave U+FFFD where bytes make no sense.

    Args:
        declared: The encoding that the file itself names, believed if the bytes fit it.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _tolerant(data, name)
    for encoding in (_known(declared), "utf-8"):
        if encoding:
            try:
                return Decoded(data.decode(encoding), encoding, 0)
            except UnicodeDecodeError:
                continue
    if b"\x00" in data[:_SAMPLE]:
        return _tolerant(data, _utf16_order(data))
    return _tolerant(data, _likeliest(_sample(data)))


def _known(name: str | None) -> str | None:
    """Python's name of a declared encoding; None where it names none, or one without which ASCII would fit all."""
    try:
        found = codecs.lookup((name or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    # Pages that say Latin-1 or UTF-16 and could be read at all are mostly something else: the bytes decide.
    if not found._is_text_encoding or found.name in ("ascii", "iso8859-1", "cp1252") or "16" in found.name:
        return None
    return _ALIASES.get(found.name, found.name)


def _tolerant(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    broken = text.count(_BROKEN)
    return Decoded(text, encoding, broken)


def _utf16_order(data: bytes) -> str:
    head = data[: _SAMPLE // 2 * 2]
    little, big = head[1::2].count(0), head[::2].count(0)
    if max(little, big) < len(head) // 200:
        return "utf-8"
    return "utf-16-le" if little >= big else "utf-16-be"


def _sample(data: bytes) -> bytes:
    """The first stretch with bytes beyond ASCII, from a place where a character begins."""
    first = re.search(rb"[\x80-\xff]", data)
    start = data.rfind(b"\n", 0, first.start()) + 1 if first else 0
    return data[start : start + _SAMPLE]


def _likeliest(sample: bytes) -> str:
    scores = {name: _score(sample, name) for name in ("utf-8", *_CANDIDATES)}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < _POOR and sum(byte > 0x7F for byte in sample) >= 8:
        guess = from_bytes(sample, cp_isolation=_OTHERS).best()
        if guess and _score(sample, guess.encoding) > scores[best]:
            return guess.encoding
    return best


_POOR = -2.5
"""Below this mean score a byte no candidate gave likely text."""


def _score(sample: bytes, encoding: str) -> float:
    """How likely the text is, as the mean over the bytes beyond ASCII; 0 would be all common characters."""
    text = sample.decode(encoding, "replace").rstrip(_BROKEN)
    beyond = list(re.finditer(r"[^\x00-\x7f]+", text))
    size = sum(byte > 0x7F for byte in sample)
    if not beyond or not size:
        return -10.0
    total = 0.0
    for match in beyond:
        run = match.group()
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        total += sum(_likelihood(character) for character in _folded(run))
        # A lone character between Latin letters: an accent is at home there, a Chinese character is not.
        if len(run) == 1 and before.isalpha() and after.isalpha():
            total += 2.0 if run < "\u0250" else -6.0
        elif len(run) > 2 and run < "\u0250":
            total -= 3.0 * len(run)
    return total / size


def _folded(run: str) -> str:
    """Each character folded where that is one character again."""
    return "".join(folded if len(folded := fold(character)) == 1 else character for character in run)


def _likelihood(character: str) -> float:
    """Logarithm-like, for a character beyond ASCII; judged by how Chinese of today is written."""
    if character in _COMMON or character in _PUNCTUATION:
        return 0.0
    if "\u4e00" <= character <= "\u9fff":
        return _of_ideograph(character)
    if "\u3040" <= character <= "\u30ff" or "\uac00" <= character <= "\ud7a3" or "\u0400" <= character <= "\u04ff":
        return -2.4
    if character.isascii():  # folded from a full-width form
        return -2.0
    if "\u00c0" <= character <= "\u024f":
        return -3.0
    return -12.0 if character == _BROKEN or "\ue000" <= character <= "\uf8ff" else -7.0


def _of_ideograph(character: str) -> float:
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return -9.0
    # GB 2312 has the 3,755 characters in daily use in its rows 16 to 55, the rarer ones after them.
    return -2.0 if lead < 0xD8 else -6.0
