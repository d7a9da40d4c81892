"""Law: one line of the application hands a text to a provider, and it stands in `dispatch`."""

import ast
from pathlib import Path

APPLICATION = Path(__file__).parents[2] / "survey_app"


def _calls_of(name: str) -> list[str]:
    return [
        str(path.relative_to(APPLICATION))
        for path in sorted(APPLICATION.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
    ]


def test_one_line_hands_a_text_to_a_provider():
    assert _calls_of("send") == ["messaging/dispatch.py"]


def test_only_dispatch_makes_a_text_for_a_provider():
    users = [
        str(path.relative_to(APPLICATION))
        for path in sorted(APPLICATION.rglob("*.py"))
        if "OutgoingText(" in path.read_text(encoding="utf-8")
    ]
    assert users == ["messaging/dispatch.py"]
