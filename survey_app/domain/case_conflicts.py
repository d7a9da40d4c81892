"""Did somebody else change what this form was filled in on?"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldChange:
    """One field that is no longer as it was shown; texts as a form writes them."""

    field: str
    seen: str
    stands: str


def changed_since(seen: Mapping[str, str], stands: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """Return the fields that changed since the form was shown, in the order of `stands`.

    A field that the form does not name was not shown, and is no conflict.
    """
    return tuple(
        FieldChange(field, seen[field], value)
        for field, value in stands.items()
        if field in seen and seen[field] != value
    )
