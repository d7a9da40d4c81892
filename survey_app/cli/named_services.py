"""Which service does a command's `--service` mean?"""

import click
from sqlalchemy.orm import Session

from survey_app.store.services import Service, find_service


def service_named(session: Session, slug: str) -> Service:
    """The service of this slug; else wrong use: the command ends with 2."""
    service = find_service(session, slug)
    if service is None:
        raise click.UsageError(f"There is no service {slug!r}: add it with `services add`.")
    return service
