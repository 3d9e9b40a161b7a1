from __future__ import annotations

import pytest

from gezhi.core.types import Message, Usage
from gezhi.models.tokens import PER_MESSAGE, estimate_tokens, estimate_usage


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("warranty", 2),
        ("a b", 2),
        ("2024", 4),
        ("保修期", 6),
        ("a\n\nb", 4),
        ("a    b", 3),
        ("，。", 4),
        ("it's", 3),
    ],
)
def test_the_rule(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens


def test_usage_is_marked_as_estimated() -> None:
    messages = [Message("system", "保修期"), Message("user", "warranty")]
    usage = estimate_usage(messages, "2024")
    assert usage == Usage(prompt_tokens=2 * PER_MESSAGE + 8, completion_tokens=4, estimated=True)
    assert (usage + Usage()).estimated
