"""What do staff read of each thing that happened to a case?"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from survey_app.domain.safe_hours import LONDON
from survey_app.reporting.desk_timeline import Event, EventKind
from survey_app.store.unreadable import in_words
from survey_app.web.caseworker.case.change_words import change_words
from survey_app.web.caseworker.case.words import (
    KINDS,
    REASONS,
    STATES,
    code_words,
    instrument_title,
)
from survey_app.web.caseworker.links import case_address
from survey_app.web.caseworker.message_words import state_words, wave_words
from survey_app.web.caseworker.today_words import ALERTS
from survey_app.web.shared.contact_words import CHANNELS, WAVES, verdict_words
from survey_app.web.shared.formatting import day

_MILESTONES: dict[str, LazyString] = {
    "first_attempt": _l("First attempt to contact"),
    "second_attempt": _l("Second attempt to contact"),
    "first_contact": _l("First contact"),
    "needs_assessment": _l("Needs assessed"),
    "support_plan": _l("Support plan made"),
    "review": _l("Support reviewed"),
}
_ENDS: dict[str, LazyString] = {
    "answered": _l("The person answered to the end."),
    "finished-early": _l("The person finished early. What they answered counts."),
    "imported": _l("Answers came in with a file."),
    "expired": _l("The time for answering is over."),
    "case-closed": _l("The case closed, so it is no longer asked."),
    "case-reopened": _l("The case was reopened, so it is not asked now."),
    "no-longer-eligible": _l("The case changed, so it is no longer asked."),
    "revoked": _l("Somebody revoked it."),
}
_MODES: dict[str, LazyString] = {
    "sms-link": _l("over the link of a text"),
    "phone": _l("by phone"),
    "in-person": _l("in person"),
    "paper": _l("on paper"),
    "import": _l("with a file"),
}
_SCORERS: dict[str, LazyString] = {
    "together": _l("scored together"),
    "worker": _l("scored by the worker"),
    "client": _l("scored by the person"),
}


@dataclass(frozen=True)
class Told:
    """An event in words. `time` is empty where only the day is known."""

    time: str
    title: str
    body: str = ""
    tag: str = ""
    tag_kind: str = ""
    href: str | None = None
    action: str = ""


def told_by_day(events: Iterable[Event], slug: str) -> list[tuple[date, list[Told]]]:
    """Events in words, grouped by their day, in the order given."""
    return [
        (on, [_told(event, slug) for event in found])
        for on, found in groupby(events, key=lambda event: event.on)
    ]


def _told(event: Event, slug: str) -> Told:
    time = "" if event.at is None else f"{event.at.astimezone(LONDON):%H:%M}"
    about = {name: in_words(value) for name, value in event.about.items()}
    return _WORDS[event.kind](time, about, slug)


def _wave(about: Mapping[str, Any]) -> str:
    return str(WAVES.get(about["wave"] or "", about["wave"] or ""))


def _message_page(about: Mapping[str, Any], slug: str) -> str:
    return url_for("caseworker.message", slug=slug, request_id=about["request_id"])


def _referred(time: str, about: Mapping[str, Any], slug: str) -> Told:
    return Told(time, _("Referred"), ", ".join(filter(None, (about["source"], about["agency"]))))


def _opened_here(time: str, about: Mapping[str, Any], slug: str) -> Told:
    return Told(time, _("First known here"), _("What was over before this day is history."))


def _transfer(time: str, about: Mapping[str, Any], slug: str) -> Told:
    titles = {
        "in": _("Transferred in"),
        "out": _("Transferred out"),
        "on": _("Goes on as another case"),
    }
    ref = about["case_ref"] or about["ref"]
    body = ". ".join(filter(None, (about["place"], _("Reference %(ref)s", ref=ref) if ref else "")))
    href = case_address(slug, about["case_ref"]) if about["case_ref"] else None
    return Told(time, titles[about["direction"]], body, href=href, action=_("See that case"))


def _milestone(time: str, about: Mapping[str, Any], slug: str) -> Told:
    return Told(time, str(_MILESTONES[about["name"]]))


def _delivery(time: str, about: Mapping[str, Any], slug: str) -> Told:
    count = ngettext("%(num)s delivery", "%(num)s deliveries", about["count"])
    kind = str(KINDS.get(about["kind"], about["kind"]))
    return Told(time, f"{kind}: {count}", _by(about))


def _closed(time: str, about: Mapping[str, Any], slug: str) -> Told:
    reason = str(REASONS.get(about["reason"] or "", about["reason"] or _("no reason recorded")))
    coded = ": ".join(filter(None, (reason, code_words(about["code"]))))
    return Told(time, _("Closed"), ". ".join(filter(None, (coded, about["detail"]))))


def _request(time: str, about: Mapping[str, Any], slug: str) -> Told:
    channel = about["channel"]
    way = str(CHANNELS.get(channel or "", _("nobody can ask")))
    body = _("Due %(day)s. Asked by: %(way)s.", day=day(_london(about["due_at"])), way=way)
    title = _("%(wave)s: to be asked", wave=_wave(about))
    state = str(STATES.get(about["state"], about["state"]))
    action = _("What was decided")
    return Told(time, title, body, state, href=_message_page(about, slug), action=action)


def _request_ended(time: str, about: Mapping[str, Any], slug: str) -> Told:
    why = str(_ENDS.get(about["end_reason"] or "", ""))
    tag = _("answered") if about["state"] == "completed" else ""
    return Told(time, _("%(wave)s: ended", wave=_wave(about)), why, tag, "good" if tag else "")


def _decision(time: str, about: Mapping[str, Any], slug: str) -> Told:
    channel = str(CHANNELS.get(about["channel"], about["channel"]))
    title = _("%(wave)s: may we ask by %(channel)s?", channel=channel, wave=_wave(about))
    tags = {"yes": (_("yes"), "good"), "no": (_("no"), "warn"), "later": (_("later"), "")}
    tag, kind = tags[about["outcome"]]
    body = verdict_words(about["outcome"], about["reason"], about["until"])
    if about["request_id"] is None:
        return Told(time, title, body, tag, kind)
    href = _message_page(about, slug)
    return Told(time, title, body, tag, kind, href, _("On which facts"))


def _text(time: str, about: Mapping[str, Any], slug: str) -> Told:
    text = about["text"]
    title = _("Text. %(what)s", what=wave_words(text))
    return Told(
        time, title, state_words(text), href=_message_page(about, slug), action=_("This text")
    )


def _response(time: str, about: Mapping[str, Any], slug: str) -> Told:
    title = _("Answered: %(title)s", title=instrument_title(about["key"]))
    mode = str(_MODES.get(about["mode"], about["mode"]))
    body = _("%(wave)s, %(mode)s.", wave=_wave(about), mode=mode)
    if about["superseded_by_id"] is not None:
        return Told(time, title, body, _("corrected since"))
    if about["counts_on"] is None:
        return Told(time, title, body, _("under way"))
    return Told(time, title, body, "" if about["is_complete"] else _("in part"))


def _reading(time: str, about: Mapping[str, Any], slug: str) -> Told:
    title = _("Reading: %(title)s", title=instrument_title(about["key"]))
    scorer = str(_SCORERS.get(about["scored_by"] or "", ""))
    body = ", ".join(filter(None, (_wave(about), scorer)))
    if about["is_retrospective"]:
        body = _("%(body)s, looking back", body=body)
    tag = _("corrected since") if about["superseded_by_id"] else ""
    place = url_for("caseworker.readings", slug=slug, case_ref=about["case_ref"])
    href = f"{place}#reading-{about['id']}"
    return Told(time, title, body, tag, href=href, action=_("See the reading"))


def _alert(time: str, about: Mapping[str, Any], slug: str) -> Told:
    is_open = about["closed_at"] is None
    return Told(
        time,
        _("Alert: %(what)s", what=str(ALERTS.get(about["kind"], about["kind"]))),
        about["answer"],
        _("open") if is_open else _("closed"),
        "warn" if is_open else "",
        url_for("caseworker.alert", slug=slug, alert_id=about["id"]),
        _("Open the alert"),
    )


def _change(time: str, about: Mapping[str, Any], slug: str) -> Told:
    title, body = change_words(about["action"], about["details"])
    return Told(time, title, " ".join(filter(None, (body, _by(about)))))


def _by(about: Mapping[str, Any]) -> str:
    return _("By %(name)s.", name=about["by"]) if about["by"] else ""


def _london(at: Any) -> date:
    found: date = at.astimezone(LONDON).date()
    return found


_WORDS: dict[EventKind, Callable[[str, Mapping[str, Any], str], Told]] = {
    EventKind.REFERRED: _referred,
    EventKind.OPENED_HERE: _opened_here,
    EventKind.TRANSFER: _transfer,
    EventKind.MILESTONE: _milestone,
    EventKind.DELIVERY: _delivery,
    EventKind.CLOSED: _closed,
    EventKind.REQUEST: _request,
    EventKind.REQUEST_ENDED: _request_ended,
    EventKind.DECISION: _decision,
    EventKind.TEXT: _text,
    EventKind.RESPONSE: _response,
    EventKind.READING: _reading,
    EventKind.ALERT: _alert,
    EventKind.CHANGE: _change,
}
