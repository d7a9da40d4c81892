"""The form in which a manager writes what people read, and what it says."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError
from wtforms.validators import Optional as Blank

from survey_app.domain.help_lines import HelpLine, LineWords, read_help_line
from survey_app.domain.languages import ENGLISH
from survey_app.domain.opening_hours import KINDS, OpeningHours, find_span
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


def _sound_span(form: Form, field: StringField) -> None:
    if field.data and find_span(field.data) is None:
        raise ValidationError(_l("Write a time and a later one, such as 09:00-17:00"))


def _span() -> StringField:
    return StringField(filters=[_trimmed], validators=[_sound_span])


class HelpLineForm(Form):
    """One help line; a row without a name and a number is no line.

    `other_name` and `other_hours` are in the language that is being written, if not English.
    """

    name = _line()
    is_name = BooleanField()
    other_name = _line()
    other_hours = _line()
    weekdays = _span()
    saturday = _span()
    sunday = _span()
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
            help_lines=[
                line for row in self.help_lines if (line := _read_line(row.form, language))
            ],
            quick_exit_url=self.quick_exit_url.data or "",
            accessibility_contact=self.accessibility_contact.data or "",
            asks_agreed_word=bool(self.asks_agreed_word.data),
            urgent_words=_listed(self.urgent_words.data or "", "\n"),
        )


def form_of(service: Service, language: str) -> PeopleReadForm:
    """The form with what holds now, and rows to spare."""
    rows = [_row(read_help_line(stored), language) for stored in service.help_lines]
    contact = service.accessibility_contact
    if language != ENGLISH.tag:
        contact = service.accessibility_contacts.get(language, "")
    return PeopleReadForm(
        formdata=None,
        data={
            **words_in(service.privacy, language),
            "help_lines": rows + [{} for _ in range(SPARE_LINES)],
            "quick_exit_url": service.quick_exit_url,
            "accessibility_contact": contact,
            "asks_agreed_word": service.asks_agreed_word,
            "urgent_words": "\n".join(service.urgent_words),
        },
    )


def _row(line: HelpLine, language: str) -> dict[str, object]:
    """What stands in the fields of one line."""
    spans = zip(KINDS, line.opens.spans, strict=True)
    return {
        "name": line.name,
        "is_name": line.is_name,
        "number": line.number,
        "url": line.url,
        "hours": line.hours,
        "other_name": line.words_in(language).name,
        "other_hours": line.words_in(language).hours,
        "areas": ", ".join(line.areas),
        "languages": ", ".join(line.languages),
        **{kind.value: "-".join(span) for kind, span in spans if span},
    }


def _read_line(row: HelpLineForm, language: str) -> HelpLine | None:
    if not (row.name.data and (row.number.data or row.url.data)):
        return None
    said = LineWords(language, row.other_name.data or "", row.other_hours.data or "")
    return HelpLine(
        name=row.name.data,
        number=row.number.data or "",
        url=row.url.data or "",
        hours=row.hours.data or "",
        areas=tuple(_listed(row.areas.data or "", ",")),
        languages=tuple(_listed((row.languages.data or "").lower(), ",")),
        opens=OpeningHours(tuple(find_span(row[kind].data or "") for kind in KINDS)),
        is_name=bool(row.is_name.data),
        words=(said,) if language != ENGLISH.tag else (),
    )


def _listed(written: str, separator: str) -> list[str]:
    return [part.strip() for part in written.split(separator) if part.strip()]
