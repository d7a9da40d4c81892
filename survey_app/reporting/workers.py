"""Who works on a case: an account, a name that only the case file knew, or nobody?"""

from collections.abc import Iterable
from typing import NamedTuple, Self

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from survey_app.store.cases import Case
from survey_app.store.staff import StaffAccount

_UNNAMED, _TEXT = "-", "~"


class Worker(NamedTuple):
    """Whoever a case is with. Both None: nobody."""

    account_id: int | None = None
    text: str | None = None

    @classmethod
    def of(cls, account_id: int | None, text: str | None) -> Self:
        """From a case's two columns: an account goes before what a file said."""
        return cls(account_id, None if account_id is not None else (text or None))

    @classmethod
    def read(cls, said: str | None) -> Self | None:
        """From an address, or None where it names nobody in particular."""
        if said == _UNNAMED:
            return cls()
        if said and said.startswith(_TEXT):
            return cls(text=said.removeprefix(_TEXT))
        is_id = said is not None and said.isascii() and said.isdigit() and len(said) < 18
        return cls(account_id=int(said)) if is_id and said is not None else None

    @property
    def key(self) -> str:
        """As an address carries it."""
        if self.account_id is not None:
            return str(self.account_id)
        return _UNNAMED if self.text is None else f"{_TEXT}{self.text}"

    @property
    def is_on_case(self) -> tuple[ColumnElement[bool], ...]:
        """Narrows cases to theirs."""
        if self.account_id is not None:
            return (Case.caseworker_id == self.account_id,)
        return Case.caseworker_id.is_(None), func.coalesce(Case.caseworker_text, "") == (
            self.text or ""
        )


NOBODY = Worker()


def shown_name(account: type[StaffAccount]) -> ColumnElement[str]:
    """A colleague's name, or their address where no name was given."""
    return func.coalesce(func.nullif(account.name, ""), account.email)


def named(session: Session, workers: Iterable[Worker]) -> dict[Worker, str | None]:
    """What each is called, by name; nobody has none, and comes last. One query."""
    wanted = set(workers)
    ids = sorted({worker.account_id for worker in wanted if worker.account_id is not None})
    found = session.execute(
        select(StaffAccount.id, shown_name(StaffAccount)).where(StaffAccount.id.in_(ids))
    )
    names: dict[int, str] = {row[0]: row[1] for row in found}
    called = {w: w.text if w.account_id is None else names.get(w.account_id, "?") for w in wanted}
    return dict(
        sorted(called.items(), key=lambda pair: (pair[1] is None, (pair[1] or "").casefold()))
    )
