"""What can be wrong with a definition, and when are two definitions the same?

Instruments and programmes are data that people write by hand. What is wrong with one is a value
that names the item, the kind of fault and the place; the edge adds the words.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError


class FaultCode(StrEnum):
    """The kinds of fault that a definition can have."""

    UNREADABLE = "unreadable"
    MISSING_VALUE = "missing-value"
    UNKNOWN_KEY = "unknown-key"
    WRONG_VALUE = "wrong-value"
    DUPLICATE_ITEM = "duplicate-item"
    DUPLICATE_CODE = "duplicate-code"
    DUPLICATE_SCALE_VALUE = "duplicate-scale-value"
    DUPLICATE_MEASURE = "duplicate-measure"
    DUPLICATE_OUTCOME = "duplicate-outcome"
    DUPLICATE_VERSION = "duplicate-version"
    UNKNOWN_CODE = "unknown-code"
    CONDITION_ON_UNKNOWN_ITEM = "condition-on-unknown-item"
    CONDITION_ON_LATER_ITEM = "condition-on-later-item"
    SCALE_VALUE_MISSING = "scale-value-missing"
    POLARITY_MISSING = "polarity-missing"
    OUTCOME_NOT_ON_SCALE = "outcome-not-on-scale"
    DOING_WELL_OFF_SCALE = "doing-well-off-scale"
    PREFER_NOT_TO_SAY_MISSING = "prefer-not-to-say-missing"
    RESERVED_CODE_HAS_VALUE = "reserved-code-has-value"
    RESERVED_CODE_IN_BASE = "reserved-code-in-base"
    OUTSIDE_NOT_RESERVED = "outside-not-reserved"
    POSITIVE_AND_OUTSIDE = "positive-and-outside"
    TEXT_WITH_CODES = "text-with-codes"
    NOT_YES_NO = "not-yes-no"
    UNKNOWN_TIER = "unknown-tier"
    RANGE_BACKWARDS = "range-backwards"
    UNKNOWN_INSTRUMENT = "unknown-instrument"
    READING_NOT_STAR = "reading-not-star"
    STAR_IN_LINK = "star-in-link"
    NOTHING_ASKED = "nothing-asked"
    NO_CHANNEL = "no-channel"
    REMINDERS_OUT_OF_ORDER = "reminders-out-of-order"
    USED_VERSION_CHANGED = "used-version-changed"
    LEFT_OUT_IN_HALVES = "left-out-in-halves"
    NOTHING_LEFT = "nothing-left"
    UNKNOWN_ITEM = "unknown-item"
    LICENCE_NOT_RECORDED = "licence-not-recorded"


@dataclass(frozen=True)
class Fault:
    """One fault: the item it is in (None: the whole definition), its kind, and what it is about."""

    item: str | None
    code: FaultCode
    detail: str


@dataclass(frozen=True)
class Faults:
    """Why a definition was refused: at least one fault, in the order of the definition."""

    faults: tuple[Fault, ...]


class Definition(BaseModel):
    """A part of a definition: unchangeable, with no keys beyond those it names."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def whole_number_as_text(value: object) -> object:
    """Read `code: 1` as the code "1", for so it is written in a definition file."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Slug = Annotated[
    str,
    BeforeValidator(whole_number_as_text),
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64),
]
"""A key, an item id or a code: lower-case words joined by hyphens, as stored and exported."""

Wording = Annotated[str, StringConstraints(min_length=1)]
"""Text that people read."""


def content_of(definition: Definition) -> dict[str, Any]:
    """Return what a definition says as plain JSON values, as snapshots keep it. It parses."""
    return definition.model_dump(mode="json", exclude_defaults=True)


def content_hash(definition: Definition) -> str:
    """Return the SHA-256 (hex) of what a definition says.

    Formatting, comments, key order and values left at their default do not change it; any change of
    an id, a code, a condition, a number or a wording does.
    """
    canonical = json.dumps(
        content_of(definition), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def duplicates(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that stand more than once, each once, in the order of their repetition."""
    seen: set[str] = set()
    repeated: dict[str, None] = {}
    for value in values:
        if value in seen:
            repeated[value] = None
        seen.add(value)
    return tuple(repeated)


def shape_faults(error: ValidationError, raw: Mapping[str, Any]) -> Faults:
    """Turn what pydantic found wrong with the shape of `raw` into faults that name the item."""
    found = error.errors(include_url=False)
    return Faults(
        tuple(
            Fault(_item_of(each["loc"], raw), _shape_code(each["type"]), _place(each["loc"], each))
            for each in found
            if not _is_told_by_a_part(each["loc"], [other["loc"] for other in found])
        )
    )


def _is_told_by_a_part(
    location: tuple[str | int, ...], others: Iterable[tuple[str | int, ...]]
) -> bool:
    """Whether a part has a fault of its own: pydantic then finds the whole too short as well."""
    return any(
        len(other) > len(location) and other[: len(location)] == location for other in others
    )


def _shape_code(kind: str) -> FaultCode:
    if kind == "missing":
        return FaultCode.MISSING_VALUE
    if kind == "extra_forbidden":
        return FaultCode.UNKNOWN_KEY
    return FaultCode.WRONG_VALUE


def _item_of(location: Sequence[str | int], raw: Mapping[str, Any]) -> str | None:
    """Name the item that a location lies in: by its id, or by its place where it has none."""
    if len(location) < 2 or location[0] != "items" or not isinstance(location[1], int):
        return None
    item = raw["items"][location[1]]
    name = item.get("id") if isinstance(item, Mapping) else None
    return str(name) if name else f"#{location[1] + 1}"


def _place(location: Sequence[str | int], found: Mapping[str, Any]) -> str:
    """Write a location inside the item as `options.2.text`, counted from 1, and a wrong value."""
    in_item = location[0] == "items" and len(location) > 1 if location else False
    parts = location[2:] if in_item else location
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in parts)
    if found["type"] in {"missing", "extra_forbidden"}:
        return place
    return f"{place}: {found['msg']}" if place else str(found["msg"])
