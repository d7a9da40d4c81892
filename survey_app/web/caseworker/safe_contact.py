"""How may one person safely be reached, as recorded, and may a text go to them now?"""

from datetime import date, time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, RadioField, SelectMultipleField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.validators import Optional as Blank

from survey_app.domain.access import Task
from survey_app.domain.case_conflicts import FieldChange
from survey_app.domain.cases import Recorded, Weekday
from survey_app.domain.requests import OPEN_STATES, Channel
from survey_app.domain.safe_contact import judge
from survey_app.domain.safety_details import PERMISSIONS, SafetyDetails, as_shown
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.safety_details import safety_details_of
from survey_app.store.unreadable import readable_or_none
from survey_app.usecases.case_work import Overtaken
from survey_app.usecases.change_safety import FutureCheck, change_safety
from survey_app.web.caseworker.case.this_case import seen
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.contact_words import WAVES, day_names, verdict_words
from survey_app.web.shared.runtime import runtime

NOT_RECORDED = ""
_ANSWERS = [
    SelectChoice(Recorded.YES, _l("Yes")),
    SelectChoice(Recorded.NO, _l("No")),
    SelectChoice(Recorded.UNKNOWN, _l("Not known")),
    SelectChoice(NOT_RECORDED, _l("Not recorded")),
]
QUESTIONS = {
    "sms_consent": _l("Has the person agreed to be texted?"),
    "sms_safe": _l("Are texts to this number safe?"),
    "sms_preferred": _l("Are texts the way that the person prefers?"),
    "call_safe": _l("Are calls to this number safe?"),
    "do_not_contact": _l("Does the person want no contact at all?"),
    "name_service": _l("May a text name the service?"),
}
_NOT_AN_ANSWER = _l("Choose one of the answers.")


def _asked() -> RadioField:
    return RadioField(choices=_ANSWERS, default=NOT_RECORDED, validate_choice=True)


class SafeContactForm(FlaskForm):
    """All that is recorded; what is left blank is not recorded any more."""

    sms_consent = _asked()
    sms_safe = _asked()
    sms_preferred = _asked()
    call_safe = _asked()
    do_not_contact = _asked()
    name_service = _asked()
    days = RadioField(
        choices=[SelectChoice("every", _l("Every day")), SelectChoice("some", _l("Only on:"))],
        default="every",
    )
    safe_days = SelectMultipleField(choices=[SelectChoice(d, d) for d in Weekday])
    safe_from = TimeField(validators=[Blank()])
    safe_until = TimeField(validators=[Blank()])
    checked_on = DateField(validators=[Blank()])
    how = StringField(
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Write how you checked this with the person.")),
            Length(max=200, message=_l("Write at most 200 characters.")),
        ],
    )


@access(Audience.STAFF, Task.SEE_CONTACT)
def safe_contact(slug: str, case_ref: str) -> str:
    """What is recorded, in a form, and the contact rule's word on a text right now."""
    with reading() as session:
        person = session.get_one(Person, this_case(session, case_ref).person_id)
        form = SafeContactForm(formdata=None, data=_recorded(person))
        return _page(session, case_ref, form)


@access(Audience.STAFF, Task.CHANGE_CONTACT)
def change_safe_contact(slug: str, case_ref: str) -> Response | tuple[str, int]:
    """Let what was checked replace what is recorded; queued texts are taken back with it."""
    form = SafeContactForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                person = session.get_one(Person, this_case(session, case_ref).person_id)
                outcome = change_safety(
                    session,
                    person.id,
                    _stated(form, safety_details_of(person)),
                    how=form.how.data or "",
                    account_id=staff().account.account_id,
                    now=runtime().now(),
                    seen=seen(*as_shown(SafetyDetails())),
                )
        except FutureCheck:
            form.checked_on.errors = [_("The day of the check has not come yet.")]
        else:
            if isinstance(outcome, Overtaken):
                with reading() as session:
                    return _page(session, case_ref, form, outcome.changes), 409
            flash(_("Saved. Texts that waited on the former details were taken back."), "success")
            return redirect(url_for("caseworker.safe_contact", slug=slug, case_ref=case_ref))
    with reading() as session:
        return _page(session, case_ref, form), 400


