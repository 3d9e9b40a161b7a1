from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from evaluation.watch.answers import NOON, answer
from gezhi.core.types import Refusal
from gezhi.evaluation.watch import Watch


def _samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_reads_what_is_on_record(tmp_path: Path) -> None:
    with Watch.open(tmp_path) as watch:
        for number, seconds in enumerate((0.04, 0.3, 0.3, 80.0)):
            refused: Refusal | None = "not_supported" if number == 3 else None
            watch.record(answer(f"a{number}", supported=(True, False), seconds=seconds, refused=refused), at=NOON)
        watch.thumb("a0", False)
        watch.thumb("a0", True)
        watch.thumb("a1", False)
        samples = _samples(watch.prometheus())
        families = {family.name: family.type for family in text_string_to_metric_families(watch.prometheus())}
    assert samples["gezhi_answers_total", (("route", "grounded"),)] == 3
    assert samples["gezhi_refusals_total", (("reason", "not_supported"),)] == 1
    assert samples["gezhi_sentences_total", (("supported", "true"),)] == 3
    assert samples["gezhi_sentences_total", (("supported", "false"),)] == 3
    assert samples["gezhi_thumbs", (("up", "true"),)] == 1
    assert samples["gezhi_thumbs", (("up", "false"),)] == 1
    assert samples["gezhi_tokens_total", (("kind", "prompt"),)] == 400
    assert samples["gezhi_last_answer_timestamp_seconds", ()] == NOON.timestamp()
    bucket = "gezhi_answer_seconds_bucket"
    under = {le: samples[bucket, (("le", le), ("stage", "total"))] for le in ("0.05", "0.25", "0.5", "60.0", "+Inf")}
    assert under == {"0.05": 1, "0.25": 1, "0.5": 3, "60.0": 3, "+Inf": 4}
    assert samples["gezhi_answer_seconds_count", (("stage", "total"),)] == 4
    assert samples["gezhi_answer_seconds_sum", (("stage", "total"),)] == pytest.approx(80.64)
    assert samples["gezhi_confidence_bucket", (("le", "0.9"),)] == 4
    assert samples["gezhi_top_cosine_count", ()] == 4
    assert families["gezhi_answers"] == "counter"
    assert families["gezhi_answer_seconds"] == "histogram"
    assert families["gezhi_thumbs"] == "gauge"


def test_labels_are_escaped(tmp_path: Path) -> None:
    stage = 'a "b" \\ c\nd'
    with Watch.open(tmp_path) as watch:
        one = answer("a")
        watch.record(type(one)(id="a", question="q", text="t", route="grounded", timings={stage: 1.0}))
        samples = _samples(watch.prometheus())
    assert samples["gezhi_answer_seconds_count", (("stage", stage),)] == 1


def test_an_empty_store_has_families_without_samples(tmp_path: Path) -> None:
    with Watch.open(tmp_path) as watch:
        text = watch.prometheus()
    assert text.endswith("\n")
    samples = _samples(text)
    assert set(samples.values()) == {0.0}
    assert ("gezhi_sentences_total", (("supported", "true"),)) in samples
