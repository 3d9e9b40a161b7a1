"""Extractive answers on public reading sets: is the gold answer said, in how many sentences, and what is refused?

    python benchmarks/answers.py [--questions N] [--data FOLDER]

Each paragraph becomes a document of a collection. Answerable questions are asked of all of them. Unanswerable ones
are asked of a second collection that lacks every paragraph of their article. Gold strings are found after folding and
without blank space or punctuation.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from gezhi.answering import Answerer, AnswerOptions
from gezhi.answering.memory import RememberingEmbedder
from gezhi.core.protocols import Embedder
from gezhi.core.types import Answer, Block, Document
from gezhi.documents import SplitOptions
from gezhi.documents.split import split
from gezhi.language.fold import fold
from gezhi.models import EmbedOptions, embedder
from gezhi.retrieval import Collection, FileRecord, RetrievalOptions
from report import SHARED, report


@dataclass(frozen=True)
class Question:
    """One question with its gold answers and the article it is about."""

    text: str
    gold: tuple[str, ...]
    article: str


@dataclass(frozen=True)
class Exam:
    """Paragraphs with their article, and questions about them."""

    name: str
    paragraphs: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    made = RememberingEmbedder(embedder(EmbedOptions()))
    rows = [row(exam, options.questions, made) for exam in exams(options.data)]
    report("answers", f"python benchmarks/answers.py --questions {options.questions}", rows)


def exams(folder: Path) -> Iterator[Exam]:
    """Reading sets in Chinese, traditional Chinese and English, and English questions about Chinese text."""
    chinese, english = squad("xquad zh", folder / "xquad.zh.json"), squad("xquad en", folder / "xquad.en.json")
    yield squad("cmrc2018 trial", folder / "cmrc2018_trial.json")
    yield some_articles(squad("drcd dev", folder / "drcd_dev.json"), 40)
    yield chinese
    yield english
    # Both languages have the same paragraphs and questions in the same order.
    pairs = list(zip(english.questions, chinese.questions, strict=True))
    crossed = tuple(Question(asked.text, told.gold, told.article) for asked, told in pairs)
    yield Exam("xquad en -> zh", chinese.paragraphs, crossed)
    # Half of the articles in each language, half of the questions in each: a question may be about either half.
    sides = zip(english.paragraphs, chinese.paragraphs, strict=True)
    both = tuple(one if int(one[0]) % 2 else other for one, other in sides)
    asked = tuple(
        Question((en if i % 2 else zh).text, en.gold + zh.gold, en.article) for i, (en, zh) in enumerate(pairs)
    )
    yield Exam("xquad en + zh", both, asked)


def some_articles(exam: Exam, most: int) -> Exam:
    """A part of an exam, for time."""
    kept = set(random.Random(3).sample(sorted({article for article, _ in exam.paragraphs}), most))
    paragraphs = tuple(paragraph for paragraph in exam.paragraphs if paragraph[0] in kept)
    questions = tuple(question for question in exam.questions if question.article in kept)
    return Exam(f"{exam.name}, {most} articles", paragraphs, questions)


def squad(name: str, path: Path) -> Exam:
    """A file in the format of SQuAD."""
    paragraphs: list[tuple[str, str]] = []
    questions: list[Question] = []
    for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        for paragraph in article["paragraphs"]:
            paragraphs.append((str(number), paragraph["context"]))
            for one in paragraph["qas"]:
                if not one["question"].strip():
                    continue
                gold = tuple(dict.fromkeys(answer["text"] for answer in one["answers"]))
                questions.append(Question(one["question"], gold, str(number)))
    return Exam(name, tuple(paragraphs), tuple(questions))


def row(exam: Exam, most: int, made: Embedder) -> dict[str, Any]:
    """The figures of one exam."""
    chosen = random.Random(0).sample(exam.questions, min(most, len(exam.questions)))
    articles = sorted({question.article for question in exam.questions})
    held_out = set(random.Random(1).sample(articles, len(articles) // 2))
    with tempfile.TemporaryDirectory() as scratch:
        whole = ask(Path(scratch, "whole"), exam.paragraphs, chosen, made)
        rest = [paragraph for paragraph in exam.paragraphs if paragraph[0] not in held_out]
        foreign = [question for question in chosen if question.article in held_out]
        without = ask(Path(scratch, "part"), rest, foreign, made)
    told = [(question, answer) for question, answer in whole if answer.refused is None]
    return {
        "set": exam.name,
        "questions": len(whole),
        "gold in first sentence": share(says(q, first(a)) for q, a in told) * len(told) / len(whole),
        "gold in answer": share(says(q, a.text) for q, a in told) * len(told) / len(whole),
        "gold in passages": share(any(says(q, p.chunk.text) for p in a.passages) for q, a in whole),
        "sentences": mean(len({(c.answer_start, c.answer_end) for c in a.citations}) for _, a in told),
        "characters": mean(len(a.text) for _, a in told),
        "refused, answerable": share(a.refused is not None for _, a in whole),
        "refused, unanswerable": share(a.refused is not None for _, a in without),
    }


def ask(
    folder: Path, paragraphs: Sequence[tuple[str, str]], questions: Sequence[Question], made: Embedder
) -> list[tuple[Question, Answer]]:
    """Answers from a collection of the paragraphs."""
    with Collection.open(folder, RetrievalOptions()) as collection:
        fill(collection, {f"{number:05}": text for number, (_, text) in enumerate(paragraphs)}, made)
        answerer = Answerer(
            collection.seen_by(None, made),
            made,
            None,
            AnswerOptions(),
            empty=lambda: False,
            document_text=lambda name: collection.document(name).text,
        )
        return [(question, answerer.answer(question.text)) for question in questions]


def fill(collection: Collection, texts: Mapping[str, str], made: Embedder) -> None:
    """Each text becomes a document of one paragraph, under its name."""
    with collection.write() as writer:
        for name, text in texts.items():
            block = Block(kind="paragraph", start=0, end=len(text))
            document = Document(id=name, source=name, title=name, text=text, blocks=(block,))
            record = FileRecord(source=name, sha256=name, size=len(text), mtime_ns=0, recipe="")
            writer.put(record, [(document, split(document, SplitOptions()))])
        writer.embed(made)
        writer.publish()


def first(answer: Answer) -> str:
    """What the first citation holds."""
    return answer.text[: answer.citations[0].answer_end] if answer.citations else ""


def says(question: Question, text: str) -> bool:
    """Whether a gold answer stands in the text."""
    bare = _bare(text)
    return any(_bare(gold) in bare for gold in question.gold)


def share(values: Iterable[bool]) -> float:
    """Of true ones."""
    known = list(values)
    return sum(known) / len(known) if known else float("nan")


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


if __name__ == "__main__":
    main()
