"""What do staff read about a thing to do: what it is, since when, and what does it?"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey_app.domain.hold_decisions import FACTS_CONTRADICT
from survey_app.domain.requests import AlertKind
from survey_app.domain.safe_contact import Refusal
from survey_app.reporting.alert_answers import AlertAnswer, alert_answers
from survey_app.reporting.desk_due import DueKind, DueRow
from survey_app.web.caseworker.links import case_address, reading_address
from survey_app.web.caseworker.remedies import way_out
from survey_app.web.shared.contact_words import WAVES, reason_words
from survey_app.web.shared.formatting import day, instant

TITLES: dict[DueKind, LazyString] = {
    DueKind.ALERTS: _l("Alerts"),
    DueKind.HELD: _l("Held: facts contradict"),
    DueKind.BASELINE: _l("First readings"),
    DueKind.REVIEW: _l("Review readings"),
    DueKind.CLOSURE: _l("Readings at the end"),
    DueKind.SAFE_CONTACT: _l("Safe contact to check again"),
    DueKind.REFUSED: _l("Texts refused"),
    DueKind.CALLS: _l("Calls due"),
}

EMPTY: dict[DueKind, LazyString] = {
    DueKind.ALERTS: _l(
        "No alert is open. One appears when somebody writes a comment, asks to be contacted, or "
        "does not feel safe."
    ),
    DueKind.HELD: _l("Nobody is held: no facts contradict each other."),
    DueKind.BASELINE: _l("Every open case that needs a first reading has one."),
    DueKind.REVIEW: _l("No review is due. It comes up about a month after the first reading."),
    DueKind.CLOSURE: _l("No case that closed lately lacks its last reading."),
    DueKind.SAFE_CONTACT: _l("Every check of safe contact is fresh enough to go by."),
    DueKind.REFUSED: _l("Nobody who is due a text is refused one."),
    DueKind.CALLS: _l("Nobody waits for a call."),
}

ALERTS: dict[str, LazyString] = {
    AlertKind.FREE_TEXT: _l("Wrote a comment"),
    AlertKind.CONTACT_WISH: _l("Asks to be contacted"),
    AlertKind.LOW_SAFETY: _l("Does not feel safe"),
    AlertKind.REPLY: _l("Texted back"),
    AlertKind.UNSAFE_CALL: _l("A call was not safe"),
}


@dataclass(frozen=True)
class Told:
    """A row in words, with the one link that does it."""

    case_ref: str
    case_href: str
    what: str
    since: str
    is_overdue: bool
    action: str
    href: str


def told_all(session: Session, rows: Sequence[DueRow], slug: str) -> list[Told]:
    """Things to do, in words; of alerts what was asked and chosen is looked up."""
    ids = [row.alert_id for row in rows if row.alert_id is not None]
    answers = alert_answers(session, ids)
    return [_told(row, slug, answers.get(row.alert_id or 0)) for row in rows]


def _told(row: DueRow, slug: str, answer: AlertAnswer | None) -> Told:
    action, href = _action(row, slug)
    return Told(
        case_ref=row.case_ref,
        case_href=case_address(slug, row.case_ref),
        what=_what(row, answer),
        since=_since(row),
        is_overdue=row.is_overdue,
        action=action,
        href=href,
    )


def _what(row: DueRow, answer: AlertAnswer | None) -> str:
    match row.kind:
        case DueKind.ALERTS:
            kind = str(ALERTS.get(row.reason or "", row.reason or ""))
            said = "" if answer is None else answer.in_words
            return f"{kind}. {said}" if said else kind
        case DueKind.HELD:
            return _("Nobody is contacted: the facts contradict.")
        case DueKind.BASELINE:
            return _("No first reading yet.")
        case DueKind.REVIEW:
            return _("No review reading yet.")
        case DueKind.CLOSURE:
            return _("Closed without a last reading.")
        case DueKind.SAFE_CONTACT:
            return _("Check with the person how they may safely be contacted.")
        case DueKind.REFUSED:
            wave = str(WAVES.get(row.wave or "", row.wave or ""))
            return _("%(wave)s: %(why)s", wave=wave, why=reason_words(row.reason))
        case DueKind.CALLS:
            wave = str(WAVES.get(row.wave or "", row.wave or ""))
            return _("%(wave)s: to be asked by phone.", wave=wave)


def _since(row: DueRow) -> str:
    if row.since is None:
        return _("never checked")
    if row.due_at is not None:
        return _("due by %(at)s", at=instant(row.due_at))
    if row.kind is DueKind.HELD:
        return _("held since %(day)s", day=day(row.since))
    if row.kind is DueKind.SAFE_CONTACT:
        if row.is_overdue:
            return _("was good until %(day)s", day=day(row.since))
        return _("good until %(day)s", day=day(row.since))
    return _("due since %(day)s", day=day(row.since))


def _action(row: DueRow, slug: str) -> tuple[str, str]:
    match row.kind:
        case DueKind.ALERTS:
            return _("Open the alert"), url_for(
                "caseworker.alert", slug=slug, alert_id=row.alert_id
            )
        case DueKind.HELD:
            return way_out(FACTS_CONTRADICT, slug, row.case_ref)
        case DueKind.BASELINE | DueKind.REVIEW | DueKind.CLOSURE:
            return _("Record the reading"), reading_address(slug, row.case_ref, row.kind)
        case DueKind.SAFE_CONTACT:
            return way_out(Refusal.SAFETY_DETAILS_STALE, slug, row.case_ref)
        case DueKind.REFUSED:
            return way_out(row.reason, slug, row.case_ref)
        case DueKind.CALLS:
            return _("See the case"), case_address(slug, row.case_ref)
