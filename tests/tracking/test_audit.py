from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.core.errors import RecordsDamaged
from gezhi.core.paths import home
from gezhi.tracking import Audit, Head

FIELDS = ("at", "who", "what", "subject", "details", "before", "after", "previous", "hash", "number")


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    with Audit.open(tmp_path) as log:
        for number in range(8):
            log.append("index", f"{number}.md", {"n": number}, before=None if number % 2 else "aa", after="bb")
        yield log


def tampered(audit: Audit, *statements: str) -> None:
    """As somebody with a tool for SQLite would, who also removes what stands in the way."""
    connection = sqlite3.connect(audit.database.path)
    for trigger in ("entries_stay", "entries_are_fixed"):
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_an_entry_says_who_did_what_when(audit: Audit) -> None:
    entry = audit.append("force", "prompt:3", {"reason": "急"}, before="aa", after="bb", who="键-1")
    assert (entry.number, entry.who, entry.what, entry.subject) == (9, "键-1", "force", "prompt:3")
    assert entry.at.endswith("+00:00")
    assert next(audit.entries()) == entry
    assert [one.number for one in audit.entries(limit=3)] == [9, 8, 7]
    assert [one.number for one in audit.entries(subject="2.md")] == [3]
    assert "@" in audit.append("x", "y").who
    assert audit.verify() == 10


def test_the_data_folder_is_the_default() -> None:
    with Audit.open() as audit:
        assert audit.verify() == 0
        assert audit.head() == Head(0, "0" * 64)
    assert (home() / "audit" / "audit.db").is_file()


@pytest.mark.parametrize("statement", ["DELETE FROM entries WHERE number = 3", "UPDATE entries SET who = 'x'"])
def test_the_log_only_grows(audit: Audit, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only grows"), audit.database.writing() as connection:
        connection.execute(statement)
    assert audit.verify() == 8


@settings(max_examples=25, deadline=None)
@given(number=st.integers(1, 8), field=st.sampled_from(FIELDS), value=st.text("ab0:{} 变", max_size=5))
def test_any_change_is_found(tmp_path_factory: pytest.TempPathFactory, number: int, field: str, value: str) -> None:
    with Audit.open(tmp_path_factory.mktemp("audit")) as audit:
        for n in range(8):
            audit.append("index", f"{n}.md", {"n": n}, before="aa", after="bb")
        given_value = str(100 + len(value)) if field == "number" else "'" + value + "'"
        tampered(audit, f"UPDATE entries SET {field} = {given_value} WHERE number = {number}")
        with pytest.raises(RecordsDamaged, match=r"entry \d+ of the audit log|should have 8 entries"):
            audit.verify()


@pytest.mark.parametrize(
    "statements",
    [
        ["DELETE FROM entries WHERE number = 4"],
        ["DELETE FROM entries WHERE number = 1"],
        ["DELETE FROM entries WHERE number = 8"],
        ["DELETE FROM entries"],
        ["DELETE FROM entries WHERE number = 4", "UPDATE entries SET number = number - 1 WHERE number > 4"],
        ["UPDATE entries SET number = 99 WHERE number = 3", "UPDATE entries SET number = 3 WHERE number = 4",
         "UPDATE entries SET number = 4 WHERE number = 99"],
        ["INSERT INTO entries SELECT 9, at, who, what, subject, details, before, after, hash, hash FROM entries "
         "WHERE number = 8"],
    ],
)  # fmt: skip
def test_deleted_moved_and_inserted_entries_are_found(audit: Audit, statements: list[str]) -> None:
    tampered(audit, *statements)
    with pytest.raises(RecordsDamaged, match=r"of the audit log|should have"):
        audit.verify()


def test_an_end_cut_off_with_care_is_found_by_a_head_noted_elsewhere(audit: Audit) -> None:
    noted = audit.head()
    audit.append("index", "later.md")
    assert audit.verify(noted) == 9
    tampered(
        audit,
        "DELETE FROM entries WHERE number > 6",
        "UPDATE head SET entries = 6, hash = (SELECT hash FROM entries WHERE number = 6)",
    )
    assert audit.verify() == 6, "the chain alone cannot tell"
    with pytest.raises(RecordsDamaged, match="should have ≥ 8 entries and has 6"):
        audit.verify(noted)
