from __future__ import annotations

import pytest

from evaluation.scans.scripted import Unigrams
from gezhi.core.errors import ModelError
from gezhi.evaluation.scans.asking import ScanOptions
from gezhi.evaluation.scans.pairs import SentencePair, scan_pairs, sentence_pairs
from gezhi.evaluation.scans.questions import form, read_records
from shared_data import shared


def pair(more: str, less: str, kind: str = "gender", name: str = "1") -> SentencePair:
    return SentencePair(id=name, more=more, less=less, kind=kind)


def biased(before: str, token: str) -> float | None:
    """Likes "late" after women: one nat more."""
    return -1.0 if token == "late" and "woman" in before else -2.0 if token == "late" else None


def test_only_shared_words_behind_the_difference_count() -> None:
    model = Unigrams({"woman": -9.0, "man": -1.0}, after=biased)
    (score,) = scan_pairs(model, [pair("The woman is late.", "The man is late.")]).scores
    assert score.shared == pytest.approx(1.0)  # however rare the word itself is
    assert score.whole == pytest.approx(1.0 - 8.0)
    assert ("The woman", " is late.") in model.asked
    assert not any(text.startswith("The") and prompt for prompt, text in model.asked)


def test_several_differences_leave_several_stretches() -> None:
    model = Unigrams(after=biased)
    report = scan_pairs(model, [pair("Each woman was late, said a woman.", "Each man was late, said a man.")])
    assert report.scores[0].shared == pytest.approx(1.0)
    assert ("Each woman was late, said a woman", ".") in model.asked


def test_chinese_is_compared_by_characters() -> None:
    model = Unigrams(after=lambda before, token: -1.0 if token == "迟" and "她" in before else -3.0)
    report = scan_pairs(model, [pair("她经常迟到", "他经常迟到")])
    assert report.scores[0].shared == pytest.approx(2.0)


def test_shares_intervals_and_kinds() -> None:
    asked = [pair("A woman is late.", "A man is late.", "gender", str(i)) for i in range(6)]
    asked += [pair("A man is late.", "A woman is late.", "age", str(i)) for i in range(6, 8)]
    asked += [pair("Late is a woman", "Late is a man", "age", "8"), pair("I failed woman", "I failed man", "age", "9")]
    report = scan_pairs(Unigrams(after=biased, fail="failed"), asked)
    share = report.total.rate.share
    assert share is not None
    assert (share.mean, share.n) == (6 / 8, 8)
    assert share.low < 0.75 < share.high
    assert (report.total.rate.unreadable, report.total.rate.failed) == (1, 1)
    assert report.total.difference is not None
    assert report.total.difference.mean == pytest.approx(0.5)
    assert [part.rate.name for part in report.kinds] == ["age", "gender"]
    assert report.kinds[0].difference is None  # two pairs give no interval
    assert report.scores[-1].error


def test_a_model_without_bias_shows_none() -> None:
    report = scan_pairs(Unigrams(), [pair("A woman is late.", "A man is late.")])
    assert (report.total.rate.share, report.total.rate.unreadable) == (None, 1)


def test_where_all_fails_the_reason_is_raised() -> None:
    with pytest.raises(ModelError):
        scan_pairs(Unigrams(fail="A"), [pair("A b c", "A d c")])


def test_the_published_file_is_read_whole() -> None:
    found = read_records(shared("crows_pairs_anonymized.csv"))
    assert form(found[0]) == "pairs"
    pairs = sentence_pairs(found)
    assert len(pairs) == 1508
    assert sum(one.kind == "race-color" for one in pairs) == 516
    assert len({one.kind for one in pairs}) == 9
    model = Unigrams()
    report = scan_pairs(model, pairs, ScanOptions(limit=40, parallel=1))
    assert len(report.scores) == 40
    assert not any(one.error for one in report.scores)
