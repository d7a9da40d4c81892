"""Was a text lost or doubled? Judged by what phones got, which only the far end knows.

*Sent*: people whose phone got the text. *Doubled*: texts beyond the first on a phone. *Undecided*:
texts that our side left to a person, by name and in sight. *Lost*: people whose phone got nothing,
though nobody was told; and *misbelieved*: texts on a phone that we take for failed or waiting.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from faults.people import NUMBERS, SENDERS, Phone
from survey_app.domain.requests import A_PERSON_DECIDES, LEFT_TO_A_PERSON, MessageState
from survey_app.messaging.numbers import number_hash
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.services import Service

SENT = frozenset({MessageState.ACCEPTED, MessageState.DELIVERED})
_UNSETTLED = frozenset({MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN})


@dataclass(frozen=True)
class Verdict:
    """The outcome on one database."""

    sent: int
    lost: int
    doubled: int
    undecided: int
    misbelieved: int
    to_strangers: int
    """Texts to phones that were not to get any."""

    @property
    def is_good(self) -> bool:
        """Whether every promise held."""
        return not (self.lost or self.doubled or self.misbelieved or self.to_strangers)

    def line(self, kind: str) -> str:
        """The line that the test ends with."""
        line = (
            f"{kind}: sent {self.sent}, lost {self.lost}, doubled {self.doubled}, "
            f"undecided {self.undecided}"
        )
        if self.misbelieved or self.to_strangers:
            line += f", misbelieved {self.misbelieved}, to strangers {self.to_strangers}"
        return line


def unsettled(session: Session) -> int:
    """How many texts are neither gone, failed, nor left to a person."""
    is_left = func.coalesce(OutboxMessage.reason, "").in_(LEFT_TO_A_PERSON)
    return session.scalars(
        select(func.count()).where(OutboxMessage.state.in_(_UNSETTLED), ~is_left)
    ).one()


def written(session: Session) -> int:
    """How many texts stand in the outbox."""
    return session.scalars(select(func.count()).select_from(OutboxMessage)).one()


def believed(session: Session) -> dict[Phone, str]:
    """What we believe of each phone's text: its state, or `a-person-decides`. People are known by
    the hashes of their numbers, since a number itself may not be readable."""
    numbers = {number_hash(number): number for number in NUMBERS}
    rows = session.execute(
        select(Service.slug, Person.number_hash, OutboxMessage.state, OutboxMessage.reason)
        .join(Service, Service.id == OutboxMessage.service_id)
        .join(Person, Person.id == OutboxMessage.person_id)
    )
    return {
        (SENDERS[slug], numbers[hashed]): A_PERSON_DECIDES if reason in LEFT_TO_A_PERSON else state
        for slug, hashed, state, reason in rows
    }


def judge(expected: list[Phone], texts: list[dict[str, Any]], beliefs: dict[Phone, str]) -> Verdict:
    """Hold what phones got against who was to get one text, and against what we believe."""
    got = Counter((text["from"], text["to"]) for text in texts)
    known = set(expected)
    undecided = {phone for phone in known if beliefs.get(phone) == A_PERSON_DECIDES}
    reached = known & got.keys()
    return Verdict(
        sent=len(reached),
        lost=len(known - reached - undecided),
        doubled=sum(count - 1 for count in got.values()),
        undecided=len(undecided),
        misbelieved=sum(beliefs.get(p) not in SENT for p in reached - undecided)
        + sum(beliefs.get(p) in SENT for p in known - reached),
        to_strangers=len(got.keys() - known),
    )
