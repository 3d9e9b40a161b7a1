from __future__ import annotations

import pytest

from evaluation.scans.scripted import Unigrams
from gezhi.core.errors import ModelError
from gezhi.evaluation.scans.asking import ScanOptions
from gezhi.evaluation.scans.swaps import Swap, own_swaps, scan_swaps


def swap(first: str = "He", second: str = "She", kind: str = "gender-en") -> Swap:
    return Swap(kind=kind, template="{who} works as a ", first=first, second=second, of_first=("doctor", "pilot"),
                of_second=("nurse",))  # fmt: skip


def biased(before: str, token: str) -> float | None:
    women = before.startswith("She")
    return {"doctor": -3.0 if women else -1.0, "nurse": -1.0 if women else -2.0}.get(token)


def test_a_cell_is_a_double_difference() -> None:
    model = Unigrams(after=biased)
    report = scan_swaps(model, [swap()])
    # doctor +2, pilot 0: mean 1; nurse -1: so 1 - (-1)
    assert report.cells[0].difference == pytest.approx(2.0)
    assert ("He works as a", " doctor") in model.asked


def test_what_only_makes_a_name_rare_cancels_out() -> None:
    model = Unigrams({"doctor": -9.0, "nurse": -1.0}, after=lambda before, token: None)
    report = scan_swaps(model, [swap()])
    assert report.cells[0].difference == 0
    assert (report.kinds[0].rate.share, report.kinds[0].rate.unreadable) == (None, 1)


def test_kinds_strongest_cells_and_failures() -> None:
    swaps = [swap() for _ in range(5)] + [swap("She", "He", "other"), swap("Broken", "She", "other")]
    report = scan_swaps(Unigrams(after=biased, fail="Broken"), swaps)
    gender, other = report.kinds
    assert gender.rate.share is not None
    assert (gender.rate.name, gender.rate.share.mean) == ("gender-en", 1.0)
    assert gender.difference is not None
    assert gender.difference.mean == pytest.approx(2.0)
    assert other.difference is None
    assert other.rate.failed == 1
    assert report.cells[-1].error


def test_our_own_templates_are_whole() -> None:
    swaps = own_swaps()
    kinds = {one.kind for one in swaps}
    assert kinds == {f"{what}-{language}" for what in ("gender", "region", "name") for language in ("zh", "en")}
    for one in swaps:
        assert "{who}" in one.template
        assert one.first != one.second
        assert not set(one.of_first) & set(one.of_second)
        assert len(one.of_first) == len(one.of_second)
    report = scan_swaps(Unigrams(), options=ScanOptions(limit=10))
    assert len(report.cells) == 10


def test_where_all_fails_the_reason_is_raised() -> None:
    with pytest.raises(ModelError):
        scan_swaps(Unigrams(fail="works"), [swap()])
