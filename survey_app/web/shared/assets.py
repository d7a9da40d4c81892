"""Which built file stands behind a name such as "staff.css", and with which hash may it run?

`frontend/` builds into `web/static/` under names that carry their content's hash, so that a browser
may keep them for ever; `manifest.json` says which is which. Read once, when the process starts.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

STATIC_ROOT = Path(__file__).resolve().parent.parent / "static"
STATIC_PREFIX = "/static/"


@dataclass(frozen=True)
class BuiltFile:
    """One output of the build: its file name under `web/static` and its SHA-256 in base64."""

    file: str
    sha256: str


class UnknownAsset(LookupError):
    """A template asked for a file that the build does not make."""


@cache
def _manifest() -> dict[str, BuiltFile]:
    entries = json.loads((STATIC_ROOT / "manifest.json").read_text(encoding="utf-8"))
    return {name: BuiltFile(**entry) for name, entry in entries.items()}


def get_built_file(name: str) -> BuiltFile:
    """The built file behind `name`; raises UnknownAsset for a name that the build does not make."""
    try:
        return _manifest()[name]
    except KeyError:
        raise UnknownAsset(name) from None


def asset_url(name: str) -> str:
    """The address of a built file, as templates write it."""
    return STATIC_PREFIX + get_built_file(name).file


@cache
def inline_script(name: str) -> Markup:
    """A built script's text, to stand inside a page; `script_source` lets exactly this text run."""
    text = (STATIC_ROOT / get_built_file(name).file).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 (our own build's output)


def script_source(name: str) -> str:
    """The `script-src` source that lets `inline_script(name)` run, and nothing else."""
    return f"'sha256-{get_built_file(name).sha256}'"


def is_immutable(_path: str, url: str) -> bool:
    """Whether a static address carries its content's hash, so that it may be kept for ever."""
    name = url.rsplit("/", 1)[-1]
    return any(name == built.file for built in _manifest().values())
