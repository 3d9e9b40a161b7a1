"""Log-probabilities of texts by GGUF weights: llama.cpp gives those of the tokens it makes, so it is made to make them.

A grammar whose only sentence is the continuation's tokens leaves the sampler no choice; the log-probabilities reported
are those of the raw logits, before any grammar or sampling. Tokens come at the speed of generation, not of a prompt;
with quantised weights a token behind a long prompt differs somewhat from the same one behind a scored text.
"""

from __future__ import annotations

from gezhi.core.errors import ModelError, ModelRefused
from gezhi.models.chat import ChatOptions
from gezhi.models.gguf_engine import GgufEngine
from gezhi.models.logprobs import shared_start


class GgufLogProbs:
    """A loaded GGUF model. May be used by several threads at once. Raises as `Gguf` does."""

    def __init__(self, options: ChatOptions) -> None:
        self.name = options.model
        self._engine = GgufEngine(options)
        marks = self._engine.service.get("/props")
        # As lm-evaluation-harness does it: what ends the text before stands before the first.
        self.start = str(marks["bos_token"] or marks["eos_token"])
        self._set_before = self._tokens("", mark=True)
        self._first = self._set_before or self._tokens(self.start, special=True)[:1]
        if not self._first:
            raise ModelError("models.no_start", model=self.name)

    def score(self, prompt: str, continuation: str) -> tuple[float, ...]:
        """See LogProbs. Raises ModelError; ModelRefused where prompt and continuation do not fit into the context."""
        whole = self._tokens(prompt + continuation)
        shared = shared_start(self._tokens(prompt), whole)
        forced = whole[shared:]
        if not forced:
            return ()
        before = self._set_before + whole[:shared] or self._first
        tokens, most = len(before) + len(forced), self._engine.context_length
        if tokens > most:
            raise ModelRefused("models.text_too_long", model=self.name, tokens=tokens, most=most)
        return self._forced(before, forced)

    def _forced(self, before: list[int], forced: list[int]) -> tuple[float, ...]:
        body = {
            "prompt": before,
            "n_predict": len(forced),
            "grammar": "root ::= " + " ".join(f"<[{token}]>" for token in forced),
            "n_probs": 1,
            "temperature": 0,
            "samplers": [],
        }
        made = self._engine.service.post("/completion", body).get("completion_probabilities", [])
        if [step["id"] for step in made] != forced:
            raise ModelError("models.not_forced", model=self.name)
        return tuple(float(step["logprob"]) for step in made)

    def _tokens(self, text: str, *, mark: bool = False, special: bool = False) -> list[int]:
        body = {"content": text, "add_special": mark, "parse_special": special}
        return [int(token) for token in self._engine.service.post("/tokenize", body)["tokens"]]
