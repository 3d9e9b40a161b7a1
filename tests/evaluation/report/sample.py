"""One exam with what came of it, of every state a report can show."""

from __future__ import annotations

from dataclasses import replace

from gezhi.core.types import Answer, Chunk, Citation, Passage
from gezhi.evaluation.exam import Exam, Item, Outcome, Relevant
from gezhi.evaluation.report.values import Change, Check, Gate, Passing, Reliability, RiskCoverage, Run, Score, Verdict
from gezhi.evaluation.statistics import Interval, bootstrap, proportion

HOSTILE = "<script>document.title='taken'</script><img src=https://evil.example/x onerror=\"document.title='taken'\">"
_QUESTIONS = (
    "产品X1的保修期是多久？", "员工每年有几天年假？", "How many days of annual leave do employees get?",
    "差旅住宿的报销上限是多少？",
    "Which form is needed to travel abroad, and who has to sign it before the ticket is booked?",
    "火星办事处的电话号码是多少？",
)  # fmt: skip


def exam(count: int = 60, *, reviewed: bool = True) -> Exam:
    return Exam(name="员工手册", items=tuple(_item(number) for number in range(count)), reviewed=reviewed)


def run(of: Exam, *, name: str = "hybrid-k8", lift: float = 0.0) -> Run:
    """Every seventh question refused, one failed, one hostile."""
    outcomes = tuple(_outcome(number, item, lift) for number, item in enumerate(of.items))
    return Run(
        name=name,
        outcomes=outcomes,
        scores=tuple(_score(metric, outcomes) for metric in ("f1", "recall@8", "seconds", "judge")),
        tags={tag: _tagged(of, outcomes, tag) for tag in ("中文", "english", "table")},
        environment={
            "设置 options": {"retrieval.k": "8", "chat.model": name, "prompt": "x" * 180},
            "机器 machine": {"processor": "Example CPU 3000", "cores": "2", "python": "3.11.2"},
        },
        risk=RiskCoverage(
            coverage=[(step + 1) / 60 for step in range(60)],
            risk=[0.02 + 0.28 * ((step + 1) / 60) ** 2 for step in range(60)],
            constant=0.3,
            area=0.113,
        ),
        reliability=_reliability(),
    )


def change(name: str, mean: float, half: float, verdict: Verdict, *, needed: int | None = None) -> Change:
    return Change(
        name=name,
        before=Interval(mean=0.7, low=0.62, high=0.77, n=60),
        after=Interval(mean=0.7 + mean, low=0.62 + mean, high=0.77 + mean, n=60),
        difference=Interval(mean=mean, low=mean - half, high=mean + half, n=60),
        verdict=verdict,
        p=0.003 if verdict != "not_shown" else 0.41,
        test="permutation",
        needed=needed,
    )


def changes() -> tuple[Change, ...]:
    return (
        change("f1", 0.061, 0.031, "better"),
        change("recall@8", 0.012, 0.04, "not_shown", needed=412),
        change("引用准确率", -0.05, 0.02, "worse"),
        Change(name="judge", before=None, after=None, difference=None, verdict="not_shown"),
        replace(change("seconds", -0.2, 0.1, "better"), unit="seconds", higher_is_better=False),
    )


def gate(*results: Passing) -> Gate:
    checks = tuple(
        Check(change=one, margin=0.02, result=result, reason=f"区间 & limit <{one.name}>", seconds=0.25)
        for one, result in zip(changes(), results, strict=False)
    )
    return Gate(name="员工手册", baseline="keyword", candidate="hybrid-k8", checks=checks, notes=("一条备注 \x0b",),
                environment={"options": {"retrieval.k": "8"}})  # fmt: skip


