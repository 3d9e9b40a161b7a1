"""How answers, citations and passages look in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from gezhi.core.catalogue import say
from gezhi.core.types import Answer, AnswerEvent, Citation, Finished, Passage, Said

_QUOTE = 160
_SNIPPET = 120


def show_answer(events: Iterable[AnswerEvent], console: Console) -> Answer:
    """Print an answer as it is made, then its citations and notes."""
    answer: Answer | None = None
    for event in events:
        if isinstance(event, Said):
            text = event.text
            body = text.rstrip()
            console.print(Text(body) + _marks(event.citations) + Text(text[len(body) :]), end="")
            console.file.flush()
        elif isinstance(event, Finished):
            answer = event.answer
    assert answer is not None  # a stream ends with Finished
    for line in _after(answer):
        console.print(line)
    return answer


def show_passages(passages: Iterable[Passage], console: Console) -> None:
    """Print passages, best first, with where they stand and how they begin."""
    for rank, passage in enumerate(passages, 1):
        chunk = passage.chunk
        place = _place(chunk.source, chunk.page, str(chunk.meta.get("heading", "")))
        score = Text(f"  {passage.score:.3f}", style="dim")
        console.print(Text(f"{rank}. ", style="bold") + Text(place, style="cyan") + score)
        console.print(Text(f"   {cut(chunk.text, _SNIPPET)}"))


def short(source: str) -> str:
    """A path as seen from here, where that is shorter."""
    path = Path(source)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else source


def cut(text: str, size: int) -> str:
    """The text on one line, ending in … where it is longer than `size`."""
    line = " ".join(text.split())
    return line if len(line) <= size else line[: size - 1] + "…"


def _after(answer: Answer) -> Iterator[Text]:
    yield Text("\n" if answer.citations else "")
    if answer.refused and answer.passages:
        yield Text(say("cli.nearest_passages"), style="dim")
        for passage in answer.passages[:3]:
            place = _place(passage.chunk.source, passage.chunk.page, str(passage.chunk.meta.get("heading", "")))
            yield Text(f"  · {place}  {cut(passage.chunk.text, 60)}", style="dim")
    shown: set[int] = set()
    for citation in answer.citations:
        if citation.number not in shown:
            shown.add(citation.number)
            yield _citation(citation)
    for note in answer.notes:
        yield Text(say("cli.note", note=note), style="yellow")
    yield Text(_footer(answer), style="dim")


def _citation(citation: Citation) -> Text:
    text = Text(f"[{citation.number}] ", style="bold")
    text.append(_place(citation.source, citation.page, citation.heading), style="cyan")
    text.append(say("cli.quote", quote=cut(citation.quote, _QUOTE)))
    if citation.supported is False:
        text.append("  " + say("cli.unsupported"), style="red")
    return text


def _footer(answer: Answer) -> str:
    parts = [say(f"cli.route_{answer.route}")]
    if answer.confidence is not None:
        parts.append(say("cli.confidence", value=f"{answer.confidence:.2f}"))
    if "total" in answer.timings:
        parts.append(say("cli.seconds", value=f"{answer.timings['total']:.2f}"))
    return " · ".join(parts)


def _marks(citations: Iterable[Citation]) -> Text:
    numbers = dict.fromkeys(citation.number for citation in citations)
    return Text("".join(f"[{number}]" for number in numbers), style="bold cyan")


def _place(source: str, page: int | None, heading: str) -> str:
    place = short(source)
    if page is not None:
        place += " " + say("cli.page", page=page)
    return f"{place} › {heading}" if heading else place
