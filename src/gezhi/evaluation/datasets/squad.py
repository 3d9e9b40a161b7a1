"""SQuAD form, as SQuAD 1.1 and 2.0, XQuAD, CMRC and DRCD have it: articles of paragraphs of questions.

Every paragraph becomes a document that the exam brings along, `NAME/003-001.txt` by the places of article and
paragraph; all paragraphs of an article count as one document for splits. Questions without any text are left out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from gezhi.core.errors import ExamError
from gezhi.evaluation.datasets.fields import Record, parsed, unique
from gezhi.evaluation.exam import Exam, Item, Relevant

_log = logging.getLogger(__name__)


def read(path: Path, text: str) -> Exam:
    """The exam of a file's text."""
    value = parsed(text, path)
    if not isinstance(value, dict) or "data" not in value:
        raise ExamError("exams.missing", where=path.name, field="data")
    texts: dict[str, str] = {}
    items = unique(_items(path.stem, Record(path.name, value), texts))
    return Exam(name=path.stem, items=items, texts=texts)


def _items(name: str, whole: Record, texts: dict[str, str]) -> Iterator[tuple[str, Item]]:
    for number, article in enumerate(whole.records("data")):
        for place, paragraph in enumerate(article.records("paragraphs")):
            source = f"{name}/{number:03}-{place:03}.txt"
            texts[source] = context = paragraph.text("context")
            for asked in paragraph.records("qas"):
                if asked.values.get("question") == "" or str(asked.values.get("question", "-")).isspace():
                    _log.warning("%s: a question without text is left out", asked.where)
                    continue
                yield asked.where, _item(asked, source, context, f"{name}/{number:03}")


def _item(asked: Record, source: str, context: str, document: str) -> Item:
    impossible = asked.flag("is_impossible")
    told = asked.records("answers")
    if impossible and told:
        raise ExamError("exams.answered", where=asked.where, id=asked.text("id"), answer=told[0].text("text"))
    answers = tuple(dict.fromkeys(one.text("text") for one in told))
    # Annotators mark the same place in different widths: the first is where the answer stands.
    relevant = (_place(told[0], source, context),) if told else ()
    return Item(
        id=asked.text("id"), question=asked.text("question"), answers=answers, relevant=relevant,
        unanswerable=impossible, document=document,
    )  # fmt: skip


def _place(answer: Record, source: str, context: str) -> Relevant:
    quote, start = answer.text("text"), answer.number("answer_start")
    if start is None or context[start : start + len(quote)] != quote:
        # Offsets in bytes, or counted before the text was normalised: the quote finds it.
        start = context.find(quote)
    end = start + len(quote)
    return Relevant(source=source, quote=quote, start=start, end=end) if start >= 0 else Relevant(source=source)
