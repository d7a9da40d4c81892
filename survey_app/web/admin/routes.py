"""Which services may this person see, and how do they run?"""

from flask import Blueprint, render_template
from sqlalchemy import select

from survey_app.domain.access import Task, may
from survey_app.store.services import Service, ServiceMode
from survey_app.web.admin.users import user_pages
from survey_app.web.shared.access import Audience, access, reading, staff
from survey_app.web.shared.navigation import role_name
from survey_app.web.shared.worker_words import no_worker_words

blueprint = Blueprint("admin", __name__, template_folder="templates")
user_pages(blueprint)


@blueprint.get("/services")
@access(Audience.STAFF, Task.SEE_SERVICES)
def services() -> str:
    """Every service in which the person has a role, with that role and how the service runs."""
    mine = staff().account.services
    with reading() as session:
        found = session.scalars(select(Service).where(Service.id.in_([s.id for s in mine])))
        modes = {service.id: service.mode for service in found}
        no_worker = no_worker_words(session) if ServiceMode.LIVE in modes.values() else ""
    rows = [(s, [role_name(role) for role in sorted(s.roles)], modes.get(s.id, "")) for s in mine]
    may_pause = any(
        may(s.roles, Task.PAUSE_SENDING) and modes.get(s.id) == ServiceMode.LIVE for s in mine
    )
    return render_template(
        "admin/services.html", rows=rows, may_pause=may_pause, no_worker=no_worker
    )
