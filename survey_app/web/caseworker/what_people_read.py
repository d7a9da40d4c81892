"""What are the people told whom a service asks? A manager writes it, and sees it as they will."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.languages import ENGLISH, LANGUAGES, find_language, get_language
from survey_app.domain.privacy_words import (
    FIRST_LANGUAGE,
    KEYS,
    ONLY_THE_SERVICE_KNOWS,
    missing_words,
    with_words,
)
from survey_app.store.services import Service
from survey_app.usecases.change_what_people_read import WhatPeopleRead, change_what_people_read
from survey_app.web.caseworker.people_read_form import PeopleReadForm, form_of
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.page_language import speak
from survey_app.web.shared.privacy import privacy_facts, privacy_headings
from survey_app.web.shared.runtime import runtime

PREVIEW = "preview"


@access(Audience.STAFF, Task.CHANGE_WHAT_PEOPLE_READ)
def what_people_read(slug: str) -> str:
    """What holds now, in a form, what is missing, and the page as people see it."""
    service = _service()
    return _page(service, form_of(service, _language()))


@access(Audience.STAFF, Task.CHANGE_WHAT_PEOPLE_READ)
def change_what_people_read_here(slug: str) -> Response | str | tuple[str, int]:
    """Save it, or with the other button only show what it would look like."""
    form, language = PeopleReadForm(), _language()
    if not form.validate_on_submit():
        return _page(_service(), form), 400
    said = form.said(language)
    if PREVIEW in request.form:
        return _page(_service(), form, said)
    with writing() as session:
        changed = change_what_people_read(
            session,
            session.get_one(Service, this_service().id),
            said,
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
    if changed:
        flash(_("Saved. It holds from the next page that somebody opens."), "success")
    return redirect(url_for("caseworker.what_people_read", slug=slug, language=language))


def _service() -> Service:
    with reading() as session:
        return session.get_one(Service, this_service().id)


def _language() -> str:
    asked = request.args.get("language", FIRST_LANGUAGE)
    return FIRST_LANGUAGE if find_language(asked) is None else asked


def _page(service: Service, form: PeopleReadForm, said: WhatPeopleRead | None = None) -> str:
    language = _language()
    privacy = with_words(service.privacy, language, said.words) if said else service.privacy
    headings = privacy_headings()
    speak(get_language(language))
    facts = privacy_facts(service.name, privacy)
    ours = {fact.key: fact.text for fact in privacy_facts(service.name, {})}
    speak(ENGLISH)
    return render_template(
        "caseworker/what_people_read.html",
        slug=service.slug,
        form=form,
        keys=KEYS,
        headings=headings,
        languages=LANGUAGES,
        written_in=get_language(language),
        facts=facts,
        ours={key: text for key, text in ours.items() if key not in ONLY_THE_SERVICE_KNOWS},
        missing=[headings[key] for key in missing_words(privacy, language)],
        is_preview=said is not None,
        errors=list(_errors(form)),
    )


def _errors(form: PeopleReadForm) -> Iterator[tuple[str, str]]:
    """Pairs of field id and text, also of the rows within the list of help lines."""
    for name, found in form.errors.items():
        if name == "help_lines":
            for place, row in enumerate(found):
                yield from _row_errors(place, row)
        elif found:
            yield str(name), str(found[0])


def _row_errors(place: int, row: Any) -> Iterable[tuple[str, str]]:
    if not isinstance(row, dict):
        return
    for name, texts in row.items():
        if texts:
            yield f"help_lines-{place}-{name}", str(texts[0])


def what_people_read_pages(pages: Blueprint) -> None:
    """Mount the page."""
    address = "/services/<slug>/what-people-read"
    pages.get(address)(what_people_read)
    pages.post(address, endpoint="change_what_people_read")(change_what_people_read_here)
