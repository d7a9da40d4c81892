"""The deliveries of a case: a table, and a line to add one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.deliveries import MOST_AT_ONCE, DeliveryKind, DeliveryRefusal
from survey_app.domain.file_cells import read_count, read_date
from survey_app.domain.file_faults import Flaw, RowFaultCode
from survey_app.reporting.desk_case import list_deliveries
from survey_app.usecases.record_deliveries import (
    DeliveryNotFound,
    Done,
    record_deliveries,
    take_back_delivery,
)
from survey_app.web.caseworker.case.this_case import entered, the_service, the_worker
from survey_app.web.caseworker.case.words import KINDS
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, this_service, writing
from survey_app.web.shared.formatting import day

Errors = list[tuple[str, str]]


@access(Audience.STAFF, Task.SEE_CASES)
def deliveries(slug: str, case_ref: str) -> str:
    """The table, and the line for today's."""
    return _page(case_ref, {"on": the_worker().today.isoformat(), "count": "1"}, [])


@access(Audience.STAFF, Task.WORK_ON_CASES)
def add_delivery(slug: str, case_ref: str) -> Response | tuple[str, int]:
    """Write one down; the tier follows at once."""
    typed = entered("on", "kind", "count")
    done = _read(typed)
    if isinstance(done, Done):
        with writing() as session:
            refusal = record_deliveries(session, the_service(session), case_ref, done, the_worker())
        if refusal is None:
            said = ngettext("%(num)s delivery added.", "%(num)s deliveries added.", done.count)
            flash(said, "success")
            return redirect(url_for("caseworker.deliveries", slug=slug, case_ref=case_ref))
        done = [refusal]
    return _page(case_ref, typed, _errors(done, case_ref)), 400


@access(Audience.STAFF, Task.WORK_ON_CASES)
def take_back(slug: str, case_ref: str, delivery_id: int) -> Response:
    """Count one no longer; what was taken back already is said."""
    try:
        with writing() as session:
            take_back_delivery(session, the_service(session), case_ref, delivery_id, the_worker())
    except DeliveryNotFound:
        flash(_("It was taken back already. Nothing else changed."), "important")
    else:
        flash(_("Taken back. It counts no longer."), "success")
    return redirect(url_for("caseworker.deliveries", slug=slug, case_ref=case_ref))


def _read(typed: dict[str, str]) -> Done | list[DeliveryRefusal]:
    on = read_date(typed.get("on", ""))
    count = read_count(typed.get("count", ""))
    kind = typed.get("kind", "")
    refusals = []
    if isinstance(on, Flaw):
        refusals.append(DeliveryRefusal.NO_DAY)
    if kind not in set(DeliveryKind):
        refusals.append(DeliveryRefusal.UNKNOWN_KIND)
    if isinstance(count, Flaw):
        refusals.append(_count_refusal(count))
    if refusals or isinstance(on, Flaw) or isinstance(count, Flaw):
        return refusals
    return Done(on, DeliveryKind(kind), count)


def _count_refusal(flaw: Flaw) -> DeliveryRefusal:
    return {
        RowFaultCode.NEGATIVE: DeliveryRefusal.NONE_AT_ALL,
        RowFaultCode.TOO_LARGE: DeliveryRefusal.TOO_MANY,
    }.get(flaw.code, DeliveryRefusal.NOT_A_COUNT)


_FIELDS = {
    DeliveryRefusal.UNKNOWN_KIND: "kind",
    DeliveryRefusal.NOT_A_COUNT: "count",
    DeliveryRefusal.NONE_AT_ALL: "count",
    DeliveryRefusal.TOO_MANY: "count",
}


def _errors(refusals: list[DeliveryRefusal], case_ref: str) -> Errors:
    with reading() as session:
        case = this_case(session, case_ref)
    words = {
        DeliveryRefusal.UNKNOWN_KIND: _("Choose what was done."),
        DeliveryRefusal.NOT_A_COUNT: _("Write how many, as a whole number such as 1."),
        DeliveryRefusal.NONE_AT_ALL: _("Write 1 or more. To undo one, take it back below."),
        DeliveryRefusal.TOO_MANY: _(
            "Write at most %(n)s. Add them day by day if there were more.", n=MOST_AT_ONCE
        ),
        DeliveryRefusal.NO_DAY: _("Write the day as 18/11/2026."),
        DeliveryRefusal.BEFORE_REFERRAL: _(
            "This is before the referral on %(day)s. Check the day.", day=day(case.referred_on)
        ),
        DeliveryRefusal.IN_FUTURE: _("This day has not come yet. Add it once it is done."),
        DeliveryRefusal.AFTER_CLOSING: _(
            "This is after the case closed. Check the day, or reopen the case first."
        ),
    }
    return [(_FIELDS.get(refusal, "on"), words[refusal]) for refusal in refusals]


def _page(case_ref: str, typed: dict[str, str], errors: Errors) -> str:
    with reading() as session:
        case = this_case(session, case_ref)
        rows = list_deliveries(session, case.id)
    return render_template(
        "caseworker/case/deliveries.html",
        case=case,
        rows=rows,
        typed=typed,
        errors=errors,
        kinds=KINDS,
        slug=this_service().slug,
    )


def deliveries_pages(pages: Blueprint) -> None:
    """Mount the table and its forms."""
    address = "/services/<slug>/cases/<ref:case_ref>/deliveries"
    pages.get(address)(deliveries)
    pages.post(address)(add_delivery)
    pages.post(f"{address}/<int:delivery_id>/take-back")(take_back)
