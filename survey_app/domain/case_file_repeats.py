"""What do several rows of one case say together, or in what do they disagree?

FORMATS-INTAKE.md, section 3, point 10: rows that say the same are one row; rows that differ in
flags or yes/no words alone (an export with a join writes a row for each flag) are joined, as
carefully as any of them; rows that differ in anything else cannot be one case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from survey_app.domain.care_words import most_careful
from survey_app.domain.case_file import CaseRow
from survey_app.domain.case_file_columns import MOMENT_COLUMNS, YES_NO_COLUMNS
from survey_app.domain.file_cells import NO_FLAGS

JOINED_COLUMNS: Final = frozenset({"flags", *YES_NO_COLUMNS})
_WRITTEN_AS: Final = {
    "birth_not_given": "date_of_birth",
    **{column.removesuffix("_at") + "_on": column for column in MOMENT_COLUMNS},
}


def differing_columns(rows: Sequence[CaseRow]) -> tuple[str, ...]:
    """The columns in which sound rows of one case differ, as the file names them; in its order."""
    facts = [_facts(row) for row in rows]
    names = dict.fromkeys(name for each in facts for name in each)
    first = facts[0]
    found = [n for n in names if any(each.get(n) != first.get(n) for each in facts[1:])]
    return tuple(dict.fromkeys(_WRITTEN_AS.get(name, name) for name in found))


def join(rows: Sequence[CaseRow]) -> CaseRow | tuple[str, ...]:
    """Return the one row that these, at least one, make; or the columns that keep them apart."""
    differing = differing_columns(rows)
    if apart := tuple(column for column in differing if column not in JOINED_COLUMNS):
        return apart
    first = rows[0]
    safety = {
        column: most_careful(column, [row.safety.get(column) for row in rows])
        for column in differing
        if column != "flags"
    }
    flags = {"flags": _united([row.case.get("flags") for row in rows])}
    return replace(
        first,
        case={**first.case, **(flags if "flags" in differing else {})},
        safety={**first.safety, **safety},
        notes=tuple(dict.fromkeys(note for row in rows for note in row.notes)),
    )


def _facts(row: CaseRow) -> Mapping[str, Any]:
    return {
        "client_ref": row.client_ref,
        **row.case,
        **row.person,
        **row.safety,
        "date_of_birth": row.impossible_birth or row.person.get("date_of_birth"),
    }


def _united(flags: Sequence[str | None]) -> str | None:
    """All flags that any row says; `none` beside a flag is no word, and a blank says nothing."""
    said = {word for each in flags if each for word in each.split(";")}
    named = said - {NO_FLAGS}
    return ";".join(sorted(named)) or (NO_FLAGS if said else None)
