"""Which keys stand stored in a service, each in the form in which files are compared with them?"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.domain.plain_text import key_form


def stored_keys(
    session: Session, service_id: int, column: InstrumentedAttribute[Any]
) -> Iterator[str]:
    """The references in this column of cases or people.

    One that came before keys had one form is brought into it first, unless another has that form
    already: a file that names it would else make a second case, and not be heard for the first.
    """
    model: Any = column.class_
    of_service = model.service_id == service_id
    keys = set(session.scalars(select(column).where(of_service, column.is_not(None))))
    for key in [key for key in keys if key_form(key) not in (key, "")]:
        plain = key_form(key)
        if plain not in keys:
            row = session.scalars(select(model).where(of_service, column == key)).one()
            setattr(row, column.key, plain)
            keys = keys - {key} | {plain}
    session.flush()
    return iter(keys)
