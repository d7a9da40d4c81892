"""What is missing before a service may text people? The facts are gathered, `domain.gate` judges.

Asked of services with a real provider alone: the simulated one reaches no phone.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.domain.gate import (
    ConditionId,
    GateFacts,
    ProviderCheckResult,
    Unmet,
    unmet_conditions,
)
from survey_app.domain.languages import Language
from survey_app.domain.privacy_words import unsaid_words
from survey_app.messaging.exact_texts import effective_sender, text_hashes
from survey_app.messaging.outbox import provider_name
from survey_app.messaging.providers.simulated import NAME as SIMULATED
from survey_app.reporting.gate_people import (
    find_alert_owner,
    managers_with_factor,
    who_may_cover,
)
from survey_app.reporting.shadow import count_decisions, shadow_began
from survey_app.settings import Settings
from survey_app.store.gate import find_alert_cover, find_last_check, find_last_confirmation
from survey_app.store.offered_languages import offered_languages
from survey_app.store.services import Service


def ask_gate(
    session: Session, service: Service, settings: Settings, now: datetime
) -> tuple[Unmet, ...]:
    """The conditions that are not met; changes nothing."""
    if provider_name(service, settings) == SIMULATED:
        return ()
    return unmet_conditions(gate_facts(session, service, settings, now))


def gate_facts(session: Session, service: Service, settings: Settings, now: datetime) -> GateFacts:
    """Everything that the conditions go by."""
    languages = offered_languages(session, service)
    since = shadow_began(session, service)
    confirmed = find_last_confirmation(session, service.id, ConditionId.SHADOW_LOOKED_AT)
    return GateFacts(
        now=now,
        missing_privacy_words={
            language.tag: unsaid_words(service.privacy, language.tag) for language in languages
        },
        provider_check=_provider_check(session, service, settings),
        shadow_since=since,
        shadow_decisions=count_decisions(session, service.id, since),
        is_shadow_confirmed=confirmed is not None and confirmed.at >= since,
        unseen_texts=_unseen_texts(session, service, settings, languages),
        managers_with_factor=managers_with_factor(session, service.id),
        may_cover=who_may_cover(session, service.id, has_provider=settings.oidc is not None),
        has_alert_owner=find_alert_owner(session, service.id) is not None,
        has_due_hours=find_alert_cover(session, service.id) is not None,
        has_help_lines=bool(service.help_lines),
    )


def _provider_check(
    session: Session, service: Service, settings: Settings
) -> ProviderCheckResult | None:
    provider = provider_name(service, settings)
    sender = effective_sender(provider, service.sender, settings)
    last = find_last_check(session, provider, sender)
    return None if last is None else ProviderCheckResult(last.at, last.is_passed)


def _unseen_texts(
    session: Session, service: Service, settings: Settings, languages: list[Language]
) -> tuple[str, ...]:
    last = find_last_confirmation(session, service.id, ConditionId.EXPECTED_TEXT)
    seen = {} if last is None else last.seen
    now = text_hashes(service, settings, languages)
    return tuple(tag for tag, text_hash in now.items() if seen.get(tag) != text_hash)
