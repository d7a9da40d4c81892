"""Has somebody who speaks a language read its catalogue, and is it still as they read it?

`translations/LANG/status.yaml` holds `reviewed_by`, `reviewed_on` and `fingerprint`, the SHA-256 of
all translations as they were then. Any later change of a translation makes the catalogue a draft
again, until it is reviewed anew.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog

FILE = "status.yaml"
REVIEWED = "reviewed"


@dataclass(frozen=True)
class Status:
    """`reviewed_by` and `reviewed_on` also stand where something was changed since."""

    is_reviewed: bool
    reviewed_by: str = ""
    reviewed_on: date | None = None

    @property
    def is_draft(self) -> bool:
        """Whether nobody has vouched for it as it stands."""
        return not self.is_reviewed

    @classmethod
    def of_source(cls) -> "Status":
        """English is what the others are made from."""
        return cls(is_reviewed=True)


def fingerprint_of(files: Iterable[Catalog]) -> str:
    """What the translations say, whatever their order, notes and line breaks."""
    said = sorted(
        json.dumps([message.context, message.id, message.string, message.fuzzy])
        for file in files
        for message in file
        if message.id
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def read_status(folder: Path, files: Iterable[Catalog]) -> Status:
    """The status of a language's folder; without a file it is a draft that nobody has read."""
    said = _said(folder)
    if said.get("status") != REVIEWED:
        return Status(is_reviewed=False)
    return Status(
        is_reviewed=said["fingerprint"] == fingerprint_of(files),
        reviewed_by=said["reviewed_by"],
        reviewed_on=said["reviewed_on"],
    )


def has_review(folder: Path) -> bool:
    """Whether the file says that somebody has reviewed it, in whatever state it then was."""
    return _said(folder).get("status") == REVIEWED


def _said(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    return (yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None) or {}


def write_review(folder: Path, files: Iterable[Catalog], *, by: str, on: date) -> None:
    """Say that the catalogue was read, as it stands, by somebody who speaks the language."""
    said = {
        "status": REVIEWED,
        "reviewed_by": by,
        "reviewed_on": on,
        "fingerprint": fingerprint_of(files),
    }
    text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True)
    (folder / FILE).write_text(text, encoding="utf-8")
