"""What does `db upgrade` say of tables that are not as this release has them?"""

from collections.abc import Iterator
from typing import Any

_OF_WHOLE = {
    "add_table": "table {0.name} is missing",
    "remove_table": "table {0.name} is none of this release's",
    "add_index": "index {0.name} of {0.table.name} is missing",
    "remove_index": "index {0.name} of {0.table.name} is none of this release's, or differs",
    "add_constraint": "constraint {0.name} of {0.table.name} is missing",
    "remove_constraint": "constraint {0.name} of {0.table.name} is none of this release's",
    "add_fk": "foreign key {0.name} of {0.parent.name} is missing",
    "remove_fk": "foreign key {0.name} of {0.parent.name} is none of this release's",
}
_OF_COLUMN = {
    "add_column": "column {0}.{1.name} is missing",
    "remove_column": "column {0}.{1.name} is none of this release's",
}
_CHANGED = {
    "modify_nullable": "whether it may be empty",
    "modify_type": "its type",
    "modify_default": "its default",
    "modify_comment": "its comment",
}


def in_words(differences: list[object]) -> list[str]:
    """Each of `migrations.drift` as a sentence without its full stop."""
    return [words for difference in differences for words in _words(difference)]


def _words(difference: Any) -> Iterator[str]:
    if isinstance(difference, str):
        yield f"trigger {difference} is missing, or differs"
        return
    if isinstance(difference, list):
        for _kind, _schema, table, column, *_rest in difference:
            yield f"column {table}.{column}: {_CHANGED.get(_kind, _kind)} differs"
        return
    kind, *of = difference
    if kind in _OF_COLUMN:
        _schema, table, column = of
        yield _OF_COLUMN[kind].format(table, column)
    else:
        yield _OF_WHOLE.get(kind, f"{kind} {{0}}").format(of[0])
