"""Is it the database that failed, so that the same may well work in a moment?"""

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from survey_app.store.database import Database


def is_database_away(database: Database, fault: BaseException | None) -> bool:
    """Whether a fault says that the database cannot be reached, is busy for too long, or lacks its
    tables; also where it comes from the driver itself, on a connection that is kept."""
    driver = database.engine.dialect.loaded_dbapi
    ours = (OperationalError, InterfaceError, PoolTimeout)
    return isinstance(fault, (*ours, driver.OperationalError, driver.InterfaceError))
