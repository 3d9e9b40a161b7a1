"""A unigram tokenizer (Kudo 2018) for one large vocabulary: gives what `tokenizers` gives, and is ready sooner.

With the 250,000 pieces of XLM-RoBERTa, `tokenizers` takes a second and 280 MB to load, at every start of a command;
this takes a fifth of a second and 60 MB, for .3 ms more a chunk of 200 characters. Normalising is left to `tokenizers`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Regex, normalizers

SPARE = "\ue000"
"""A private character: stands for the full-width tilde while NFKC passes, which the model's own table keeps."""
SPACE = "▁"
PENALTY = 10.0
"""Taken from the worst score for a character that is in no piece, as SentencePiece does."""
NEVER = -1e300
PIECES, SCORES = "pieces.json", "scores.npy"


def nmt_nfkc() -> normalizers.Normalizer:
    """SentencePiece's `nmt_nfkc`: control characters dropped, all white space a blank, NFKC, runs of blanks one."""
    return normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.Replace("～", SPARE),
            normalizers.NFKC(),
            normalizers.Replace(SPARE, "～"),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


class Unigram:
    """The most probable pieces of a text, between the model's first and last piece.

    Args:
        scores: Natural log-probabilities of the pieces.
        unknown: Index of the piece for characters that are in none; several in a row are one.
        ends: Indices of the first and the last piece of every text.
        longest: Most pieces of a text, those two included; the rest is cut off.
    """

    def __init__(
        self, pieces: Sequence[str], scores: Sequence[float], *, unknown: int, ends: tuple[int, int], longest: int
    ) -> None:
        self._ids = dict(zip(pieces, range(len(pieces)), strict=True))
        self._scores, self._unknown, self._ends, self._longest = scores, unknown, ends, longest
        self._unknown_score = min(scores) - PENALTY
        self._reach = _longest_by_first_character(pieces)
        # No more characters can matter: each piece left of the cut has at most so many.
        self._readable = longest * max(self._reach.values())
        self._normalizer = nmt_nfkc()

    def encode(self, text: str) -> list[int]:
        """Indices of the pieces."""
        text = self._normalizer.normalize_str(text)[: self._readable].replace(" ", SPACE)
        pieces = self._best(text if not text or text.startswith(SPACE) else SPACE + text)
        return [self._ends[0], *pieces[: self._longest - 2], self._ends[1]]

    def _best(self, text: str) -> list[int]:
        """Viterbi: `score[i]` is the best of all ways to cut `text[:i]`, `piece[i]` the last piece of that way."""
        length = len(text)
        score, start, piece = [NEVER] * (length + 1), [0] * (length + 1), [self._unknown] * (length + 1)
        score[0] = 0.0
        for here in range(length):
            so_far = score[here]
            if text[here] not in self._ids and so_far + self._unknown_score > score[here + 1]:
                score[here + 1], start[here + 1], piece[here + 1] = so_far + self._unknown_score, here, self._unknown
            for end in range(here + 1, min(here + self._reach.get(text[here], 0), length) + 1):
                found = self._ids.get(text[here:end])
                if found is not None and so_far + self._scores[found] > score[end]:
                    score[end], start[end], piece[end] = so_far + self._scores[found], here, found
        return self._traced(start, piece)

    def _traced(self, start: list[int], piece: list[int]) -> list[int]:
        found: list[int] = []
        end = len(start) - 1
        while end:
            if piece[end] != self._unknown or not found or found[-1] != self._unknown:
                found.append(piece[end])
            end = start[end]
        return found[::-1]


def save_unigram(folder: Path, pieces: Sequence[str], scores: Sequence[float]) -> None:
    """Write a vocabulary for `load_unigram`."""
    (folder / PIECES).write_text(json.dumps(pieces, ensure_ascii=False), encoding="utf-8")
    np.save(folder / SCORES, np.array(scores, np.float32))


def load_unigram(folder: Path, *, longest: int) -> Unigram:
    """The tokenizer with the vocabulary in `folder`, which names its special pieces as XLM-RoBERTa does."""
    pieces: list[str] = json.loads((folder / PIECES).read_text(encoding="utf-8"))
    scores: list[float] = np.load(folder / SCORES).tolist()
    ends = (pieces.index("<s>"), pieces.index("</s>"))
    return Unigram(pieces, scores, unknown=pieces.index("<unk>"), ends=ends, longest=longest)


def _longest_by_first_character(pieces: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for piece in pieces:
        if len(piece) > longest.get(piece[:1], 0):
            longest[piece[:1]] = len(piece)
    return longest
