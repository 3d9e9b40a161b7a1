"""Every error a person can meet, as one tree.

GezhiError                      exit 1; shown without a traceback
├── UsageError                  exit 2: what was typed cannot be meant
│   ├── BadOptions              a value out of range, an unknown key in a configuration file, a broken file
│   ├── BadQuestion             an empty question, or one far too long
│   ├── BadFilter               a --where expression that cannot be read
│   └── UnknownName             no backend, model or collection of that name; the nearest one is offered
├── NotFound                    a path, collection or document that is not there
├── MissingExtra                an optional part is not installed; the message has the pip line
├── DocumentError               a file that cannot be read, and why; never stops the other files
├── ExamError                   an exam that cannot be read or parted, and where in the file it breaks
├── ModelError                  a model that cannot be used
│   ├── MissingKey              the service wants a key and none is set
│   ├── ModelUnreachable        no answer from the address
│   ├── ModelTimeout            an answer that took too long
│   └── ModelRefused            the service answered with an error
├── RecordsError                runs, audit log or live answers: not to be opened or written, or an act refused
│   ├── RecordsDamaged          the file itself is broken, or was tampered with
│   ├── RecordsTooNew           written by a newer version
│   └── NotApproved             no passing gate run stands behind a version
└── CollectionError             a collection that cannot be opened or written
    ├── CollectionLocked        another process is writing
    ├── CollectionDamaged       the file of record itself is broken
    ├── CollectionTooNew        written by a newer version
    └── DiskFull                no space left, for a collection or for records
"""

from __future__ import annotations

from gezhi.core.catalogue import say


class GezhiError(Exception):
    """An error that a person can do something about.

    Args:
        key: Of the text in the catalogue, such as `documents.encrypted`.
        values: For the placeholders of that text.
    """

    exit_code = 1

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return say(self.key, **self.values)

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions pickle by their positional arguments only; errors cross from worker processes with their values.
        return (_rebuild, (type(self), self.key, self.values))


def _rebuild(kind: type[GezhiError], key: str, values: dict[str, object]) -> GezhiError:
    return kind(key, **values)


class UsageError(GezhiError):
    """What was typed cannot be meant."""

    exit_code = 2


class BadOptions(UsageError):
    """A value out of range, an unknown key, or a configuration file that cannot be read."""


class BadQuestion(UsageError):
    """An empty question, or one far too long."""


class BadFilter(UsageError):
    """A filter expression that cannot be read."""


class UnknownName(UsageError):
    """No backend, model or collection of that name."""


class NotFound(GezhiError):
    """A path, collection or document that is not there."""


class MissingExtra(GezhiError):
    """An optional part is not installed."""


class DocumentError(GezhiError):
    """A file that cannot be read, and why."""


class ExamError(GezhiError):
    """An exam that cannot be read or parted."""


class ModelError(GezhiError):
    """A model that cannot be used."""


class MissingKey(ModelError):
    """The service wants a key and none is set."""


class ModelUnreachable(ModelError):
    """No answer from the address."""


class ModelTimeout(ModelError):
    """An answer that took too long."""


class ModelRefused(ModelError):
    """The service answered with an error."""


class RecordsError(GezhiError):
    """Runs, the audit log or live answers cannot be opened or written, or what was asked of them is refused."""


class RecordsDamaged(RecordsError):
    """The file of records is broken, or was tampered with."""


class RecordsTooNew(RecordsError):
    """Written by a newer version."""


class NotApproved(RecordsError):
    """No passing gate run stands behind a version."""


class CollectionError(GezhiError):
    """A collection that cannot be opened or written."""


class CollectionLocked(CollectionError):
    """Another process is writing."""


class CollectionDamaged(CollectionError):
    """The file of record itself is broken."""


class CollectionTooNew(CollectionError):
    """Written by a newer version."""


class DiskFull(CollectionError):
    """No space left on the disk of the collection or the records."""
