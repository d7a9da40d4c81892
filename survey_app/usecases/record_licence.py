"""A service says that it holds the licence for somebody else's instrument."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.domain.instruments import Licence
from survey_app.store.audit import audit_service
from survey_app.store.instrument_snapshots import newest_instruments
from survey_app.store.services import Service


class NoSuchLicence(Exception):
    """No instrument of this key needs a licence."""


def licensed_keys() -> list[str]:
    """The keys of the instruments that need a licence, sorted."""
    newest = newest_instruments()
    return sorted(key for key, found in newest.items() if found.licence is Licence.REQUIRED)


def record_licence(
    session: Session,
    service: Service,
    key: str,
    *,
    is_held: bool,
    reference: str,
    account_id: int,
    now: datetime,
) -> None:
    """Record that the service holds the licence of an instrument, or no longer. NoSuchLicence.

    `reference` is the licence's own number or where it is filed; it is kept in the audit trail.
    """
    if key not in licensed_keys():
        raise NoSuchLicence(key)
    others = [held for held in service.licences if held != key]
    service.licences = sorted([*others, key]) if is_held else others
    action = "record-licence" if is_held else "withdraw-licence"
    details = {"instrument": key, "reference": reference}
    audit_service(session, service, action, details, now, account_id)