def _item(number: int) -> Item:
    question = _QUESTIONS[number % len(_QUESTIONS)]
    unanswerable = number % 6 == 5
    tags = ("english",) if question.isascii() else ("中文", "table") if number % 4 == 0 else ("中文",)
    quote = "X1 的保修期为自购买之日起二十四个月。"
    return Item(
        id=f"q{number:03}",
        question=f"{question} #{number}",
        answers=() if unanswerable else ("24 个月", "两年"),
        relevant=() if unanswerable else (Relevant(source="handbook/x1.md", start=0, end=len(quote), quote=quote),),
        unanswerable=unanswerable,
        tags=tags,
    )


def _outcome(number: int, item: Item, lift: float) -> Outcome:
    if number == 3:
        return Outcome(item=item.id, answer=None, error="模型服务在 30 秒内没有应答 <timeout>", seconds=30.0)
    score = min(1.0, (number * 37 % 101) / 100 + (lift if number % 3 else -lift / 2))
    scores = {
        "f1": max(0.0, score),
        "recall@8": float(number % 5 != 0),
        "seconds": 0.2 + number % 9 / 10,
        "judge": None,
    }
    if number % 7 == 5:
        refusal = Answer(id=item.id, question=item.question, text="资料中没有足够的依据回答。", refused="not_supported")
        return Outcome(item=item.id, answer=refusal, scores={**scores, "f1": 0.0}, seconds=0.31)
    text = f"保修期为二十四个月。{HOSTILE if number == 4 else ''}延保需要另行购买。"
    return Outcome(item=item.id, answer=_answer(item, text), scores=scores, seconds=0.2 + number % 9 / 10)


def _answer(item: Item, text: str) -> Answer:
    chunk = Chunk(
        document_id="d1", source="handbook/x1.md", text="X1 的保修期为自购买之日起二十四个月。延保服务需要另行购买。",
        start=0, end=30, page=3, meta={"title": "X1", "heading": "售后 > 保修"},
    )  # fmt: skip
    other = Chunk(document_id="d2", source="handbook/a/very/long/path/to/a/file/" + "n" * 60 + ".pdf", text="年假" * 90,
                  start=0, end=180)  # fmt: skip
    return Answer(
        id=item.id, question=item.question, text=text, route="grounded", confidence=0.8,
        citations=(
            Citation(number=1, answer_start=0, answer_end=10, passage=0, quote="X1 的保修期为自购买之日起二十四个月。",
                     source=chunk.source, source_start=0, source_end=20, page=3, heading="售后 > 保修", supported=True),
            Citation(number=2, answer_start=10, answer_end=len(text), passage=0, quote="延保服务需要另行购买。",
                     source=chunk.source, source_start=20, source_end=30, page=3, supported=False),
        ),
        passages=(Passage(chunk=chunk, score=0.913), Passage(chunk=other, score=0.5)),
        notes=("按“保修期”理解了这个问题。",), dropped=("保修期可以无限延长。",),
    )  # fmt: skip


def _score(name: str, outcomes: tuple[Outcome, ...]) -> Score:
    values = [value for one in outcomes if (value := one.scores.get(name)) is not None]
    return Score(
        name=name,
        interval=bootstrap(values) if values else None,
        missing=len(outcomes) - len(values),
        unit="seconds" if name == "seconds" else "share",
        higher_is_better=name != "seconds",
        signature="chars|v1" if name == "f1" else "",
    )


def _tagged(of: Exam, outcomes: tuple[Outcome, ...], tag: str) -> tuple[Score, ...]:
    known = {item.id for item in of.items if tag in item.tags}
    inside = tuple(one for one in outcomes if one.item in known)
    return tuple(_score(name, inside) for name in ("f1", "recall@8"))


def _reliability() -> Reliability:
    counts = [12, 12, 12, 12, 12]
    bins = [proportion(hits, 12) for hits in (2, 4, 7, 8, 11)]
    return Reliability(
        confidence=[0.12, 0.33, 0.55, 0.74, 0.93],
        right=[one.mean for one in bins],
        low=[one.low for one in bins],
        high=[one.high for one in bins],
        counts=counts,
        error=0.041,
    )
