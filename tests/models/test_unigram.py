from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from gezhi.models.e5_files import ready_export
from gezhi.models.unigram import Unigram, load_unigram, nmt_nfkc

PIECES = ["<s>", "</s>", "<unk>", "▁", "a", "b", "ab", "▁ab", "abc", "保", "修", "保修", "保修期", "期", "～", "~"]
SCORES = [0.0, 0.0, 0.0, -2.0, -3.0, -3.5, -5.0, -4.0, -9.0, -5.0, -5.5, -6.0, -20.0, -5.25, -4.0, -4.0]


def small(longest: int = 64) -> Unigram:
    return Unigram(PIECES, SCORES, unknown=2, ends=(0, 1), longest=longest)


@pytest.fixture(scope="module")
def reference() -> Tokenizer:
    made = Tokenizer(models.Unigram(list(zip(PIECES, SCORES, strict=True)), unk_id=2))
    made.normalizer = nmt_nfkc()
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    return made


@settings(deadline=None, max_examples=400)
@given(
    st.text(alphabet=st.one_of(st.sampled_from("ab c保修期～~▁<s>/\t\u3000Ａﬁ\u200b"), st.characters(codec="utf-8")))
)
def test_pieces_are_those_of_the_library(reference: Tokenizer, text: str) -> None:
    assert small(10**6).encode(text)[1:-1] == reference.encode(text).ids


def test_strange_characters_in_a_row_are_one_piece() -> None:
    assert small().encode("保修☃☃☃a") == [0, 3, 11, 2, 4, 1]


def test_a_long_text_is_cut_and_closed() -> None:
    whole = small(10**6).encode("ab期" * 100)
    cut = small(20).encode("ab期" * 100)
    assert cut == [*whole[:19], 1]
    assert len(small(20).encode("保" * 10**5)) == 20


def test_the_built_in_vocabulary_against_the_library() -> None:
    """On text of many scripts, cut and uncut: the tokenizer that is used and the one in the export are the same."""
    folder = ready_export()
    library = Tokenizer.from_file(str(folder / "tokenizer.json"))
    library.enable_truncation(64)
    own = load_unigram(folder, longest=64)
    texts = [
        "passage: 产品X1的保修期是两年（24个月）；自签收之日起计算。",
        "query: How long is the warranty of X1?   And of X2?",
        "５～１０ 天，①②③ ㎏ ﬁn ｶﾞ 한국어 Ελληνικά русский עברית हिन्दी",
        "\tdef f(x):\n\treturn x**2  # 平方\r\n",
        "🎉👩‍👩‍👧 \x00\x01\x7f\ufeff �\ue000▁▁",
        "<s></s><pad><mask>",
        " ",
        "",
    ]
    every = "".join(map(chr, range(32, 0x3000)))
    texts += [every[start:end] for start, end in pairwise(range(0, len(every), 40))]
    assert [text for text in texts if own.encode(text) != library.encode(text).ids] == []
