"""Which question is an alert about, and what was chosen? In the words of the version answered.

Never what somebody wrote: that is read on the alert's own page, and it is recorded who reads it.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument
from survey_app.store.alerts import Alert
from survey_app.store.responses import Answer, Response
from survey_app.store.services import InstrumentSnapshot

_ENDS_A_SENTENCE = tuple("?.!:")


@dataclass(frozen=True)
class AlertAnswer:
    """A question, and what was chosen; that is blank where they wrote instead, or took it back."""

    question: str
    chosen: str

    @property
    def in_words(self) -> str:
        """Both in one line; blank where nothing was chosen."""
        if not self.chosen:
            return ""
        colon = "" if self.question.endswith(_ENDS_A_SENTENCE) else ":"
        return f"{self.question}{colon} {self.chosen}"


def alert_answers(session: Session, alert_ids: Collection[int]) -> dict[int, AlertAnswer]:
    """By id of those alerts that are about an answer; two queries, however many there are."""
    if not alert_ids:
        return {}
    rows = session.execute(
        select(Alert.id, Alert.item, Response.instrument_id, Answer.code)
        .join(Response, Response.id == Alert.response_id)
        .outerjoin(Answer, (Answer.response_id == Response.id) & (Answer.item == Alert.item))
        .where(Alert.id.in_(alert_ids))
        .order_by(Answer.id)
    ).all()
    instruments = _instruments(session, {row.instrument_id for row in rows})
    codes: dict[int, list[str]] = defaultdict(list)
    asked: dict[int, tuple[int, str]] = {}
    for row in rows:
        asked[row.id] = row.instrument_id, row.item
        if row.code:
            codes[row.id].append(row.code)
    return {
        alert_id: _in_words(instruments[instrument_id], item, codes[alert_id])
        for alert_id, (instrument_id, item) in asked.items()
    }


def _instruments(session: Session, ids: Collection[int]) -> dict[int, Instrument]:
    found = session.execute(
        select(InstrumentSnapshot.id, InstrumentSnapshot.content).where(
            InstrumentSnapshot.id.in_(ids)
        )
    )
    return {row.id: Instrument.model_validate(row.content) for row in found}


def _in_words(instrument: Instrument, item_id: str, codes: list[str]) -> AlertAnswer:
    item = instrument.find_item(item_id)
    if item is None:
        # A list of alerts must open whatever one of them is about.
        return AlertAnswer(item_id, "; ".join(codes))
    texts = {option.code: option.text for option in item.options}
    return AlertAnswer(item.text, "; ".join(texts.get(code, code) for code in codes))
