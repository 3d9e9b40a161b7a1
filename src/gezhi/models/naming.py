"""What the options of chat models and embedders have in common: a model's name, and ranges of numbers."""

from __future__ import annotations

from gezhi.core.errors import BadOptions


class Named:
    """Options with a `model` named `scheme:target`; the target may hold colons itself."""

    model: str

    @property
    def scheme(self) -> str:
        """The part of `model` before the first colon: a key of the table of backends."""
        return self.model.partition(":")[0]

    @property
    def target(self) -> str:
        """The part of `model` behind the first colon."""
        return self.model.partition(":")[2]


def check_ranges(options: object, **ranges: tuple[float, float]) -> None:
    """Raise BadOptions for the first attribute that is less than its least value or more than its most."""
    for name, (least, most) in ranges.items():
        value = getattr(options, name)
        if not least <= value <= most:
            raise BadOptions("models.out_of_range", name=name, value=value, least=least, most=most)
