"""What is wrong with an entry about a case, and what to do about it?"""

from collections.abc import Iterable

from flask_babel import gettext as _

from survey_app.domain.file_faults import RowFault, RowFaultCode
from survey_app.web.caseworker.case.words import FIELDS


def fault_words(fault: RowFault) -> str:
    """One fault as a sentence that says what to do."""
    field = str(FIELDS.get(fault.column, fault.column))
    about = fault.about
    return {
        RowFaultCode.EMPTY: _("%(field)s: fill it in, it is needed.", field=field),
        RowFaultCode.TOO_LONG: _(
            "%(field)s: write at most %(n)s characters.", field=field, n=about
        ),
        RowFaultCode.NOT_A_DATE: _("%(field)s: write the day as 18/11/2026.", field=field),
        RowFaultCode.NO_SUCH_DATE: _(
            "%(field)s: there is no such day. Check day and month.", field=field
        ),
        RowFaultCode.IMPLAUSIBLE_DATE: _("%(field)s: check the year.", field=field),
        RowFaultCode.NOT_AN_INSTANT: _(
            "%(field)s: write the day as 18/11/2026, or with the time as 18/11/2026 10:30.",
            field=field,
        ),
        RowFaultCode.FUTURE_DATE: _("%(field)s: this day has not come yet.", field=field),
        RowFaultCode.CLOSED_BEFORE_REFERRAL: _(
            "%(field)s: the case closed before this day. Check the day.", field=field
        ),
        RowFaultCode.BORN_AFTER_REFERRAL: _(
            "%(field)s: this is after the referral. Check both days.", field=field
        ),
        RowFaultCode.NONE_AND_MORE: _(
            "%(field)s: choose either none of these, or those that apply.", field=field
        ),
        RowFaultCode.UNKNOWN_VALUE: _("%(field)s: choose one of the answers.", field=field),
        RowFaultCode.NOT_A_LANGUAGE: _(
            "%(field)s: write a language code such as en, cy or pl.", field=field
        ),
        RowFaultCode.CASE_TWICE: _(
            "%(field)s: there is a case with this reference already.", field=field
        ),
    }.get(fault.code, _("%(field)s: this cannot be used. Type it again.", field=field))


def by_field(faults: Iterable[RowFault]) -> list[tuple[str, str]]:
    """Pairs of field and words; the first fault of each field."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(fault.column, fault_words(fault))
    return list(found.items())
