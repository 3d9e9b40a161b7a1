from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from gezhi.core.catalogue import use_language
from gezhi.core.errors import BadOptions, ModelTimeout
from gezhi.evaluation.scans.asking import ScanOptions
from gezhi.evaluation.scans.diversity import DiversityOptions, clusters, scan_diversity
from gezhi.models import EmbedOptions, embedder
from gezhi.models.fake import FakeChat


class ByFirstLetter:
    """Texts with the same first letter have the same vector; others are orthogonal."""

    name, dim = "letters", 128

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(128, dtype=np.float32)[[ord(text[0]) % 128 for text in texts]]


def scan(replies: Sequence[str], samples: int = 4, prompts: int = 1, **options: float) -> tuple[object, ...]:
    report = scan_diversity(
        FakeChat(replies), ByFirstLetter(), [f"p{i}" for i in range(prompts)],
        DiversityOptions(samples=samples, **options), ScanOptions(parallel=1),
    )  # fmt: skip
    one = report.prompts[0]
    return one.different, one.spread, one.largest, one.clusters, report.advice


def test_equal_replies_are_a_collapse_in_words() -> None:
    different, spread, largest, groups, advice = scan(["a b"] * 4)
    assert (different, spread, largest, groups) == (0.25, 0.0, 1.0, 1)
    assert "75% of the replies repeat an earlier one" in str(advice)


def test_other_words_of_one_meaning_are_a_collapse_too() -> None:
    different, spread, largest, groups, advice = scan(["a b", "a c", "a d", "a e"])
    assert (different, spread, largest, groups) == (1.0, 0.0, 1.0, 1)
    assert "the mode has collapsed" in str(advice)


def test_different_meanings_are_clusters() -> None:
    different, spread, largest, groups, advice = scan(["a b", "a c", "x y", "z"])
    assert (different, largest, groups) == (1.0, 0.5, 3)
    assert spread == pytest.approx(5 / 6)
    assert "the replies vary" in str(advice)
    assert "scattered" in str(advice)


def test_at_temperature_zero_the_advice_is_to_raise_it() -> None:
    use_language("zh")
    assert "温度为 0" in str(scan(["a"] * 4, temperature=0.0)[-1])


def test_seeds_follow_each_other_and_failures_are_counted() -> None:
    model = FakeChat(["a", ModelTimeout("models.empty_reply", model="m"), "a b", "c"])
    report = scan_diversity(
        model, ByFirstLetter(), ["p", "q"], DiversityOptions(samples=2), ScanOptions(parallel=1, seed=7)
    )
    assert [call.sampling.seed for call in model.calls] == [7, 8, 7, 8]
    assert {call.sampling.temperature for call in model.calls} == {0.8}
    assert (report.failed, report.prompts[0].failed, report.prompts[0].spread) == (1, 1, None)
    assert report.prompts[1].distinct["distinct-1"] == 1.0
    assert report.spread is None


def test_means_have_intervals_from_five_prompts_on() -> None:
    model = FakeChat(["a", "b"] * 5)
    report = scan_diversity(model, ByFirstLetter(), list("pqrst"), DiversityOptions(samples=2), ScanOptions(parallel=1))
    assert report.largest is not None
    assert (report.largest.mean, report.largest.n) == (0.5, 5)


@pytest.mark.parametrize("wrong", [{"samples": 1}, {"temperature": -1.0}, {"top_p": 0.0}, {"same": 2.0}])
def test_ranges(wrong: dict[str, float]) -> None:
    with pytest.raises(BadOptions):
        DiversityOptions(**wrong)  # type: ignore[arg-type]


def test_no_chain_of_neighbours_makes_one_meaning() -> None:
    angles = np.deg2rad(np.arange(0, 100, 10))
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    groups = clusters(vectors, 0.95)
    assert sorted(i for group in groups for i in group) == list(range(10))
    assert len(groups) > 2


SAME = {
    "zh": [
        "公司成立于1998年，总部在北京。",
        "该公司1998年在北京成立，总部设在那里。",
        "这家公司于1998年成立，总部位于北京。",
    ],
    "en": [
        "The company was founded in 1998 in Beijing.",
        "Founded in 1998, the company is based in Beijing.",
        "The company started in Beijing in 1998.",
    ],
}
OTHER = {
    "zh": ["猫喜欢在窗台上晒太阳。", "这道菜要先用盐腌半小时。", "火车晚点了四十分钟。"],
    "en": ["Cats like to sleep in the sun.", "Salt the fish half an hour before frying it.", "The train was late."],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_built_in_embedder_tells_one_meaning_from_several(language: str) -> None:
    built_in = embedder(EmbedOptions())
    same = DiversityOptions().same
    assert len(clusters(built_in.embed_passages(SAME[language]), same)) == 1
    assert len(clusters(built_in.embed_passages(OTHER[language]), same)) == 3
