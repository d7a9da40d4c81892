"""A service's texts come from another sender, or leave through another provider."""

from enum import StrEnum

from sqlalchemy.orm import Session

from survey_app.domain.senders import SenderKind, kind_of_sender
from survey_app.settings import PROVIDERS
from survey_app.store.audit import CHANGE_CARRIER, audit_service
from survey_app.store.services import Service, ServiceMode
from survey_app.usecases.add_service import SIMULATED
from survey_app.usecases.change_sending import change_mode
from survey_app.usecases.decider import Decider

NOTIFY = "notify"


class CarrierRefusal(StrEnum):
    """Why nothing was changed."""

    PROVIDER_UNKNOWN = "provider-unknown"
    SENDER_MALFORMED = "sender-malformed"
    NOTIFY_WANTS_AN_ID = "notify-wants-an-id"


def change_carrier(
    session: Session,
    service: Service,
    by: Decider,
    *,
    installed_provider: str,
    sender: str | None = None,
    provider: str | None = None,
) -> CarrierRefusal | None:
    """Set what is given; an empty word takes the service's own choice away.

    A service that leaves the simulated provider for a real one goes into shadow, paused or not:
    somebody has to look at it and let it send, as with a new one. Texts that wait leave through the
    provider of the moment.
    """
    session.refresh(service, with_for_update=True)
    was = (service.sender, service.sms_provider)
    wanted = (
        service.sender if sender is None else sender.strip(),
        service.sms_provider if provider is None else provider or None,
    )
    effective = wanted[1] or installed_provider
    if refusal := _why_not(wanted[0], effective):
        return refusal
    if wanted == was:
        return None
    begins = (was[1] or installed_provider) == SIMULATED and effective != SIMULATED
    service.sender, service.sms_provider = wanted
    details = {"sender": wanted[0], "provider": wanted[1], **by.reason}
    audit_service(session, service, CHANGE_CARRIER, details, by.now, by.account_id)
    session.flush()
    if begins:
        change_mode(session, service, ServiceMode.SHADOW, by)
    return None


def _why_not(sender: str, provider: str) -> CarrierRefusal | None:
    if provider not in PROVIDERS:
        return CarrierRefusal.PROVIDER_UNKNOWN
    kind = kind_of_sender(sender)
    if sender and kind is None:
        return CarrierRefusal.SENDER_MALFORMED
    if sender and (provider == NOTIFY) != (kind is SenderKind.NOTIFY_ID):
        return (
            CarrierRefusal.NOTIFY_WANTS_AN_ID
            if provider == NOTIFY
            else CarrierRefusal.SENDER_MALFORMED
        )
    return None
