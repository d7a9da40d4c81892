"""What kind of phone number is this, however it was typed?

Only the form of a number is judged here; whether it may be texted is `domain.safe_contact`'s
question. Anything that could be misread (words beside the digits, two numbers in one field, an
extension) is `invalid`: a wrong guess would text a stranger.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

from survey_app.domain.cases import NumberKind
from survey_app.store.sealed import lookup_hash

_DRAMA = re.compile(r"\+447700900\d{3}")
"""Ofcom keeps 07700 900000-900999 for drama; it never gives them to anyone."""

_PUNCTUATION = re.compile(r"[\s().\-‐‑‒–—/'’]+")
_SPELT = re.compile(r"\+?\d{3,15}")

_KINDS = {
    PhoneNumberType.MOBILE: NumberKind.UK_MOBILE,
    PhoneNumberType.FIXED_LINE: NumberKind.UK_LANDLINE,
    PhoneNumberType.VOIP: NumberKind.UK_LANDLINE,
    PhoneNumberType.UAN: NumberKind.UK_LANDLINE,
    PhoneNumberType.TOLL_FREE: NumberKind.UK_LANDLINE,
    PhoneNumberType.PREMIUM_RATE: NumberKind.UK_PREMIUM,
    PhoneNumberType.SHARED_COST: NumberKind.UK_PREMIUM,
    PhoneNumberType.PERSONAL_NUMBER: NumberKind.UK_PREMIUM,
    PhoneNumberType.PAGER: NumberKind.UK_PREMIUM,
}
"""070 and 076 numbers look like mobiles and cost like premium ones: never texted."""


@dataclass(frozen=True)
class ClassifiedNumber:
    """A number's kind, and its E.164 form where it is a number at all."""

    kind: NumberKind
    e164: str | None = None


def classify(typed: str | None, *, drama_allowed: bool) -> ClassifiedNumber:
    """The kind of a number as someone typed it; without a country it is read as British.

    `drama_allowed`: Ofcom's drama numbers count as UK mobiles (outside production). Jersey,
    Guernsey and the Isle of Man share +44 but are `foreign`.
    """
    digits = _plain(typed or "")
    if not digits:
        return ClassifiedNumber(NumberKind.NONE)
    parsed = _parse(digits)
    if parsed is None:
        return ClassifiedNumber(NumberKind.INVALID)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if _DRAMA.fullmatch(e164):
        return (
            ClassifiedNumber(NumberKind.UK_MOBILE, e164)
            if drama_allowed
            else ClassifiedNumber(NumberKind.INVALID)
        )
    if not phonenumbers.is_valid_number(parsed):
        return ClassifiedNumber(NumberKind.INVALID)
    if phonenumbers.region_code_for_number(parsed) != "GB":
        return ClassifiedNumber(NumberKind.FOREIGN, e164)
    kind = _KINDS.get(phonenumbers.number_type(parsed), NumberKind.INVALID)
    return ClassifiedNumber(kind, e164 if kind is not NumberKind.INVALID else None)


def number_hash(e164: str) -> str:
    """The keyed hash by which a number is found without being readable."""
    return lookup_hash(e164, "number")


def _plain(typed: str) -> str:
    """Digits with an optional leading plus; whatever else was typed stays, to be refused."""
    # Numbers copied from a phone carry invisible direction marks; some keyboards type wide digits.
    visible = "".join(
        c for c in unicodedata.normalize("NFKC", typed) if unicodedata.category(c) != "Cf"
    )
    tight = _PUNCTUATION.sub("", re.sub(r"^\s*tel:", "", visible, flags=re.IGNORECASE))
    if re.fullmatch(r"44\d{10}", tight):
        # A spreadsheet ate the plus.
        return "+" + tight
    return tight


def _parse(digits: str) -> phonenumbers.PhoneNumber | None:
    if not _SPELT.fullmatch(digits):
        return None
    # "+44 (0)7700 ...": the trunk zero in brackets is dialled only inside the country.
    digits = re.sub(r"^(\+|00)440", "+44", digits)
    try:
        return phonenumbers.parse(digits, "GB")
    except phonenumbers.NumberParseException:
        return None
