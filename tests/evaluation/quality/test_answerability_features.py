"""What the answerability model looks at."""

from __future__ import annotations

from dataclasses import replace

from gezhi.core.types import Chunk, Passage
from gezhi.evaluation.quality.answerability_features import ACROSS, USUAL_ABOVE, WITHIN, by_model, features


def passage(text: str, keyword: float = 1.0, dense: float = 0.8, context: str = "") -> Passage:
    chunk = Chunk(document_id=text, source="a.txt", text=text, start=0, end=len(text), context=context)
    return Passage(chunk=chunk, score=0.5, found_by={"keyword": keyword, "dense": dense})


def test_all_features_are_there_and_bounded() -> None:
    found = features(
        "张伟于2003年创立了哪家公司？", [passage("张伟于2003年创立了格物公司。", 9, 0.9), passage("天气晴朗。")]
    )
    assert {*WITHIN, *ACROSS} <= set(found)
    assert found["covered"] == found["covered_closely"] == 1.0
    assert found["names_absent"] == found["names_apart"] == 0.0
    assert found["legs_agree"] == 1.0


def test_names_years_and_identifiers_that_are_absent() -> None:
    text = "张伟于2003年创立了格物公司，生产X1。"
    for question in ("李强创立了哪家公司？", "张伟于2013年创立了哪家公司？", "X9是哪家公司生产的？"):
        assert features(question, [passage(text)])["names_absent"] == 1 / 3


def test_a_name_in_the_heading_is_there() -> None:
    assert features("X1的保修期？", [passage("保修期为一年。", context="X1 手册")])["names_absent"] == 0.0


def test_names_that_no_one_passage_has_together_stand_apart() -> None:
    found = features("张伟和王芳是什么关系？", [passage("张伟是经理。"), passage("王芳是会计。")])
    assert found["names_absent"] == 0.0
    assert found["names_apart"] == 1 / 3


def test_a_passage_that_only_one_leg_found() -> None:
    one = Passage(chunk=passage("天气晴朗。").chunk, score=0.5, found_by={"dense": 0.8})
    found = features("天气如何？", [one])
    assert (found["keyword_gap"], found["keyword_per_term"], found["legs_agree"]) == (0.0, 0.0, 0.0)


def test_a_question_of_nothing_but_asking_words() -> None:
    assert features("什么？", [passage("天气晴朗。")])["covered"] == 1.0


def test_each_language_has_its_model() -> None:
    chinese, english = passage("天气晴朗。"), passage("The weather is fine.")
    assert by_model("How is the weather?", [chinese, english]) == {"across": [chinese], "within": [english]}
    assert by_model("天气如何？", [chinese]) == {"within": [chinese]}


def test_the_best_cosine_above_chance_or_the_usual_one() -> None:
    near, far = passage("天气晴朗。"), passage("会议改期。")
    near = replace(near, found_by={**near.found_by, "dense_above": 0.05})
    assert features("天气如何？", [far, near])["cosine_above"] == 0.05
    assert features("天气如何？", [far])["cosine_above"] == USUAL_ABOVE
