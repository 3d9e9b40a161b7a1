"""How many tokens a text has for a model whose vocabulary is not at hand: an estimate that is meant to be too high."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from gezhi.core.types import Message, Usage

_PIECE = re.compile(r"[A-Za-z]+|\s+|[^\x00-\x7f]+|.", re.DOTALL)
WIDE = 1.7
"""Tokens a non-ASCII character: what the vocabulary of GPT-4 needs for the densest Chinese paragraphs."""
PER_MESSAGE = 8
"""Tokens that a chat template sets around one message (4 to 7 in those of Qwen, Llama 3, Gemma and ChatML)."""


def estimate_tokens(text: str) -> int:
    """At least as many tokens as vocabularies made for Chinese and English give a usual text.

    A word counts one token for every four letters begun, a run of blanks one a line end and one besides, a digit or
    mark one, any other character `WIDE`. Measured on 2,977 Chinese (also traditional) and English paragraphs, none was
    too low for Qwen, DeepSeek, GPT-4 or GPT-4o; on average Qwen and DeepSeek need .4 to .5 of it for Chinese and .7
    for English. Not a bound for rare characters (up to three byte tokens each), for scripts that a vocabulary does
    not know, or for English-only vocabularies on Chinese.
    """
    count, wide = 0, 0
    for piece in _PIECE.findall(text):
        if piece[0] > "\x7f":
            wide += len(piece)
        elif piece.isspace():
            count += piece.count("\n") + (len(piece.replace("\n", "")) > 1)
        else:
            count += math.ceil(len(piece) / 4)
    return count + math.ceil(wide * WIDE)


def estimate_usage(messages: Iterable[Message], written: str) -> Usage:
    """Usage where the server did not tell it."""
    prompt = sum(PER_MESSAGE + estimate_tokens(message.content) for message in messages)
    return Usage(prompt_tokens=prompt, completion_tokens=estimate_tokens(written), estimated=True)
