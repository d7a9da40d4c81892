"""Add a service: a commissioned contract with its own copy of a programme."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from survey_app.domain.definitions import content_hash
from survey_app.domain.programmes import Programme, licence_faults
from survey_app.domain.sensitive_crimes import USUAL_SENSITIVE_CRIMES
from survey_app.store.audit import audit_service
from survey_app.store.instrument_snapshots import newest_instruments
from survey_app.store.programmes import shipped_programmes
from survey_app.store.services import ProgrammeVersion, Service, ServiceMode, find_service

SIMULATED = "simulated"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ServiceRefusal(StrEnum):
    """Why a service was not added."""

    NAME_MISSING = "name-missing"
    SLUG_MALFORMED = "slug-malformed"
    SLUG_TAKEN = "slug-taken"
    PROGRAMME_UNKNOWN = "programme-unknown"
    LICENCE_NOT_RECORDED = "licence-not-recorded"


class ServiceRefused(Exception):
    """The service cannot be added as asked; `reason` says why. Ask `why_not_add` beforehand."""

    def __init__(self, reason: ServiceRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


def why_not_add(session: Session, *, name: str, slug: str, programme: str) -> ServiceRefusal | None:
    """Why a service cannot be added as asked; None when it can."""
    if not name.strip():
        return ServiceRefusal.NAME_MISSING
    if not _SLUG.fullmatch(slug) or len(slug) > 64:
        return ServiceRefusal.SLUG_MALFORMED
    if find_service(session, slug) is not None:
        return ServiceRefusal.SLUG_TAKEN
    template = shipped_programmes().get(programme)
    if template is None:
        return ServiceRefusal.PROGRAMME_UNKNOWN
    if licence_faults(template, newest_instruments(), frozenset()):
        return ServiceRefusal.LICENCE_NOT_RECORDED
    return None


def add_service(
    session: Session,
    *,
    name: str,
    slug: str,
    now: datetime,
    programme: str = "standard",
    installed_provider: str = SIMULATED,
    sms_provider: str | None = None,
    account_id: int | None = None,
    facts: Mapping[str, object] | None = None,
) -> Service:
    """Add a service with version 1 of its programme, copied from the template of this key.

    It starts live with the simulated provider and in shadow with a real one, so that nobody is
    texted before somebody said `services live`. `facts` are further columns of the service. Raises
    ServiceRefused.
    """
    refusal = why_not_add(session, name=name, slug=slug, programme=programme)
    if refusal is not None:
        raise ServiceRefused(refusal)
    is_simulated = (sms_provider or installed_provider) == SIMULATED
    service = Service(
        **{
            "name": name.strip(),
            "slug": slug,
            "created_at": now,
            "mode": ServiceMode.LIVE if is_simulated else ServiceMode.SHADOW,
            "sms_provider": sms_provider,
            "sensitive_crimes": dict(USUAL_SENSITIVE_CRIMES),
            **(facts or {}),
        }
    )
    session.add(service)
    session.flush()
    session.add(_first_version(service, shipped_programmes()[programme], now))
    audit_service(session, service, "add-service", {"programme": programme}, now, account_id)
    session.flush()
    return service


def _first_version(service: Service, template: Programme, now: datetime) -> ProgrammeVersion:
    return ProgrammeVersion(
        service_id=service.id,
        number=1,
        key=template.key,
        content=template.model_dump(mode="json", exclude_defaults=True),
        content_hash=content_hash(template),
        created_at=now,
    )
