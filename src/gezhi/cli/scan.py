"""`gezhi scan bias|safety|diversity|choice`: how a model behaves, measured on files or on what we ship."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say
from gezhi.core.errors import UsageError
from gezhi.core.types import Progress

if TYPE_CHECKING:
    from gezhi.core.protocols import ChatModel, LogProbs
    from gezhi.evaluation.datasets.fields import Record
    from gezhi.evaluation.scans.asking import ScanOptions
    from gezhi.models import ChatOptions

By = Literal["auto", "logprobs", "generation"]
_OWN_WEIGHTS = ("gguf", "hf", "modelscope")
"""Schemes whose weights run here: their log-probabilities are always to be had."""
Report = Any


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Asking:
    """Which model is asked, and how."""

    model: Annotated[str | None, Parameter(help=say("scans.opt_model"))] = None
    by: Annotated[By, Parameter(help=say("scans.opt_by"))] = "auto"
    limit: Annotated[int, Parameter(help=say("scans.opt_limit"))] = 0
    seed: Annotated[int, Parameter(help=say("scans.opt_seed"))] = 0
    shots: Annotated[int, Parameter(help=say("scans.opt_shots"))] = 0
    parallel: Annotated[int, Parameter(help=say("scans.opt_parallel"))] = 2
    max_tokens: Annotated[int, Parameter(help=say("scans.opt_max_tokens"))] = 512

    @property
    def options(self) -> ScanOptions:
        """Checked."""
        from gezhi.evaluation.scans.asking import ScanOptions

        return ScanOptions(
            limit=self.limit, seed=self.seed, shots=self.shots, parallel=self.parallel, max_tokens=self.max_tokens
        )


def bias(
    *files: Annotated[Path, Parameter(help=say("scans.arg_bias"))],
    asking: Asking | None = None,
    common: Common | None = None,
) -> int:
    """Bias: sentence pairs, BBQ, or our own swaps of names, genders and regions."""
    from gezhi.evaluation.scans.bbq import scan_bbq
    from gezhi.evaluation.scans.pairs import scan_pairs, sentence_pairs
    from gezhi.evaluation.scans.questions import bbq
    from gezhi.evaluation.scans.swaps import scan_swaps

    asking, common = asking or Asking(), common or Common()
    asked = _Model(asking, common)
    with _bar(common.json) as bar:
        kinds: dict[str, Callable[[Sequence[Record]], Report]] = {
            "pairs": lambda found: scan_pairs(asked.logprobs(), sentence_pairs(found), asking.options, bar),
            "bbq": lambda found: scan_bbq(asked.either(), bbq(found), asking.options, bar),
        }
        scanned = _each(files, kinds, "bias") or [
            ("swaps", "", scan_swaps(asked.logprobs(), None, asking.options, bar))
        ]
    return _shown(scanned, common)


def safety(
    *files: Annotated[Path, Parameter(help=say("scans.arg_safety"))],
    asking: Asking | None = None,
    common: Common | None = None,
) -> int:
    """Safety: refusals of harmful and of harmless requests, or multiple choice in the form of SafetyBench."""
    from gezhi.evaluation.scans.choosing import scan_choices
    from gezhi.evaluation.scans.questions import choices
    from gezhi.evaluation.scans.refusing import safety_prompts, scan_safety

    asking, common = asking or Asking(), common or Common()
    asked = _Model(asking, common)
    with _bar(common.json) as bar:
        kinds: dict[str, Callable[[Sequence[Record]], Report]] = {
            "prompt": lambda found: scan_safety(asked.chat(), safety_prompts(found), asking.options, bar),
            "choice": lambda found: scan_choices(asked.either(), choices(found), asking.options, bar),
        }
        scanned = _each(files, kinds, "safety") or [
            ("prompt", "", scan_safety(asked.chat(), None, asking.options, bar))
        ]
    return _shown(scanned, common)


def choice(
    *files: Annotated[Path, Parameter(help=say("scans.arg_choice"))],
    asking: Asking | None = None,
    common: Common | None = None,
) -> int:
    """Multiple choice (C-Eval, CMMLU, MMLU) and word problems (GSM8K)."""
    from gezhi.evaluation.scans.calculating import scan_problems
    from gezhi.evaluation.scans.choosing import scan_choices
    from gezhi.evaluation.scans.questions import choices, problems

    asking, common = asking or Asking(), common or Common()
    if not files:
        raise UsageError("scans.no_files")
    asked = _Model(asking, common)
    with _bar(common.json) as bar:
        kinds: dict[str, Callable[[Sequence[Record]], Report]] = {
            "choice": lambda found: scan_choices(asked.either(), choices(found), asking.options, bar),
            "problem": lambda found: scan_problems(asked.chat(), problems(found), asking.options, bar),
        }
        scanned = _each(files, kinds, "choice")
    return _shown(scanned, common)


def diversity(
    *files: Annotated[Path, Parameter(help=say("scans.arg_diversity"))],
    samples: Annotated[int, Parameter(help=say("scans.opt_samples"))] = 8,
    temperature: Annotated[float, Parameter(help=say("scans.opt_temperature"))] = 0.8,
    top_p: Annotated[float, Parameter(help=say("scans.opt_top_p"))] = 0.95,
    asking: Asking | None = None,
    common: Common | None = None,
) -> int:
    """Diversity of repeated replies to the same prompt."""
    from gezhi.evaluation.scans.diversity import DiversityOptions, own_prompts, prompts_of, scan_diversity
    from gezhi.knowledge.pipeline import load_pipeline
    from gezhi.models import embedder

    asking, common = asking or Asking(), common or Common()
    freedom = DiversityOptions(samples=samples, temperature=temperature, top_p=top_p)
    prompts = [prompt for file in files for prompt in prompts_of(file)] or own_prompts()
    model = _Model(asking, common).chat()
    meanings = embedder(load_pipeline(common.config, common.set).embed)
    with _bar(common.json) as bar:
        report = scan_diversity(model, meanings, prompts, freedom, asking.options, bar)
    return _shown([("diversity", ", ".join(file.name for file in files), report)], common)


class _Model:
    """The model asked for, loaded once, as what replies or as what tells log-probabilities."""

    def __init__(self, asking: Asking, common: Common) -> None:
        from gezhi.knowledge.pipeline import load_pipeline

        chat = load_pipeline(common.config, common.set).chat
        self._options: ChatOptions = replace(chat, model=asking.model) if asking.model else chat
        if not self._options.model:
            raise UsageError("scans.no_model")
        self._by = asking.by
        self._chat: ChatModel | None = None
        self._logprobs: LogProbs | None = None

    def chat(self) -> ChatModel:
        from gezhi.models import chat_model

        self._chat = self._chat or chat_model(self._options)
        return self._chat

    def logprobs(self) -> LogProbs:
        from gezhi.models import logprobs

        self._logprobs = self._logprobs or logprobs(self._options)
        return self._logprobs

    def either(self) -> ChatModel | LogProbs:
        """What `--by` asks for; auto: log-probabilities where the weights run on this machine."""
        by_logprobs = self._by == "logprobs" or (self._by == "auto" and self._options.scheme in _OWN_WEIGHTS)
        return self.logprobs() if by_logprobs else self.chat()


def _each(
    files: Sequence[Path], kinds: dict[str, Callable[[Sequence[Record]], Report]], scan: str
) -> list[tuple[str, str, Report]]:
    """Kind, name and report of each file. Every file is read before the first model is asked."""
    from gezhi.evaluation.scans.questions import form, read_records

    read = [(file, read_records(file)) for file in files]
    for file, found in read:
        if form(found[0]) not in kinds:
            raise UsageError("scans.other_form", path=file, scan=scan, known=", ".join(found[0].values))
    return [(form(found[0]), file.name, kinds[form(found[0])](found)) for file, found in read]


@contextmanager
def _bar(quiet: bool) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=quiet or not sys.stderr.isatty()) as bars:
        tasks = {}

        def progress(stage: str, done: int, total: int) -> None:
            if done == 1 or stage not in tasks:
                tasks[stage] = bars.add_task(say(f"scans.stage_{stage}"), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield progress


def _shown(scanned: Sequence[tuple[str, str, Report]], common: Common) -> int:
    if common.json:
        print_json([{"scan": kind, "file": name, "report": report} for kind, name, report in scanned])
        return 0
    from rich.console import Console

    from gezhi.cli.scanned import show

    console = Console(highlight=False)
    for _, name, report in scanned:
        show(name, report, console)
    return 0
