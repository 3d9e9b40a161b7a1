"""`gezhi.open("default")`: one object to index files into a collection, search it and ask it."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from gezhi.answering import Answerer
from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions, NotFound, UnknownName
from gezhi.core.names import hint
from gezhi.core.paths import collections_folder
from gezhi.core.protocols import ChatModel, Embedder
from gezhi.core.types import Answer, AnswerEvent, Finished, Message, Passage, Progress
from gezhi.core.unicode import well_formed
from gezhi.documents.front import shown
from gezhi.evaluation.quality.answerability import Answerability
from gezhi.knowledge.ingest import FileReport, IndexReport, ingest
from gezhi.knowledge.pipeline import Pipeline, load_pipeline
from gezhi.knowledge.sources import find_sources
from gezhi.models import chat_model, embedder
from gezhi.retrieval import Collection

if TYPE_CHECKING:
    from gezhi.documents.quality import QualityReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a collection holds, and what it is indexed and asked by."""

    collection: str
    folder: str
    files: int
    documents: int
    chunks: int
    embedder: str
    embedded: int
    """Chunks with a vector of `embedder`."""
    bytes: int
    """On disk."""
    published: bool
    """Whether the indexes hold everything on record."""
    model: str
    """The chat model; empty: answers are extracted."""


_NAME = re.compile(r"[^\W_][\w.-]{0,63}")


def open(
    name: str = "default", *, config: str | Path | None = None, sets: Sequence[str] = (), create: bool = True
) -> Knowledge:
    """Open the collection `name` in the data folder (`GEZHI_HOME`).

    Args:
        config: A gezhi.toml; None: the one in this folder, else in the data folder, else the defaults.
        sets: Options over the file, such as `retrieval.k=8`.
        create: Make it where it is not there; False raises instead.

    Raises:
        BadOptions: A bad name, or configuration.
        UnknownName: No such collection, with `create=False`.
    """
    if not _NAME.fullmatch(name):
        raise BadOptions("knowledge.bad_collection_name", name=name)
    known = collections()
    if not create and name not in known:
        raise UnknownName("knowledge.no_collection", name=name, hint=hint(name, known), known=", ".join(known) or "-")
    return Knowledge(collections_folder() / name, load_pipeline(Path(config) if config else None, sets))


def collections() -> list[str]:
    """Names of the collections in the data folder."""
    folder = collections_folder()
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


