"""A manager confirms what the gate asks people to look at: the shadow's list, the exact texts.

What stood on their page is compared with what stands there now, so that nobody confirms what they
have not seen.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.gate import ConditionId, is_shadow_long_enough
from survey_app.messaging.exact_texts import text_hashes
from survey_app.reporting.shadow import shadow_counts
from survey_app.settings import Settings
from survey_app.store.audit import audit_service
from survey_app.store.gate import GateConfirmation
from survey_app.store.offered_languages import offered_languages
from survey_app.store.services import Service
from survey_app.usecases.ask_gate import gate_facts
from survey_app.usecases.decider import Decider


class ConfirmRefusal(StrEnum):
    """Why nothing was confirmed."""

    CHANGED = "changed"
    """Something else stands there by now."""
    TOO_EARLY = "too-early"
    """The shadow has not shown enough."""


def confirm_shadow(
    session: Session, service: Service, settings: Settings, seen: Mapping[str, Any], by: Decider
) -> ConfirmRefusal | None:
    """Confirm the list of who would have been texted, with the counts that were `seen`."""
    session.refresh(service, with_for_update=True)
    if not is_shadow_long_enough(gate_facts(session, service, settings, by.now)):
        return ConfirmRefusal.TOO_EARLY
    counts = shadow_counts(session, service.id, by.now).as_stored()
    return _confirm(session, service, ConditionId.SHADOW_LOOKED_AT, seen, counts, by)


def confirm_texts(
    session: Session, service: Service, settings: Settings, seen: Mapping[str, Any], by: Decider
) -> ConfirmRefusal | None:
    """Confirm the texts of every language offered; `seen` are their hashes by language."""
    session.refresh(service, with_for_update=True)
    hashes = text_hashes(service, settings, offered_languages(session, service))
    return _confirm(session, service, ConditionId.EXPECTED_TEXT, seen, hashes, by)


def _confirm(
    session: Session,
    service: Service,
    condition: ConditionId,
    seen: Mapping[str, Any],
    stands: Mapping[str, Any],
    by: Decider,
) -> ConfirmRefusal | None:
    if dict(seen) != stands:
        return ConfirmRefusal.CHANGED
    assert by.account_id is not None, "a person confirms, and the command line is nobody"
    session.add(
        GateConfirmation(
            service_id=service.id,
            condition=condition,
            account_id=by.account_id,
            at=by.now,
            seen=dict(stands),
        )
    )
    details: dict[str, Any] = {"condition": condition, "seen": dict(stands)}
    audit_service(session, service, "confirm-for-gate", details, by.now, by.account_id)
    session.flush()
    return None
