"""Which languages does a service offer? Whole catalogues; a draft only where it switched it on.

A language that cannot say one string of the pages, of the texts, or of an instrument that the
service asks is not offered: a page never mixes languages, and who began in a language can go on in
it at every wave.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument
from survey_app.domain.languages import ENGLISH, LANGUAGES, Language, fitting_language
from survey_app.domain.programmes import Programme, parse_programme
from survey_app.store.catalogues import Catalogue, MessageKey, shipped_catalogues, wordings_of
from survey_app.store.instrument_snapshots import newest_instruments
from survey_app.store.people import Person
from survey_app.store.prepared import Prepared
from survey_app.store.services import ProgrammeVersion, Service, programme_in_force


@dataclass(frozen=True)
class LanguageOfService:
    """One language as a service's staff see it. `missing` counts strings that it cannot say."""

    catalogue: Catalogue
    missing: int
    is_switched_on: bool
    """Whether the service offers it although it is a draft; reviewed ones need no switch."""

    @property
    def language(self) -> Language:
        """Which."""
        return self.catalogue.language

    @property
    def is_offered(self) -> bool:
        """Whether people are shown it."""
        return not self.missing and (self.catalogue.status.is_reviewed or self.is_switched_on)


def languages_of(session: Session, service: Service) -> list[LanguageOfService]:
    """Every language of ours, as it stands for this service, English first."""
    wanted = asked_wordings(session, service.id)
    return [
        LanguageOfService(catalogue, catalogue.count_missing(wanted), _is_on(catalogue, service))
        for catalogue in shipped_catalogues()
    ]


def offered_languages(session: Session, service: Service) -> list[Language]:
    """The languages that the service's people may choose, English first."""
    drafts = service.draft_languages
    if not has_choice(drafts):
        return [ENGLISH]
    return offered_of(drafts, asked_wordings(session, service.id))


def offered_anywhere(session: Session) -> list[Language]:
    """The languages of pages that belong to no link: those of any service here, English first."""
    drafts = {tag for tags in session.scalars(select(Service.draft_languages)) for tag in tags}
    if not has_choice(drafts):
        return [ENGLISH]
    catalogues = (shipped_catalogues().get(language.tag) for language in LANGUAGES)
    return [
        catalogue.language
        for catalogue in catalogues
        if catalogue.language is ENGLISH
        or (is_allowed(catalogue, drafts) and catalogue.can_show_pages)
    ]


def askable_languages(
    session: Session, service: Service, instruments: Iterable[Instrument]
) -> list[Language]:
    """Those of `offered_languages` that can say every word of these instruments, English first."""
    wanted = wordings_of(instruments)
    return [
        language
        for language in offered_languages(session, service)
        if shipped_catalogues().get(language.tag).can_ask(wanted)
    ]


def text_language(chosen: str | None, person: Person, offered: Collection[Language]) -> str:
    """The tag of the language in which someone is texted, among those that the service offers.

    `chosen` is what they chose on a page of ours; without it, what is recorded with them counts.
    """
    tags = [language.tag for language in offered]
    return fitting_language(chosen or person.language, tags).tag


def has_choice(drafts: Collection[str]) -> bool:
    """Whether there can be another language than English; reads no catalogue for it."""
    return bool(drafts) or bool(shipped_catalogues().reviewed_tags)


def offered_of(drafts: Collection[str], wanted: frozenset[MessageKey]) -> list[Language]:
    """The languages that can say these wordings and are reviewed, or among the drafts allowed."""
    catalogues = shipped_catalogues()
    candidates = {ENGLISH.tag, *drafts} | catalogues.reviewed_tags
    return [
        catalogue.language
        for catalogue in (catalogues.get(each.tag) for each in LANGUAGES if each.tag in candidates)
        if is_allowed(catalogue, drafts) and catalogue.is_whole(wanted)
    ]


def is_allowed(catalogue: Catalogue, drafts: Collection[str]) -> bool:
    """Whether a service that switched these drafts on may show this language at all."""
    return catalogue.status.is_reviewed or catalogue.language.tag in drafts


def asked_wordings(session: Session, service_id: int) -> frozenset[MessageKey]:
    """All that people read in the instruments that the service's programme asks in links."""
    return _wordings_of_keys(_asked_keys(session, service_id))


_programmes = inspect(ProgrammeVersion).local_table
_IN_FORCE = Prepared(
    select(_programmes.c.content_hash)
    .where(_programmes.c.service_id == bindparam("service_id"))
    .order_by(_programmes.c.number.desc())
    .limit(1),
    None,
)
_known_keys: dict[str, frozenset[str]] = {}
"""What a programme asks in links, by the hash of its content: read once by this process."""


def _asked_keys(session: Session, service_id: int) -> frozenset[str]:
    found = _IN_FORCE.rows(session, {"service_id": service_id})
    known = _known_keys.get(found[0].content_hash) if found else frozenset()
    if known is not None:
        return known
    stored = programme_in_force(session, service_id)
    programme = None if stored is None else parse_programme(stored.content)
    # A programme that can no longer be read asks nothing that is known here; what a link asks is
    # looked at again when it is opened.
    keys = programme.link_keys if isinstance(programme, Programme) else frozenset()
    if stored is not None:
        _known_keys[stored.content_hash] = keys
    return keys


@cache
def _wordings_of_keys(keys: frozenset[str]) -> frozenset[MessageKey]:
    return wordings_of(_newest(keys))


def _newest(keys: Iterable[str]) -> Iterable[Instrument]:
    known = newest_instruments()
    return (known[key] for key in sorted(keys) if key in known)


def _is_on(catalogue: Catalogue, service: Service) -> bool:
    return catalogue.language.tag in service.draft_languages
