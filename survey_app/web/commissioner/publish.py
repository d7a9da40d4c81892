"""How does a manager publish a quarter: see what the commissioner will see, say why, confirm?"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from survey_app.domain.access import Task
from survey_app.domain.periods import Quarter, london_day, quarter_of
from survey_app.reporting.desk import list_publications
from survey_app.reporting.quarter_tables import WELL_FOUNDED, QuarterTables, quarter_tables
from survey_app.reporting.told_again import compare
from survey_app.store.publications import Publication, find_publication, find_told
from survey_app.store.services import Service
from survey_app.usecases.publish_quarter import (
    Preview,
    PublishRefusal,
    preview_quarter,
    publish_quarter,
    to_publish,
)
from survey_app.web.commissioner.asked import asked_quarter
from survey_app.web.commissioner.blocks import Block, Table
from survey_app.web.commissioner.key_figures import key_figures
from survey_app.web.commissioner.split import split_block
from survey_app.web.commissioner.telling import Extent, extent_of, lost_in_words
from survey_app.web.commissioner.whole_report import whole_report
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.runtime import runtime

OFFERED = 8


class PublishForm(FlaskForm):
    """The manager's word for it. `seen` is the fingerprint of the figures on their screen."""

    seen = HiddenField(validators=[InputRequired()])
    reason = StringField(
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Write why you publish now, for example: quarterly report.")),
            Length(max=500, message=_l("Write at most 500 characters.")),
        ],
    )
    confirm = BooleanField(
        validators=[InputRequired(_l("Tick the box to say that you have read the figures."))]
    )


@access(Audience.STAFF, Task.PUBLISH_FIGURES)
def publications(slug: str) -> str:
    """The last quarters with what was published of each, and everything ever published."""
    with reading() as session:
        published = list_publications(session, this_service().id)
    newest = {row.period: row for row in reversed(published)}
    quarter = quarter_of(london_day(runtime().now()))
    offered = []
    for _n in range(OFFERED):
        offered.append((quarter, newest.get(quarter.code)))
        quarter = quarter.previous
    return render_template(
        "commissioner/publications.html", offered=offered, published=published, slug=slug
    )


@access(Audience.STAFF, Task.PUBLISH_FIGURES)
def publish(period: str, **_address: str) -> str:
    """What the commissioner will see, and the form that publishes just that."""
    return _page(asked_quarter(period), PublishForm(formdata=None))


@access(Audience.STAFF, Task.PUBLISH_FIGURES)
def publish_now(slug: str, period: str) -> Response | tuple[str, int]:
    """Publish what was seen; if figures moved since, show them again first."""
    quarter, form = asked_quarter(period), PublishForm()
    if not form.validate_on_submit():
        return _page(quarter, form), 400
    with writing() as session:
        service = session.get_one(Service, this_service().id)
        result = publish_quarter(
            session,
            service=service,
            quarter=quarter,
            tables=to_publish(_tables(session, service, quarter)),
            seen=form.seen.data or "",
            reason=form.reason.data or "",
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
    if isinstance(result, Publication):
        flash(_("%(quarter)s is published.", quarter=quarter.label), "success")
        return redirect(url_for("commissioner.publications", slug=slug))
    return _page(quarter, form, refusal=result), 409


def refusal_words(refusal: PublishRefusal) -> str:
    """Why a quarter cannot be published now."""
    return {
        PublishRefusal.NOT_BEGUN: _("This quarter has not begun."),
        PublishRefusal.NOBODY_IN_IT: _(
            "There is nothing to publish: no case closed in this quarter and nobody answered."
        ),
        PublishRefusal.CHANGED_SINCE_SEEN: _(
            "The figures changed while you were reading. Read them again, then publish."
        ),
        PublishRefusal.SAME_AS_PUBLISHED: _(
            "These very figures are published already. There is nothing new to publish."
        ),
    }[refusal]


def _tables(session: Session, service: Service, quarter: Quarter) -> QuarterTables:
    return quarter_tables(
        session,
        service,
        quarter,
        now=runtime().now(),
        earlier=find_told(session, service.id, quarter.code),
        least_base=WELL_FOUNDED if _is_strict() else 0,
    )


def _is_strict() -> bool:
    return request.values.get("strict") == "yes"


def _page(quarter: Quarter, form: PublishForm, refusal: PublishRefusal | None = None) -> str:
    place = this_service()
    with reading() as session:
        service = session.get_one(Service, place.id)
        found = _tables(session, service, quarter)
        last = find_publication(session, place.id, quarter.code)
        told = last.told if last is not None else {}
        preview = preview_quarter(
            session,
            service=service,
            quarter=quarter,
            tables=to_publish(found),
            now=runtime().now(),
        )
    comparison = compare(found.told, told) if told else None
    page = whole_report(preview.tables.report)
    splits = [split_block(by, preview.tables.splits[by.value]) for by in found.splits]
    return render_template(
        "commissioner/publish.html",
        quarter=quarter,
        slug=place.slug,
        page=page,
        headlines=_headlines(preview.tables.report),
        everyone=_with_extents(page.blocks),
        splits=_with_extents(splits),
        extent=extent_of([*page.blocks, *splits]),
        last=last,
        comparison=comparison,
        lost_in_words=lost_in_words(comparison) if comparison else [],
        is_strict=_is_strict(),
        fingerprint=preview.fingerprint,
        form=form,
        errors=_errors(form, refusal),
        blocked=_blocked(preview),
        is_over=quarter.ends_on < london_day(runtime().now()),
    )


def _headlines(report: Mapping[str, Any]) -> Table:
    rows = [[figure.label, figure.rate] for figure in key_figures(report)]
    return Table(_("Headline figures"), [_("Figure"), _("Share")], rows)


def _with_extents(blocks: Sequence[Block]) -> list[tuple[Block, Extent]]:
    return [(block, extent_of([block])) for block in blocks]


def _blocked(preview: Preview) -> str | None:
    return None if preview.refusal is None else refusal_words(preview.refusal)


def _errors(form: PublishForm, refusal: PublishRefusal | None) -> list[tuple[str | None, str]]:
    found: list[tuple[str | None, str]] = [
        (name, str(texts[0])) for name, texts in form.errors.items() if texts and name is not None
    ]
    if refusal is not None:
        found.append((None, refusal_words(refusal)))
    return found


def publish_pages(pages: Blueprint) -> None:
    """Mount the list of publications and the publishing of one quarter."""
    pages.get("/services/<slug>/publish")(publications)
    pages.get("/services/<slug>/publish/<period>")(publish)
    pages.post("/services/<slug>/publish/<period>")(publish_now)
