"""The domain is pure: it imports the standard library, the schema library, and itself.

import-linter knows lists of what is forbidden only; a list of what is allowed forgets nothing.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_app import domain

FOLDER = Path(str(domain.__file__)).parent
ALLOWED = frozenset(sys.stdlib_module_names) | {"pydantic"}
OURS = "survey_app.domain"
EXCEPTIONS = {"integer_programs.py": {"highspy"}}
"""What is still there and shall go: this list only ever becomes shorter."""


def _is_allowed(module: str) -> bool:
    return module.split(".")[0] in ALLOWED or f"{module}.".startswith(f"{OURS}.")


def foreign_imports(source: str) -> Iterator[str]:
    """The modules that a file of the domain imports and may not, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # A relative import would be from here; ruff refuses those that leave the package.
            names = [node.module or ""] if not node.level else []
        yield from (name for name in names if not _is_allowed(name))


def test_the_domain_imports_the_standard_library_pydantic_and_itself():
    found = {
        path.relative_to(FOLDER).as_posix(): roots
        for path in sorted(FOLDER.rglob("*.py"))
        if (roots := {name.split(".")[0] for name in foreign_imports(path.read_text("utf-8"))})
    }
    assert found == EXCEPTIONS


@pytest.mark.parametrize(
    ("source", "foreign"),
    [
        ("import json\nfrom pydantic import BaseModel\nfrom survey_app.domain import cases", []),
        ("import flask", ["flask"]),
        ("from sqlalchemy.orm import Session", ["sqlalchemy.orm"]),
        ("def late():\n    import numpy", ["numpy"]),
        ("from survey_app.store.base import Base", ["survey_app.store.base"]),
        ("from survey_app.domainlike import x", ["survey_app.domainlike"]),
    ],
)
def test_whatever_else_is_imported_is_seen(source: str, foreign: list[str]):
    assert list(foreign_imports(source)) == foreign
