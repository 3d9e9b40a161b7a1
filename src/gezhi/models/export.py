"""What a sentence-transformers export says about itself: pooling, length, prompts. Loads no weights."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from gezhi.core.errors import ModelError, NotFound
from gezhi.models.embedding import EmbedOptions

Pooling = Literal["mean", "mean_sqrt_len_tokens", "weightedmean", "cls", "max", "lasttoken"]
POOLINGS: tuple[str, ...] = get_args(Pooling)
GRAPHS = ("onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx")
"""Where exporters put the graph; the first that is there is used."""
WANTED = ("*.json", *(f"{graph}*" for graph in GRAPHS[:2]))
"""Files of a repository that are fetched."""
PASSAGES = ("document", "passage", "corpus")
"""Names of the prompt for passages, in the order in which sentence-transformers looks for them."""
UNDERSTOOD = {"Transformer", "Pooling", "Normalize"}
LEGACY = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
"""Switches of older exports; their order is that in which several poolings are joined."""
NO_LIMIT = 10**6
"""tokenizer_config.json holds a number near 1e30 where the model has no limit."""
SAMPLES, SAMPLE = 32, 65536
"""Pieces of a file that its fingerprint is taken from, and their bytes: weights are large, and differ everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An export in a folder, described."""

    name: str
    """Of the embedder: where it came from, and a fingerprint, so that vectors of different models never get mixed."""
    graph: Path
    tokenizer: Path
    poolings: tuple[str, ...]
    """Joined in this order where there are several."""
    prompt_pooled: bool
    """Whether the tokens of the prompt count in the pooling."""
    query_prompt: str
    passage_prompt: str
    longest: int
    """Tokens the model can read, its special ones included."""
    padding: str | None
    """The token that fills up shorter texts."""


def described(options: EmbedOptions, folder: Path, name: str = "") -> Export:
    """Describe the export in `folder`; prompts in `options` go before those of the export.

    Args:
        name: Of the embedder, where it is known; otherwise it is made from `options.model` and a fingerprint.

    Raises:
        ModelError: A part is missing, broken or of a kind that is not understood; the message names it.
    """
    modules = _modules(folder)
    pooling = _json(folder, f"{modules['Pooling']}/config.json")
    said = _json(folder, "config_sentence_transformers.json", optional=True)
    if "Normalize" not in modules and said.get("similarity_fn_name") not in {None, "cosine"}:
        raise ModelError("models.export_not_cosine", folder=folder, similarity=said["similarity_fn_name"])
    graph, tokenizer, poolings = _graph(folder), _file(folder, "tokenizer.json"), _poolings(folder, pooling)
    query = _prompt(folder, said, options.query_prompt, ("query",))
    passage = _prompt(folder, said, options.passage_prompt, PASSAGES)
    longest = _longest(folder)
    return Export(
        name=name or f"{_short(options)}#{_fingerprint((poolings, query, passage, longest), graph, tokenizer)}",
        graph=graph,
        tokenizer=tokenizer,
        poolings=poolings,
        prompt_pooled=pooling.get("include_prompt", True),
        query_prompt=query,
        passage_prompt=passage,
        longest=longest,
        padding=_padding(_json(folder, "tokenizer_config.json", optional=True)),
    )


def named_folder(options: EmbedOptions) -> Path:
    """The folder behind the colon of `options.model`. Raises NotFound."""
    folder = Path(options.target).expanduser()
    if not options.target or not folder.is_dir():
        raise NotFound("models.no_export", path=options.target)
    return folder


def _modules(folder: Path) -> dict[str, str]:
    """Class name to folder of the steps behind the tokenizer."""
    modules = {module["type"].rpartition(".")[2]: module["path"] for module in _json(folder, "modules.json")}
    strange = set(modules) - UNDERSTOOD
    if strange:
        raise ModelError("models.export_step", folder=folder, step=", ".join(sorted(strange)))
    if "Pooling" not in modules:
        raise ModelError("models.export_part", folder=folder, part="modules.json: Pooling")
    return modules


def _poolings(folder: Path, config: dict[str, Any]) -> tuple[str, ...]:
    named = config.get("pooling_mode") or [mode for switch, mode in LEGACY.items() if config.get(switch)]
    poolings = (named,) if isinstance(named, str) else tuple(named)
    if not poolings or not set(poolings) <= set(POOLINGS):
        raise ModelError("models.export_part", folder=folder, part=f"pooling_mode ({', '.join(POOLINGS)})")
    return poolings


def _prompt(folder: Path, said: dict[str, Any], given: str | None, names: tuple[str, ...]) -> str:
    """The given prompt, else the export's. One that has no `prompts` at all is no proof that the model wants none."""
    if given is not None:
        return given
    prompts = said.get("prompts")
    if prompts is None:
        raise ModelError("models.export_prompts", folder=folder)
    candidates = (*names, said.get("default_prompt_name"))
    return next((prompts[name] for name in candidates if name in prompts), "") or ""


def _longest(folder: Path) -> int:
    """As sentence-transformers finds it: its own file, then the tokenizer's, then the network's."""
    for name, key in (
        ("sentence_bert_config.json", "max_seq_length"),
        ("tokenizer_config.json", "model_max_length"),
        ("config.json", "max_position_embeddings"),
    ):
        value = _json(folder, name, optional=True).get(key)
        if value and value < NO_LIMIT:
            return int(value)
    raise ModelError("models.export_part", folder=folder, part="sentence_bert_config.json: max_seq_length")


def _padding(config: dict[str, Any]) -> str | None:
    token = config.get("pad_token")
    return token.get("content") if isinstance(token, dict) else token


def _graph(folder: Path) -> Path:
    for name in GRAPHS:
        if (folder / name).is_file():
            return folder / name
    raise ModelError("models.export_part", folder=folder, part=" / ".join(GRAPHS[:2]))


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise ModelError("models.export_part", folder=folder, part=name)
    return path


def _json(folder: Path, name: str, *, optional: bool = False) -> Any:
    if optional and not (folder / name).is_file():
        return {}
    path = _file(folder, name)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError("models.export_broken", path=path, reason=error) from error


def _short(options: EmbedOptions) -> str:
    """The same wherever the folder stands."""
    local = Path(options.target).expanduser()
    return f"{options.scheme}:{local.resolve().name if local.is_dir() else options.target}"


def _fingerprint(settings: tuple[object, ...], graph: Path, tokenizer: Path) -> str:
    digest = hashlib.sha256(repr(settings).encode())
    for path in (tokenizer, *sorted(graph.parent.glob(f"{graph.name}*"))):
        size = path.stat().st_size
        digest.update(str(size).encode())
        with path.open("rb") as file:
            for place in range(0, size, max(SAMPLE, size // SAMPLES)):
                file.seek(place)
                digest.update(file.read(SAMPLE))
    return digest.hexdigest()[:12]
