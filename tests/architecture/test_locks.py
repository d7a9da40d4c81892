"""The lock files satisfy pyproject.toml, pin every line with hashes, and name no index."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked(name: str) -> dict[str, list[str]]:
    """Distribution to its pinned versions (one per environment marker)."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([a-z0-9-]+)==([^ ;\\]+)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements.lock", PROJECT["dependencies"]),
        (
            "requirements-dev.lock",
            PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"],
        ),
    ],
)
def test_every_requirement_is_locked_at_a_version_it_allows(lock: str, requirements: list[str]):
    pins = locked(lock)
    for text in requirements:
        requirement = Requirement(text)
        versions = pins.get(requirement.name.lower(), [])
        assert versions, f"{requirement.name} is not in {lock}: run make lock"
        assert all(requirement.specifier.contains(v) for v in versions), f"{text}: {versions}"


def test_runtime_pins_are_the_same_in_both_locks():
    development = locked("requirements-dev.lock")
    for name, versions in locked("requirements.lock").items():
        assert development[name] == versions


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_carry_hashes_and_name_no_address(lock: str):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(r"^[a-z0-9-]+==.*(?:\n    --hash.*)*", text, flags=re.MULTILINE)
    assert pins
    assert all("--hash=sha256:" in pin for pin in pins)


def test_every_dependency_earns_its_place_in_one_line():
    page = (ROOT / "docs/decisions/0001-dependencies.md").read_text(encoding="utf-8")
    for text in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]:
        assert f"`{Requirement(text).name}`" in page
