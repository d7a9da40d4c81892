"""The form in which a manager writes what people read, and what it says."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.validators import Optional as Blank

from survey_app.domain.help_lines import HelpLine, read_help_line
from survey_app.domain.privacy_words import KEYS, words_in
from survey_app.store.services import Service
from survey_app.usecases.change_what_people_read import WhatPeopleRead

SPARE_LINES = 1
"""Empty rows for further help lines; another comes with each that is saved."""
LONGEST = 2_000
_WEB = _l("Write a whole address that begins with https://")


def _trimmed(text: str | None) -> str:
    return (text or "").strip()


def _line(limit: int = 200) -> StringField:
    too_long = _l("Write at most %(n)s characters.", n=limit)
    return StringField(filters=[_trimmed], validators=[Length(max=limit, message=too_long)])


def _text() -> TextAreaField:
    too_long = _l("Write at most %(n)s characters.", n=LONGEST)
    return TextAreaField(filters=[_trimmed], validators=[Length(max=LONGEST, message=too_long)])


class HelpLineForm(Form):
    """One help line; a row without a name and a number is no line."""

    name = _line()
    number = _line(40)
    url = StringField(filters=[_trimmed], validators=[Blank(), Regexp(r"https://\S+$", 0, _WEB)])
    hours = _line()
    areas = _line(500)
    languages = _line()


class PeopleReadForm(FlaskForm):
    """What only the service knows stands here as it wrote it; blank means the product's words."""

    controller = _text()
    contact = _text()
    protection_officer = _text()
    purpose = _text()
    lawful_basis = _text()
    recipients = _text()
    retention = _text()
    rights = _text()
    complaints = _text()
    help_lines = FieldList(FormField(HelpLineForm), max_entries=20)
    quick_exit_url = StringField(
        filters=[_trimmed],
        validators=[
            DataRequired(_l("Write the address that “Leave this page” opens.")),
            Regexp(r"https://[^\s/@]+\.[^\s/@]+(/\S*)?$", 0, _WEB),
        ],
    )
    accessibility_contact = _line(500)
    asks_agreed_word = BooleanField()
    urgent_words = _text()

    def said(self, language: str) -> WhatPeopleRead:
        """What the form says, with lists read out of their rows and lines."""
        return WhatPeopleRead(
            language=language,
            words={key: self[key].data or "" for key in KEYS},
            help_lines=[line for row in self.help_lines if (line := _read_line(row.form))],
            quick_exit_url=self.quick_exit_url.data or "",
            accessibility_contact=self.accessibility_contact.data or "",
            asks_agreed_word=bool(self.asks_agreed_word.data),
            urgent_words=_listed(self.urgent_words.data or "", "\n"),
        )


def form_of(service: Service, language: str) -> PeopleReadForm:
    """The form with what holds now, and rows to spare."""
    lines = [read_help_line(stored) for stored in service.help_lines]
    rows = [
        {
            "name": line.name,
            "number": line.number,
            "url": line.url,
            "hours": line.hours,
            "areas": ", ".join(line.areas),
            "languages": ", ".join(line.languages),
        }
        for line in lines
    ]
    return PeopleReadForm(
        formdata=None,
        data={
            **words_in(service.privacy, language),
            "help_lines": rows + [{} for _ in range(SPARE_LINES)],
            "quick_exit_url": service.quick_exit_url,
            "accessibility_contact": service.accessibility_contact,
            "asks_agreed_word": service.asks_agreed_word,
            "urgent_words": "\n".join(service.urgent_words),
        },
    )


def _read_line(row: HelpLineForm) -> HelpLine | None:
    if not (row.name.data and (row.number.data or row.url.data)):
        return None
    return HelpLine(
        name=row.name.data,
        number=row.number.data or "",
        url=row.url.data or "",
        hours=row.hours.data or "",
        areas=tuple(_listed(row.areas.data or "", ",")),
        languages=tuple(_listed((row.languages.data or "").lower(), ",")),
    )


def _listed(written: str, separator: str) -> list[str]:
    return [part.strip() for part in written.split(separator) if part.strip()]
