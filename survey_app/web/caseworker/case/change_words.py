"""What do staff read of a change that a person made, as the audit trail keeps it?"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.calls import CallOutcome
from survey_app.web.caseworker.case.words import FIELDS, KINDS, REASONS

_ACTIONS: dict[str, LazyString] = {
    "open-case": _l("Opened by hand"),
    "edit-case": _l("Facts changed"),
    "close-case": _l("Closing recorded"),
    "reopen-case": _l("Reopened"),
    "record-deliveries": _l("Delivery written down"),
    "take-back-delivery": _l("Delivery taken back"),
    "change-safety": _l("Safe contact checked"),
    "agree-check-word": _l("Check word agreed"),
    "release-case": _l("Decision on releasing the case"),
    "release-hold": _l("Decided what is right where facts contradicted"),
    "accept-shared-number": _l("Decision on the shared number"),
    "allow-child": _l("Decision on asking a child"),
    "opt-out": _l("No more texts"),
    "opt-in": _l("Texts allowed again"),
    "show-number": _l("Number shown to be rung"),
    "record-call": _l("Rung up"),
}

_SAFETY: dict[str, LazyString] = {
    "mobile": _l("number"),
    "sms_consent": _l("agreed to be texted"),
    "sms_safe": _l("texts are safe"),
    "sms_preferred": _l("prefers texts"),
    "call_safe": _l("calls are safe"),
    "do_not_contact": _l("do not contact"),
    "name_service": _l("may name the service"),
    "safe_days": _l("safe days"),
    "safe_from": _l("safe from"),
    "safe_until": _l("safe until"),
}

_CALLS = {
    CallOutcome.NO_ANSWER: _l("Nobody answered."),
    CallOutcome.CALL_BACK: _l("They asked to be rung at another time."),
    CallOutcome.REFUSED: _l("They did not want to answer."),
    CallOutcome.WRONG_NUMBER: _l("Wrong number."),
    CallOutcome.UNSAFE: _l("It was not safe to talk."),
    CallOutcome.DONE: _l("They answered the questions."),
}


def change_words(action: str, details: Mapping[str, Any]) -> tuple[str, str]:
    """Title and body of a change."""
    title = str(_ACTIONS.get(action, action))
    if action == "edit-case":
        return title, _edited(details)
    if action == "change-safety":
        return title, _checked(details)
    if action in ("record-deliveries", "take-back-delivery"):
        kind = str(KINDS.get(details.get("kind", ""), details.get("kind", "")))
        return title, f"{kind} ({details.get('count')}), {details.get('on')}."
    if action == "record-call":
        return title, str(_CALLS.get(details.get("outcome", ""), ""))
    if action == "release-hold":
        return title, _released(details)
    if action == "close-case":
        reason = details.get("reason", "")
        return title, f"{REASONS.get(reason, reason)}."
    if "may_ask" in details:
        answer = _("May be asked.") if details["may_ask"] else _("May not be asked.")
        return title, f"{answer} {details.get('why', '')}".strip()
    return title, str(details.get("why") or "")


def _edited(details: Mapping[str, Any]) -> str:
    nothing = _("nothing")
    parts = [
        _(
            "%(field)s: %(before)s, now %(after)s.",
            field=str(FIELDS.get(name, name)),
            before=details["from"].get(name) or nothing,
            after=after or nothing,
        )
        for name, after in details.get("to", {}).items()
    ]
    return " ".join((*parts, str(details.get("why") or ""))).strip()


def _released(details: Mapping[str, Any]) -> str:
    """What is recorded otherwise now, never to what."""
    parts = [_("The number was changed.")] if details.get("number_changed") else []
    parts += [_("The date of birth was changed.")] if details.get("birth_date_changed") else []
    return " ".join(parts) or _("What was recorded stays.")


def _checked(details: Mapping[str, Any]) -> str:
    """Which fields changed, not to what: the form shows what stands."""
    names = [str(_SAFETY[n]) for n in details.get("to", {}) if n in _SAFETY]
    how = str(details.get("how") or "")
    if not names:
        return _("%(how)s Nothing else changed.", how=how).strip()
    return _("%(how)s Changed: %(fields)s.", how=how, fields=", ".join(names)).strip()
