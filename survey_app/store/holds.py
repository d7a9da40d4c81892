"""Who is held because facts contradict, and which rejected rows asked for more care?

FORMATS-INTAKE.md, section 3, points 5, 6 and 8. A hold is of one cause and one set of values: its
release is of these values, so the same ones do not hold again and others do.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base, OfService
from survey_app.store.sealed import SealedJson, SealedText
from survey_app.store.unreadable import CANNOT_BE_READ, is_unreadable


class Hold(OfService, Base):
    """One cause for which a person is held; open while `ended_at` is None."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_person", "person_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """The case whose row it came from, where one case is to blame."""
    cause: Mapped[str]
    """A `HoldCause`."""
    stands_in_person: Mapped[bool] = mapped_column(default=False)
    """Whether nobody may be asked in person either: an unreadable `do_not_contact`."""
    evidence: Mapped[dict[str, Any]] = mapped_column(SealedJson)
    """What a person needs to see to decide: `{column, values: [...], lines: [...], file}`."""
    evidence_hash: Mapped[str]
    """Keyed hash of cause, column and the sorted values: what a release is of."""
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str | None]
    """A `HoldEnd`."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    reason: Mapped[str | None] = mapped_column(SealedText)
    """The words of the person who released it."""

    @property
    def readable_evidence(self) -> dict[str, Any]:
        """The evidence; where it does not open, that and nothing else: the person is held still."""
        if is_unreadable(self.evidence):
            return {"column": "", "values": [CANNOT_BE_READ], "lines": []}
        return self.evidence


class HeldRow(OfService, Base):
    """A rejected row that asks for more care; in force while `ended_at` is None.

    One a case (or, without a usable case reference, one a client): the latest, words united; one
    for each number, where rows of one file name several.
    """

    __tablename__ = "held_rows"
    __table_args__ = (
        Index("ix_held_rows_case", "service_id", "case_ref"),
        Index("ix_held_rows_number", "service_id", "number_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_ref: Mapped[str | None]
    client_ref: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """Whom it is about, where they were known when it came."""
    line: Mapped[int]
    """Where the latest of its rows stood in its file."""
    faults: Mapped[list[Any]]
    """Why it was rejected: `[{column, code}]`."""
    words: Mapped[dict[str, Any]]
    """The most careful word heard per care column, in codes; never a number or a date of birth."""
    content: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)
    """The cells of known columns; None once erased."""
    number_hash: Mapped[str | None]
    number_key_id: Mapped[str | None]
    arrived_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str | None]
    """A `HoldEnd`."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    reason: Mapped[str | None] = mapped_column(SealedText)
