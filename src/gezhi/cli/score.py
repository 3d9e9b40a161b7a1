"""`gezhi score`: any text metric on files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say
from gezhi.core.errors import UnknownName, UsageError
from gezhi.core.names import hint

if TYPE_CHECKING:
    from rich.console import Console

    from gezhi.evaluation.quality.text import Score, TextMetric
    from gezhi.evaluation.quality.text.likelihood import Perplexity

MEANINGS = {
    "bleu": "score.about_bleu",
    "chrf": "score.about_chrf",
    "chrf++": "score.about_chrf_words",
    "rouge-1": "score.about_rouge_1",
    "rouge-2": "score.about_rouge_2",
    "rouge-l": "score.about_rouge_l",
    "rouge-set-1": "score.about_rouge_set",
    "rouge-set-2": "score.about_rouge_set",
    "meteor": "score.about_meteor",
    "em": "score.about_em",
    "f1": "score.about_f1",
    "f1-cmrc": "score.about_f1_cmrc",
    "distinct-1": "score.about_distinct",
    "distinct-2": "score.about_distinct",
    "distinct-3": "score.about_distinct",
    "self-bleu": "score.about_self_bleu",
    "repetition-4": "score.about_repetition",
    "longest-repeat": "score.about_longest_repeat",
    "length-characters": "score.about_length_characters",
    "length-tokens": "score.about_length_tokens",
    "length-ratio": "score.about_length_ratio",
    "perplexity": "score.about_perplexity",
    "bits-per-byte": "score.about_bits",
}
"""Score to the text that says what it is."""
_DIGITS = {
    "bleu": 2, "chrf": 2, "chrf++": 2, "self-bleu": 2, "perplexity": 2, "longest-repeat": 0, "length-characters": 1,
    "length-tokens": 1,
}  # fmt: skip


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Reading:
    """How files and texts are read."""

    field: Annotated[str, Parameter(help=say("score.opt_field"))] = "text"
    ref_field: Annotated[str | None, Parameter(help=say("score.opt_ref_field"))] = None
    lang_of_text: Annotated[Literal["zh", "en", "auto"], Parameter(help=say("score.opt_lang_of_text"))] = "auto"
    tokenize: Annotated[str, Parameter(help=say("score.opt_tokenize"))] = "auto"
    stem: Annotated[bool, Parameter(negative="", help=say("score.opt_stem"))] = False


def score(
    metric: Annotated[str, Parameter(help=say("score.arg_metric"))],
    /,
    *files: Annotated[Path, Parameter(help=say("score.arg_files"))],
    model: Annotated[str | None, Parameter(help=say("score.opt_model"))] = None,
    reading: Reading | None = None,
    common: Common | None = None,
) -> int:
    """Score texts."""
    from gezhi.evaluation.quality.text.files import read_references, read_texts

    reading, common = reading or Reading(), common or Common()
    if not files:
        raise UsageError("score.no_files", metric=metric)
    metrics = list(_metrics(metric, reading, bool(files[1:]), model, common))
    texts = read_texts(files[0], reading.field)
    field = reading.ref_field or reading.field
    references = read_references(files[1:], field, beside=files[0], count=len(texts)) if files[1:] else []
    scores = [made for one in metrics for made in one(texts, references)]
    if common.json:
        print_json(scores)
        return 0
    from rich.console import Console

    _show(scores, Console(highlight=False))
    return 0


def _metrics(
    name: str, reading: Reading, referenced: bool, model: str | None, common: Common
) -> Iterable[TextMetric | Perplexity]:
    """The metrics asked for, before any file is read. Raises UsageError where files are missing or not wanted."""
    from gezhi.evaluation.quality.text import TEXT_METRICS, TextOptions, text_metric

    options = TextOptions(language=reading.lang_of_text, tokenize=reading.tokenize, stem=reading.stem)
    known = (*TEXT_METRICS, "ppl", "all")
    if name not in known:
        raise UnknownName(
            "core.unknown_name", kind=say("score.kind"), name=name, hint=hint(name, known), known=", ".join(known)
        )
    if referenced and name in ("distinct", "self-bleu", "repetition", "ppl"):
        raise UsageError("score.no_reference_wanted", metric=name)
    if name != "ppl":
        asked = [text_metric(one, options) for one in (TEXT_METRICS if name == "all" else [name])]
        if name != "all" and asked[0].referenced and not referenced:
            raise UsageError("score.needs_reference", metric=name)
        yield from (one for one in asked if referenced or not one.referenced)
    if name == "ppl" or (name == "all" and model):
        yield _perplexity(model, common)


def _perplexity(model: str | None, common: Common) -> Perplexity:
    """By the model named, else by the one configured; address, key and threads are those of `chat` in any case."""
    from gezhi.evaluation.quality.text.likelihood import Perplexity
    from gezhi.knowledge.pipeline import load_pipeline
    from gezhi.models import logprobs

    chat = load_pipeline(common.config, common.set).chat
    chat = replace(chat, model=model) if model else chat
    if not chat.model:
        raise UsageError("score.no_model")
    return Perplexity(logprobs(chat))


def _show(scores: Sequence[Score], console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(say("score.column_metric"), no_wrap=True)
    table.add_column(say("score.column_value"), justify="right", no_wrap=True)
    table.add_column(say("score.column_meaning"), overflow="fold")
    for made in scores:
        value = say("score.not_measured") if made.value is None else f"{made.value:.{_DIGITS.get(made.name, 4)}f}"
        table.add_row(Text(made.name, "cyan"), Text(value, "bold"), say(MEANINGS[made.name]))
    console.print(table)
    signed: dict[str, list[str]] = {}
    for made in scores:
        signed.setdefault(made.signature, []).append(made.name)
    for signature, names in signed.items():
        # In one piece, so that it can be copied into a paper.
        console.print(Text(f"{', '.join(names)}  {signature}", "dim"), soft_wrap=True)
