"""What did people answer? One answer table; a reading is a response with a scorer."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.store.base import Base, OfService
from survey_app.store.requests import SurveyRequest
from survey_app.store.sealed import SealedText
from survey_app.store.services import InstrumentSnapshot


class Response(OfService, Base):
    """The answers to one instrument. Hangs on the case's pseudonymous id; corrections supersede."""

    __tablename__ = "responses"
    __table_args__ = (
        UniqueConstraint("request_id", "instrument_id", "ordinal"),
        Index("ix_responses_counted", "service_id", "counts_on"),
        # Figures start from cases: all that they ask of a response is in here
        # (docs/decisions/figures-over-many-cases.md).
        Index(
            "ix_responses_of_case",
            "case_id",
            "service_id",
            "instrument_id",
            "superseded_by_id",
            "counts_on",
            "wave",
            "is_complete",
            "mode",
            "language",
            "left_out",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    wave: Mapped[str]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    """None for history, readings and repeat reviews."""
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), index=True)
    ordinal: Mapped[int] = mapped_column(default=0)
    mode: Mapped[str]
    language: Mapped[str]
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    """When its end, or Finish, was reached."""
    is_complete: Mapped[bool] = mapped_column(default=False)
    """Reached its end (or Finish) with at least one answer, or was imported."""
    counts_on: Mapped[date | None]
    """The London day that it counts from: completion, or the expiry of its request; None while
    the request is open, so that its answers do not count yet."""
    imported_key: Mapped[str | None] = mapped_column(unique=True)
    """Keyed by case, instrument, version, wave and day, so that a file lands once."""
    scored_by: Mapped[str | None]
    is_retrospective: Mapped[bool] = mapped_column(default=False)
    scorer_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    left_out: Mapped[str | None]
    """`;`-separated items that this person was not asked by design (young people), sorted."""
    withdrawn_at: Mapped[datetime | None]
    """When the person took these answers back; from then on it holds none and counts nowhere."""
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id"))

    answers: Mapped[list["Answer"]] = relationship(
        back_populates="response", order_by="Answer.id", lazy="raise"
    )
    instrument: Mapped[InstrumentSnapshot] = relationship(lazy="raise")
    request: Mapped[SurveyRequest | None] = relationship(lazy="raise")


class Answer(Base):
    """One answered or skipped item; `many` items have a row per code."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("response_id", "item", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), index=True)
    item: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    """The option's code; empty for free text and for a skipped question."""
    is_skipped: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str | None] = mapped_column(SealedText)
    answered_at: Mapped[datetime]

    response: Mapped[Response] = relationship(back_populates="answers", lazy="raise")
