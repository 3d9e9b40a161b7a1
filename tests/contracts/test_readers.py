"""What every reader in the table keeps to."""

from __future__ import annotations

import shutil
from functools import cache
from itertools import pairwise
from typing import get_args

import pytest

from documents.samples import SAMPLES, SENTENCE
from gezhi.core.errors import DocumentError
from gezhi.core.types import BlockKind, Document
from gezhi.documents import READERS, ReadOptions
from gezhi.documents.front import read_bytes


@cache
def documents(family: str) -> tuple[Document, ...]:
    if family == "office" and not shutil.which("soffice"):
        pytest.skip("needs LibreOffice")
    name, make = SAMPLES[family]
    return read_bytes(make(), name)


def test_every_reader_has_a_sample() -> None:
    assert set(SAMPLES) == set(READERS)


@pytest.mark.parametrize("family", READERS)
class TestReader:
    def test_the_sentence_is_found(self, family: str) -> None:
        found = "\n".join(document.text for document in documents(family))
        assert SENTENCE in found.replace("\n", " ")

    def test_blocks_are_ordered_full_and_cover_the_text(self, family: str) -> None:
        for document in documents(family):
            assert document.blocks
            for block in document.blocks:
                text = document.text[block.start : block.end]
                assert text
                assert text == text.strip("\n")
                assert block.kind in get_args(BlockKind)
                assert (1 <= block.level <= 6) == (block.kind == "heading")
            for before, after in pairwise(document.blocks):
                assert before.end <= after.start
            gaps = [0, *(edge for block in document.blocks for edge in (block.start, block.end)), len(document.text)]
            assert not "".join(document.text[gaps[i] : gaps[i + 1]] for i in range(0, len(gaps), 2)).strip()

    def test_tables_are_rows_below_their_header(self, family: str) -> None:
        for document in documents(family):
            for block in document.blocks:
                if block.kind == "table":
                    text = document.text[block.start : block.end]
                    assert all(line.strip() for line in text.splitlines())
                    if block.header:
                        assert text.startswith(block.header)

    def test_meta_title_and_text_can_be_stored(self, family: str) -> None:
        for document in documents(family):
            assert document.title.strip()
            assert "\n" not in document.title
            for text in (document.title, document.text, document.source, *document.notes):
                assert "\x00" not in text
                text.encode("utf-8")
            for key, value in document.meta.items():
                assert isinstance(key, str)
                assert isinstance(value, str | int | float | bool)

    def test_the_same_bytes_give_the_same_documents(self, family: str) -> None:
        name, make = SAMPLES[family]
        if family in ("office", "image"):
            pytest.skip("seconds a file")
        assert read_bytes(make(), name)[0].text == documents(family)[0].text

    def test_ids_come_from_sources(self, family: str) -> None:
        found = documents(family)
        assert len({document.id for document in found}) == len(found)
        assert all(len(document.id) == 16 for document in found)

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
    def test_half_a_file_is_read_or_refused(self, family: str, share: float) -> None:
        name, make = SAMPLES[family]
        if family in ("office", "image"):
            pytest.skip("seconds a file")
        data = make()
        try:
            assert read_bytes(data[: int(len(data) * share)], name, ReadOptions(ocr="off"))
        except DocumentError as error:
            assert name in str(error)