class Knowledge:
    """A collection with the pipeline it is indexed and asked by. Models are loaded on first use."""

    def __init__(
        self, folder: Path, pipeline: Pipeline, *, model: ChatModel | None = None, embedder: Embedder | None = None
    ) -> None:
        self.folder = folder
        self.pipeline = pipeline
        self._model = model
        self._embedder = embedder
        self.door = ""
        """Where people ask: `cli`, `http` ... Answers given there are kept for `gezhi watch`; empty: nobody is live."""

    def index(
        self,
        paths: Sequence[str | Path],
        *,
        on_file: Callable[[FileReport], None] = lambda report: None,
        progress: Progress = lambda stage, done, total: None,
    ) -> IndexReport:
        """Bring the collection up to these files, folders and globs; files that are gone from them are forgotten.

        Raises:
            NotFound: A path that is not there, or nothing to read.
            CollectionLocked: Another process is writing.
        """
        if isinstance(paths, str | Path):
            paths = [paths]
        sources = find_sources(paths)
        return ingest(self.collection, self.embedder, self.pipeline, sources, on_file=on_file, progress=progress)

    def search(self, question: str, k: int | None = None, where: str | None = None) -> list[Passage]:
        """The `k` best passages (default: `retrieval.k`), best first; `where` such as `source:*.pdf AND year>=2024`."""
        retriever = self.collection.seen_by(None, self.embedder)
        wanted = self.pipeline.retrieval.k if k is None else k
        return retriever.search(well_formed(question), wanted, _as_recorded(where))

    def ask(self, question: str, history: Sequence[Message] = (), where: str | None = None) -> Answer:
        """A checked, cited answer, or a refusal that says why."""
        for event in self.stream(question, history, where):
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("a stream ends with Finished")

    def stream(self, question: str, history: Sequence[Message] = (), where: str | None = None) -> Iterator[AnswerEvent]:
        """As `ask`, as it is made: Found, then a Said for each checked sentence, then Finished with the Answer."""
        history = [replace(message, content=well_formed(message.content)) for message in history]
        for event in self.answerer.stream(well_formed(question), history, _as_recorded(where)):
            if isinstance(event, Finished) and (notes := (*self.notes(), *self._keep(event.answer))):
                yield Finished(answer=replace(event.answer, notes=(*notes, *event.answer.notes)))
            else:
                yield event

    def notes(self) -> tuple[str, ...]:
        """What a person should know about every search of this collection as it is configured."""
        if self.collection.has_vectors_of(self.embedder.name) or self.collection.is_empty():
            return ()
        return (say("knowledge.other_embedder", embedder=self.embedder.name),)

    def status(self) -> Status:
        """What the collection holds. No model is loaded."""
        from gezhi.models import embedder_state

        held = self.collection.statistics()
        name = embedder_state(self.pipeline.embed).name
        return Status(
            collection=self.folder.name,
            folder=str(self.folder),
            files=held.files,
            documents=held.documents,
            chunks=held.chunks,
            embedder=name,
            embedded=held.embedded.get(name, 0),
            bytes=held.bytes,
            published=held.published,
            model=self.pipeline.chat.model,
        )

    def quality(self) -> QualityReport:
        """What is wrong with the documents: duplicates, garbled text, boilerplate, doubtful OCR, odd chunks."""
        from gezhi.documents.quality import quality

        return quality(self.collection.documents(), self.collection.chunks())

    def forget(self, paths: Sequence[str | Path]) -> list[str]:
        """Take files - or all files of a folder - out of the collection, whether or not they are still on disk.

        Returns:
            The sources that were forgotten.

        Raises:
            NotFound: A path of which nothing is in the collection; the nearest source is offered.
        """
        with self.collection.write() as writer:
            sources = [source for path in paths for source in self._recorded(path)]
            for source in sources:
                writer.forget(source)
            writer.publish()
        return sources

    @cached_property
    def collection(self) -> Collection:
        """The file of record with its indexes."""
        return Collection.open(self.folder, self.pipeline.retrieval)

    @cached_property
    def embedder(self) -> Embedder:
        """Loaded on first use."""
        return self._embedder or embedder(self.pipeline.embed)

    @cached_property
    def model(self) -> ChatModel | None:
        """The chat model of the configuration; None: answers are extracted."""
        if self._model is not None:
            return self._model
        return chat_model(self.pipeline.chat) if self.pipeline.chat.model else None

    @cached_property
    def answerer(self) -> Answerer:
        """Wired to this collection."""
        retriever = self.collection.seen_by(None, self.embedder)
        model = self.model
        versions = {"gezhi": version("gezhi"), "collection": self.folder.name, "embedder": self.embedder.name}
        return Answerer(
            retriever,
            self.embedder,
            model,
            self.pipeline.answer,
            empty=self.collection.is_empty,
            document_text=lambda document_id: self.collection.document(document_id).text,
            answerability=Answerability(self.embedder.name),
            versions={**versions, "model": model.name} if model else versions,
        )

    def close(self) -> None:
        """Close the collection's files."""
        if "collection" in self.__dict__:
            self.collection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep(self, answer: Answer) -> tuple[str, ...]:
        """Record a live answer; a note where that failed."""
        if not self.door:
            return ()
        from gezhi.evaluation.watch import keep

        failed = keep(answer, self.pipeline.watch, door=self.door)
        return (failed,) if failed else ()

    def _recorded(self, path: str | Path) -> builtins.list[str]:
        recorded = self.collection.files()
        wanted = shown(path)
        absolute = shown(Path(path).expanduser().absolute())
        for name in (wanted, absolute):
            found = [source for source in recorded if source == name or source.startswith(name.rstrip("/") + "/")]
            if found:
                return found
        named = [source for source in recorded if Path(source).name == wanted]
        if len(named) == 1:
            return named
        nearest = hint(wanted, [*recorded, *(Path(source).name for source in recorded)])
        raise NotFound("knowledge.not_recorded", path=wanted, hint=nearest)


def _as_recorded(where: str | None) -> str | None:
    """File names in a filter are written as on record, bytes that are no UTF-8 too."""
    return None if where is None else shown(where)
