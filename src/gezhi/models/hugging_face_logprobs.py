"""Log-probabilities of texts by transformers: one pass over prompt and continuation. Needs no chat template."""

from __future__ import annotations

import torch

from gezhi.core.errors import ModelError, ModelRefused
from gezhi.models.chat import ChatOptions
from gezhi.models.hugging_face import context_length, loaded
from gezhi.models.logprobs import shared_start


class HuggingFaceLogProbs:
    """A causal language model, on the best device there is.

    Raises:
        ModelError: The weights are not there, cannot be fetched or loaded, or have no mark to begin with.
    """

    def __init__(self, options: ChatOptions) -> None:
        self.name = options.model
        self._tokenizer, self._model = loaded(options)
        self._most = context_length(options, self._model)
        bos, eos = self._tokenizer.bos_token_id, self._tokenizer.eos_token_id
        # As lm-evaluation-harness does it: what ends the text before stands before the first.
        first = eos if bos is None else bos
        if first is None:
            raise ModelError("models.no_start", model=self.name)
        self._first = [first]
        self._set_before = self._first if self._tokenizer("")["input_ids"][:1] == [bos] else []
        self.start = str(self._tokenizer.convert_ids_to_tokens(first))

    def score(self, prompt: str, continuation: str) -> tuple[float, ...]:
        """See LogProbs. Raises ModelRefused where prompt and continuation do not fit into the context."""
        whole = self._tokens(prompt + continuation)
        shared = shared_start(self._tokens(prompt), whole)
        if shared == len(whole):
            return ()
        before = self._set_before + whole[:shared] or self._first
        ids = before + whole[shared:]
        if len(ids) > self._most:
            raise ModelRefused("models.text_too_long", model=self.name, tokens=len(ids), most=self._most)
        tokens = torch.tensor([ids], device=self._model.device)
        with torch.inference_mode():
            # logits[i] are those of the token behind ids[i]; all before the continuation's first are not needed
            logits = self._model(input_ids=tokens, logits_to_keep=len(ids) - len(before) + 1).logits[0, :-1].float()
        likely = torch.log_softmax(logits, dim=-1).gather(1, tokens[0, len(before) :, None])
        return tuple(likely[:, 0].tolist())

    def _tokens(self, text: str) -> list[int]:
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])
