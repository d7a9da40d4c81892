"""Who asks, and who helps: the service, and its help lines."""

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from survey_app.domain.help_lines import HelpLine, help_lines_for
from survey_app.domain.service_words import words_for
from survey_app.store.cases import Case
from survey_app.store.prepared import Prepared
from survey_app.store.services import Service
from survey_app.usecases.respond.links import Link
from survey_app.web.shared.help_line_words import as_shown
from survey_app.web.shared.numbers_in_order import numbers_in_order
from survey_app.web.shared.page_language import page_tag
from survey_app.web.victim import visitor
from survey_app.web.victim.visitor import Note

_cases, _services = (inspect(mapped).local_table for mapped in (Case, Service))
_HELP = Prepared(
    select(_services.c.help_lines, _cases.c.local_authority)
    .select_from(_cases)
    .join(_services, _services.c.id == _cases.c.service_id)
    .where(_cases.c.id == bindparam("case_id")),
    _cases.c.service_id,
)


def service_of(session: Session, link: Link) -> Service:
    """The service that asks, for the pages behind a tap."""
    return session.get_one(Service, link.service_id)


def accessibility_contact(service: Service) -> str:
    """Whom to tell that a page is hard to use, in words that may stand on this page."""
    said = words_for(service.accessibility_contact, service.accessibility_contacts, page_tag())
    return numbers_in_order(said)


def help_lines(session: Session, link: Link) -> tuple[HelpLine, ...]:
    """The service's help lines for this person's area and the language of the page."""
    (row,) = _HELP.rows(session, {"case_id": link.case_id})
    lines = help_lines_for(row.help_lines, area=row.local_authority, language=page_tag())
    return tuple(as_shown(line) for line in lines)


def help_if_unsafe(session: Session, link: Link) -> tuple[HelpLine, ...] | None:
    """The help lines, where this page tells somebody who does not feel safe where to turn."""
    return help_lines(session, link) if visitor.will_say(Note.UNSAFE) else None
