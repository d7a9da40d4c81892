"""Rows whose sealed values do not open, as a restored copy, a wrong key or a hand leaves them."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.store.database import Database
from survey_app.store.scope import Scope

SPOILED = b"gAAAAABnot-a-sealed-value"


def spoil_in(session: Session, table: str, column: str, row_id: int) -> None:
    """Write something into a sealed column that no key opens."""
    statement = text(f'UPDATE {table} SET "{column}" = :value WHERE id = :id')
    session.execute(statement, {"value": SPOILED, "id": row_id})
    session.expire_all()


def spoil(database: Database, table: str, column: str, row_id: int) -> None:
    """The same, committed."""
    with database.write(Scope.worker()) as session:
        spoil_in(session, table, column, row_id)


def copy_value(database: Database, table: str, column: str, from_id: int, to_id: int) -> None:
    """Copy a sealed value, which still opens, into another row."""
    statement = text(
        f'UPDATE {table} SET "{column}" = (SELECT "{column}" FROM {table} WHERE id = :from_id)'
        " WHERE id = :to_id"
    )
    with database.write(Scope.worker()) as session:
        session.execute(statement, {"from_id": from_id, "to_id": to_id})
