"""What does a command say of a fault that nobody caught, and how does it end? In words, with 1."""

from types import TracebackType

import click
from psycopg import OperationalError as LostPostgresql
from sqlalchemy.exc import InterfaceError, OperationalError

from survey_app.logs.faults import log_fault, new_fault_id

DATABASE_FAULTS = (InterfaceError, LostPostgresql, OperationalError)
DATABASE_AWAY = (
    "The database cannot be used just now: it is away, refuses or is busy. What was not finished "
    "is not saved. Look whether it runs and whether DATABASE_URL names it, then try again."
)
OUR_FAULT = "This is a fault of the program, not yours. What was not finished is not saved."


def say_uncaught(
    kind: type[BaseException], fault: BaseException, _trace: TracebackType | None
) -> None:
    """For `sys.excepthook`: Python ends in 1 after it. The log says where it was met, in a line of
    the same code; a traceback would hold values."""
    if issubclass(kind, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return
    code = new_fault_id()
    log_fault(fault, code)
    words = DATABASE_AWAY if isinstance(fault, DATABASE_FAULTS) else OUR_FAULT
    click.echo(f"Error: {words} (Code in the log: {code})", err=True)
