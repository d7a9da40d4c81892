"""A text may not go: what is somebody to do about it, and where?"""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.hold_decisions import FACTS_CONTRADICT
from survey_app.domain.safe_contact import Refusal
from survey_app.web.caseworker.links import case_address, held_address

_REMEDIES: dict[str, LazyString] = {
    Refusal.DO_NOT_CONTACT: _l("Leave it so, unless the person says otherwise themselves."),
    Refusal.OPTED_OUT: _l("Leave it so. Only the person can start texts again."),
    Refusal.UNSAFE: _l("Ask in person, when you see them."),
    Refusal.SHARED_NUMBER: _l("Find out who answers this number, and record a decision."),
    Refusal.FACTS_CONTRADICT: _l("Find out with the person which of the facts are right."),
    Refusal.NUMBER_CHANGED: _l("Confirm the new number with the person."),
    Refusal.UNREADABLE: _l("Tell your administrator; what is recorded here has to be mended."),
    Refusal.AWAITS_RELEASE: _l("Release the case once the family can be asked."),
    Refusal.TOO_YOUNG: _l("Ask in person, with somebody whom the child trusts."),
    Refusal.AGE_DECISION_NEEDED: _l("Decide, with a parent or a manager, and record it."),
    Refusal.FLAGS_NOT_RECORDED: _l("Record the flags, or that there are none."),
    Refusal.NO_NUMBER: _l("Ask the person for a number, and whether texts are safe."),
    Refusal.INVALID_NUMBER: _l("Ask the person for the right number."),
    Refusal.PREMIUM_NUMBER: _l("Ask the person for a mobile number."),
    Refusal.LANDLINE: _l("Ask the person for a mobile number, or call where that is safe."),
    Refusal.FOREIGN_NUMBER: _l("Ask the person for a UK mobile number."),
    Refusal.SAFE_NOT_CONFIRMED: _l("Ask the person whether texts are safe."),
    Refusal.TEXT_NOT_PREFERRED: _l("Ask the person how they would like to be contacted."),
    Refusal.NO_CONSENT: _l("Ask the person whether they agree to be texted."),
    Refusal.SAFETY_DETAILS_STALE: _l("Check with the person again."),
    Refusal.NO_SAFE_TIME: _l("Ask the person for a time between the service's hours."),
}
_BY_EDITING = frozenset({Refusal.FLAGS_NOT_RECORDED})
_LEFT_ALONE = frozenset({Refusal.DO_NOT_CONTACT, Refusal.OPTED_OUT, Refusal.TOO_YOUNG})
"""Refusals that nobody should try to undo: the person decided, or they are too young."""


def remedy(reason: str | None) -> str:
    """What to do, as a sentence; empty where waiting is all."""
    return str(_REMEDIES.get(reason or "", ""))


def way_out(reason: str | None, slug: str, case_ref: str) -> tuple[str, str]:
    """The words and the address of the page that does it; the case itself where none does."""
    if reason == FACTS_CONTRADICT:
        return _("Decide"), held_address(slug, case_ref)
    if reason not in _REMEDIES or reason in _LEFT_ALONE:
        return _("See the case"), case_address(slug, case_ref)
    if reason in _BY_EDITING:
        address = "caseworker.edit_case_page"
        return _("Record the flags"), url_for(address, slug=slug, case_ref=case_ref)
    address = "caseworker.safe_contact"
    return _("Check safe contact"), url_for(address, slug=slug, case_ref=case_ref)