def _page(
    session: Session,
    case_ref: str,
    form: SafeContactForm,
    changes: tuple[FieldChange, ...] = (),
) -> str:
    case = this_case(session, case_ref)
    person = session.get_one(Person, case.person_id)
    stands = as_shown(safety_details_of(person))
    return render_template(
        "caseworker/safe_contact.html",
        case_ref=case.case_ref,
        # After a fault it is still what was first shown, so that a change in between is not missed.
        seen=seen(*stands) if form.errors and not changes else stands,
        changes=[_told(change) for change in changes],
        number_end=(readable_or_none(person.mobile) or "").strip()[-3:],
        verdicts=_verdicts(session, case),
        form=form,
        permissions=PERMISSIONS,
        questions=QUESTIONS,
        answers=[(choice.value, choice.label) for choice in _ANSWERS],
        day_names=day_names(),
        errors=_errors(form),
        slug=this_service().slug,
        waves=WAVES,
        verdict_words=verdict_words,
    )


def _told(change: FieldChange) -> tuple[str, str, str, None]:
    """A change of a colleague's, in words."""
    labels = {
        "number": _("The end of the number"),
        "safe_days": _("Safe days"),
        "safe_from": _("Safe from"),
        "safe_until": _("Safe until"),
    }
    label = labels.get(change.field) or str(QUESTIONS[change.field])
    return label, _in_words(change.field, change.seen), _in_words(change.field, change.stands), None


def _in_words(field: str, value: str) -> str:
    if field in PERMISSIONS:
        return str(next((each.label for each in _ANSWERS if each.value == value), value))
    names = dict(day_names())
    return (
        ", ".join(names.get(day, day) for day in value.split()) if field == "safe_days" else value
    )


def _verdicts(session: Session, case: Case) -> list[tuple[SurveyRequest, Any]]:
    """The contact rule's word on a text now, for what is still to be asked in this case."""
    requests = session.scalars(
        select(SurveyRequest)
        .where(SurveyRequest.case_id == case.id, SurveyRequest.state.in_(OPEN_STATES))
        .order_by(SurveyRequest.due_at, SurveyRequest.id)
    ).all()
    facts = contact_facts(session, [request.id for request in requests])
    now = runtime().now()
    return [(request, judge(Channel.SMS, facts[request.id], now)) for request in requests]


def _recorded(person: Person) -> dict[str, Any]:
    details = safety_details_of(person)
    return {
        **{name: getattr(details, name) or NOT_RECORDED for name in PERMISSIONS},
        "days": "every" if details.safe_days is None else "some",
        "safe_days": [str(day) for day in details.safe_days or ()],
        "safe_from": details.safe_from,
        "safe_until": details.safe_until,
    }


def _stated(form: SafeContactForm, stored: SafetyDetails) -> SafetyDetails:
    """What the form says; the number is not changed here."""
    days = tuple(Weekday(day) for day in form.safe_days.data or ())
    said: dict[str, str] = {name: form[name].data for name in PERMISSIONS}
    until: time | None = form.safe_until.data
    checked_on: date | None = form.checked_on.data
    return SafetyDetails(
        number=stored.number,
        safe_days=None if form.days.data == "every" else days,
        safe_from=form.safe_from.data,
        safe_until=until,
        safety_checked_on=checked_on,
        **{name: Recorded(value) if value else None for name, value in said.items()},
    )


def _errors(form: SafeContactForm) -> list[tuple[str, str]]:
    """Field and words; a value that no choice of ours has, or that is no time, is said plainly."""
    plain = {
        "safe_from": _("Write the time as 09:00."),
        "safe_until": _("Write the time as 17:30."),
    }
    return [
        (str(name), str(plain.get(str(name)) or _said(texts[0])))
        for name, texts in form.errors.items()
        if texts and name is not None
    ]


def _said(words: Any) -> Any:
    return _NOT_AN_ANSWER if "valid choice" in str(words) else words


def safe_contact_pages(pages: Blueprint) -> None:
    """Mount the form."""
    address = "/services/<slug>/cases/<ref:case_ref>/safe-contact"
    pages.get(address)(safe_contact)
    pages.post(address)(change_safe_contact)
