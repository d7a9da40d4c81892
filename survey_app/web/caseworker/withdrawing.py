"""Which answers does a case hold, and how are they deleted when the person asks for it?"""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Reply
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from survey_app.domain.access import Task
from survey_app.domain.requests import Wave
from survey_app.store.cases import Case, CaseNotFound, find_case
from survey_app.store.responses import Response
from survey_app.usecases.withdraw_answers import withdraw_answers
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.contact_words import WAVES
from survey_app.web.shared.runtime import runtime


class WithdrawForm(FlaskForm):
    """Of which wave, how the person asked, and that it cannot be undone."""

    wave = RadioField(
        choices=[SelectChoice(wave, WAVES[wave]) for wave in Wave],
        validators=[DataRequired(_l("Choose whose answers go: from which point of the support."))],
    )
    how = StringField(
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Write how the person asked for it.")),
            Length(max=200, message=_l("Write at most 200 characters.")),
        ],
    )
    confirm = BooleanField(validators=[DataRequired(_l("Confirm that it cannot be undone."))])


@dataclass(frozen=True)
class GivenAnswers:
    """That the person answered at one wave, and when last; never what."""

    wave: str
    responses: int
    last_on: date | None


@access(Audience.STAFF, Task.WITHDRAW_ANSWERS)
def answers_of_case(slug: str, case_ref: str) -> str:
    """What there is to delete, without what was said."""
    return _page(case_ref, WithdrawForm(formdata=None))


@access(Audience.STAFF, Task.WITHDRAW_ANSWERS)
def withdraw_at_request(slug: str, case_ref: str) -> Reply | tuple[str, int]:
    """Delete the person's answers of one wave, for good."""
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _page(case_ref, form), 400
    with writing() as session:
        withdraw_answers(
            session,
            _case(session, case_ref).id,
            Wave(form.wave.data),
            now=runtime().now(),
            account_id=staff().account.account_id,
            how=form.how.data,
        )
    flash(_("The answers are deleted. Figures follow at once; published ones stay."), "success")
    return redirect(url_for("caseworker.answers_of_case", slug=slug, case_ref=case_ref))


def _page(case_ref: str, form: WithdrawForm) -> str:
    with reading() as session:
        case = _case(session, case_ref)
        given = _given(session, case.id)
    return render_template(
        "caseworker/answers_of_case.html",
        case_ref=case.case_ref,
        given=given,
        waves=WAVES,
        form=form,
        errors=[(name, texts[0]) for name, texts in form.errors.items() if texts],
        slug=this_service().slug,
    )


def _case(session: Session, case_ref: str) -> Case:
    case = find_case(session, this_service().id, case_ref)
    if case is None:
        raise CaseNotFound(case_ref)
    return case


def _given(session: Session, case_id: int) -> list[GivenAnswers]:
    """In the order of the waves; readings that a caseworker scored are not the person's alone."""
    found = session.execute(
        select(Response.wave, func.count(), func.max(Response.counts_on))
        .where(
            Response.case_id == case_id,
            Response.scored_by.is_(None),
            Response.withdrawn_at.is_(None),
        )
        .group_by(Response.wave)
    )
    by_wave = {row[0]: GivenAnswers(*row) for row in found}
    return [by_wave[wave] for wave in Wave if wave in by_wave]


def withdrawing_pages(pages: Blueprint) -> None:
    """Mount the page."""
    address = "/services/<slug>/cases/<ref:case_ref>/answers"
    pages.get(address)(answers_of_case)
    pages.post(address)(withdraw_at_request)
