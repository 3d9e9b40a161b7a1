"""Chat models run by transformers: a folder, or weights from Hugging Face or ModelScope. One reply at a time a thread.

The decoding loop is our own: a generator that is closed stops at once, and each reply has its own seeded sampler.
Leaves out quantised loading, several devices, and models that bring their own code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer

from gezhi.core.errors import ModelError, ModelRefused
from gezhi.core.system import usable_cores
from gezhi.core.types import Delta, Message, Reply, Sampling, Usage
from gezhi.models.chat import DEFAULT_CONTEXT, ChatOptions
from gezhi.models.hub import model_folder
from gezhi.models.replies import StopTexts, finished, joined
from gezhi.models.thinking import Beginning
from gezhi.models.tokens import estimate_usage

FILES = ("*.json", "*.safetensors", "*.model", "*.txt", "*.jinja", "README.md", "LICENSE*")
UNFINISHED = "\ufffd"
"""What a decoder gives for a character of which some bytes are still to come."""


class HuggingFace:
    """A causal language model with a chat template, on the best device there is. May be used by several threads.

    Raises:
        ModelError: The weights are not there, cannot be fetched or loaded, or have no chat template.
    """

    def __init__(self, options: ChatOptions) -> None:
        self.name = options.model
        self._thinking = options.thinking
        self._tokenizer, self._model = loaded(options)
        if not self._tokenizer.chat_template:
            raise ModelError("models.no_template", path=self._tokenizer.name_or_path)
        self.context_length = context_length(options, self._model)
        self._ends = _ends(self._model, self._tokenizer)

    def reply(self, messages: Sequence[Message], sampling: Sampling) -> Reply:
        """The whole reply. Raises ModelError."""
        return joined(self.stream(messages, sampling), model=self.name)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        """The reply as it is made; closing the iterator stops the work. Raises ModelError."""
        prompt = self._prompt(messages)
        pieces = self._pieces(prompt, sampling)
        # Templates of models that always think end the prompt inside the thought.
        begins: Beginning = "thought" if prompt.rstrip().endswith("<think>") else "unknown"
        return finished(pieces, model=self.name, estimate=partial(estimate_usage, messages), begins=begins)

    def count_tokens(self, text: str) -> int:
        """Exact, without marks that a chat template sets."""
        return len(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _prompt(self, messages: Sequence[Message]) -> str:
        turns = [{"role": message.role, "content": message.content} for message in messages]
        wished = {} if self._thinking == "auto" else {"enable_thinking": self._thinking == "on"}
        return str(self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True, **wished))

    def _pieces(self, prompt: str, sampling: Sampling) -> Iterator[Delta]:
        ids = self._tokenizer(prompt, add_special_tokens=False)["input_ids"]
        if len(ids) >= self.context_length:
            raise ModelRefused("models.too_long", model=self.name, tokens=len(ids), most=self.context_length)
        text, stops = _Text(self._tokenizer), StopTexts(sampling.stop)
        count, reason = 0, "length"
        for token in self._tokens(ids, sampling):
            count += 1
            if token in self._ends:
                reason = "stop"
                break
            yield Delta(text=stops.feed(text.feed(token)))
            if stops.found:
                break
        if not stops.found:
            yield Delta(text=stops.feed(text.rest()))
        if not stops.found:
            yield Delta(text=stops.rest())
        reason = "stop" if stops.found else reason
        yield Delta(finish_reason=reason, usage=Usage(prompt_tokens=len(ids), completion_tokens=count))

    def _tokens(self, ids: list[int], sampling: Sampling) -> Iterator[int]:
        """At most `max_tokens` token ids, as far as the context reaches; the caller stops at an end mark."""
        generator = torch.Generator(device=self._model.device)
        generator.manual_seed(sampling.seed if sampling.seed is not None else torch.seed())
        fresh, cache = torch.tensor([ids], device=self._model.device), None
        for _ in range(min(sampling.max_tokens, self.context_length - len(ids))):
            logits, cache = self._step(fresh, cache)
            token = _pick(logits, sampling, generator)
            yield token
            fresh = torch.tensor([[token]], device=self._model.device)

    def _step(self, fresh: torch.Tensor, cache: Any) -> tuple[torch.Tensor, Any]:
        """Logits (vocabulary,) behind the last token of `fresh` (1, n), and the cache with its keys and values."""
        # Only around the step: around a `yield` the caller's own code would run in inference mode too.
        with torch.inference_mode():
            output = self._model(input_ids=fresh, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return output.logits[0, -1].float(), output.past_key_values


def loaded(options: ChatOptions) -> tuple[Any, Any]:
    """Tokenizer and causal language model, on the best device there is. Raises ModelError."""
    folder = str(model_folder(options.scheme, options.target, files=FILES))
    torch.set_num_threads(options.threads or usable_cores())
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise ModelError("models.hf_not_loaded", path=folder, reason=_first_line(error)) from error
    return tokenizer, model.to(_device()).eval()


def context_length(options: ChatOptions, model: Any) -> int:
    """Tokens that prompt and reply may have together: as asked, else as trained up to the usual bound."""
    trained = getattr(model.config, "max_position_embeddings", None) or DEFAULT_CONTEXT
    return int(options.context_length or min(trained, DEFAULT_CONTEXT))


class _Text:
    """Text from tokens, piece by piece: a character may take several tokens, and a blank depends on what precedes."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._said = ""

    def feed(self, token: int) -> str:
        """The text that is certain now and was not before."""
        self._ids.append(token)
        whole = self._decoded()
        return "" if whole.endswith(UNFINISHED) else self._new(whole)

    def rest(self) -> str:
        """What is left at the end, also of a character that was never finished."""
        return self._new(self._decoded())

    def _decoded(self) -> str:
        return str(self._tokenizer.decode(self._ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _new(self, whole: str) -> str:
        new, self._said = whole[len(self._said) :], whole
        if new.endswith("\n"):
            # A line end lets the window begin anew, so that long replies are not decoded from the start each time.
            self._ids, self._said = [], ""
        return new


def _pick(logits: torch.Tensor, sampling: Sampling, generator: torch.Generator) -> int:
    """The next token: the likeliest at temperature 0, else drawn from the smallest set that holds `top_p`."""
    if sampling.temperature == 0:
        return int(logits.argmax())
    probabilities, order = torch.softmax(logits / sampling.temperature, dim=-1).sort(descending=True)
    # The token that crosses the bound belongs to the set, so that it is never empty.
    probabilities[probabilities.cumsum(0) - probabilities >= sampling.top_p] = 0
    return int(order[torch.multinomial(probabilities, 1, generator=generator)])


def _ends(model: Any, tokenizer: Any) -> frozenset[int]:
    """Tokens that end a reply: those of the generation settings (one or several) and the tokenizer's."""
    listed = model.generation_config.eos_token_id
    several = listed if isinstance(listed, list) else [listed]
    return frozenset(token for token in [*several, tokenizer.eos_token_id] if token is not None)


def _device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
