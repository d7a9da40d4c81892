"""How often was each answer given? One row a survey response and item, of responses that count.

Made only by `usecases.refresh_pairs`, beside the pairs; always rebuildable from the answers.
"""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ForeignKey, Index, Insert, Select, bindparam, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.instruments import InstrumentKind
from survey_app.store.base import Base, OfService
from survey_app.store.responses import Answer, Response
from survey_app.store.services import InstrumentSnapshot

SEPARATOR = ","
"""Between the codes that one person ticked in one item."""


class AnswerFact(OfService, Base):
    """The codes that one survey response holds for one item; a skipped item has no row."""

    __tablename__ = "answer_facts"
    __table_args__ = (
        Index("ix_answer_facts_case", "case_id", "instrument_id", "item", "codes"),
        Index("ix_answer_facts_counted", "service_id", "counts_on"),
    )

    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id"), primary_key=True, autoincrement=False
    )
    item: Mapped[str] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    codes: Mapped[str]
    """Sorted, with commas between."""
    mode: Mapped[str]
    language: Mapped[str]
    counts_on: Mapped[date]


def refresh_answer_facts(session: Session, case_ids: Collection[int]) -> None:
    """Make the fact rows of these cases' survey answers anew."""
    connection = session.connection()
    connection.execute(_DELETE, {"case_ids": list(case_ids)})
    connection.execute(_write(), {"case_ids": list(case_ids)})


_CASE_IDS = bindparam("case_ids", expanding=True)
_DELETE = delete(AnswerFact.__table__).where(AnswerFact.__table__.c.case_id.in_(_CASE_IDS))


@cache
def _write() -> Insert:
    table = AnswerFact.__table__
    names = [column.name for column in table.columns]
    return insert(table).from_select(names, answer_fact_rows())


def answer_fact_rows() -> Select[Any]:
    """The rows of the cases `case_ids` as the answers make them, by the columns of `AnswerFact`."""
    # Ordered before they are joined, so that a set of ticks has one form only.
    ticked = (
        select(
            Response.id.label("response_id"),
            Answer.item,
            Response.service_id,
            Response.case_id,
            Response.instrument_id,
            Answer.code,
            Response.mode,
            Response.language,
            Response.counts_on,
        )
        .join(Answer, Answer.response_id == Response.id)
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .where(
            Response.case_id.in_(_CASE_IDS),
            Response.counts_on.is_not(None),
            Response.superseded_by_id.is_(None),
            InstrumentSnapshot.kind == InstrumentKind.SURVEY,
            Answer.code != "",
        )
        .order_by(Response.id, Answer.item, Answer.code)
        .subquery("ticked")
    ).c
    keys = (ticked.response_id, ticked.item, ticked.service_id, ticked.case_id)
    rest = (ticked.mode, ticked.language, ticked.counts_on)
    codes = func.aggregate_strings(ticked.code, SEPARATOR).label("codes")
    return select(*keys, ticked.instrument_id, codes, *rest).group_by(
        *keys, ticked.instrument_id, *rest
    )
