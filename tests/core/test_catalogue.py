from __future__ import annotations

import threading

import pytest

from gezhi.core.catalogue import current_language, say, use_language

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def _locale(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    use_language(None)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    for variable, value in values.items():
        monkeypatch.setenv(variable, value)


def test_texts_come_in_both_languages() -> None:
    assert say("core.nearest", nearest="a") == "Did you mean 'a'? "
    use_language("zh")
    assert say("core.nearest", nearest="a") == "是不是想输入“a”？"


def test_braces_in_values_are_left_alone() -> None:
    assert "{x}" in say("core.nearest", nearest="{x}")


@pytest.mark.parametrize("key", ["core.no_such_text", "no_such_room.text", "core", ""])
def test_an_unknown_key_is_a_mistake_in_the_program(key: str) -> None:
    with pytest.raises(KeyError):
        say(key)


def test_a_missing_value_is_not_papered_over() -> None:
    with pytest.raises(KeyError):
        say("core.nearest")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_language_follows_the_locale(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], expected: str
) -> None:
    _locale(monkeypatch, **values)
    assert current_language() == expected


def test_a_choice_goes_before_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    _locale(monkeypatch, LANG="zh_CN.UTF-8")
    use_language("en")
    assert current_language() == "en"


def test_a_choice_holds_for_its_context_only(monkeypatch: pytest.MonkeyPatch) -> None:
    _locale(monkeypatch, LANG="en_US.UTF-8")

    def elsewhere() -> None:
        use_language("zh")

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert current_language() == "en"
