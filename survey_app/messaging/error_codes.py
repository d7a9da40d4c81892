"""What should staff do about a text that did not arrive, whatever the provider calls the reason?

Values, not words: the words stand at the edge, so that they are translated. Codes: Twilio's list of
error codes (https://www.twilio.com/docs/api/errors) and Notify's statuses and error names.
"""

import re
from enum import StrEnum


class WhatToDo(StrEnum):
    """The next step for a person on the staff, or for whoever runs the installation."""

    CHECK_NUMBER = "check-number"
    """It is no mobile number, or nobody has it: ask the person for theirs."""
    NOT_A_MOBILE = "not-a-mobile"
    """A landline: ask whether there is a mobile, or telephone if that is safe."""
    RESPECT_STOP = "respect-stop"
    """The number's holder asked for no more texts."""
    TRY_LATER = "try-later"
    """The phone was off or out of reach: it may be tried again on another day."""
    ASK_PERSON = "ask-person"
    """Their network or phone blocks our texts: ask in another safe way."""
    TELL_CARRIER = "tell-carrier"
    """The network took the text for spam, or the sender is not registered with it."""
    MEND_SETTINGS = "mend-settings"
    """Our account, sender or settings at the provider are wrong."""
    MEND_TEXT = "mend-text"
    """The provider refused the text itself (too long, empty, not allowed)."""
    ASK_PROVIDER = "ask-provider"
    """The provider has a fault, or gave a reason that we do not know."""


OPTED_OUT_CODES = frozenset({"21610"})
"""Refusals that mean that the number's holder told the provider to stop."""

_EXACT: dict[str, WhatToDo] = {
    "20003": WhatToDo.MEND_SETTINGS,
    "20429": WhatToDo.TRY_LATER,
    "21211": WhatToDo.CHECK_NUMBER,
    "21217": WhatToDo.CHECK_NUMBER,
    "21408": WhatToDo.MEND_SETTINGS,
    "21602": WhatToDo.MEND_TEXT,
    "21610": WhatToDo.RESPECT_STOP,
    "21611": WhatToDo.TRY_LATER,
    "21612": WhatToDo.ASK_PROVIDER,
    "21614": WhatToDo.NOT_A_MOBILE,
    "21617": WhatToDo.MEND_TEXT,
    "30001": WhatToDo.TRY_LATER,
    "30002": WhatToDo.MEND_SETTINGS,
    "30003": WhatToDo.TRY_LATER,
    "30004": WhatToDo.ASK_PERSON,
    "30005": WhatToDo.CHECK_NUMBER,
    "30006": WhatToDo.NOT_A_MOBILE,
    "30007": WhatToDo.TELL_CARRIER,
    "30008": WhatToDo.ASK_PROVIDER,
    "30034": WhatToDo.TELL_CARRIER,
    "30036": WhatToDo.TRY_LATER,
    "permanent-failure": WhatToDo.CHECK_NUMBER,
    "temporary-failure": WhatToDo.TRY_LATER,
    "technical-failure": WhatToDo.ASK_PROVIDER,
    "validation-failed": WhatToDo.CHECK_NUMBER,
    "ValidationError": WhatToDo.CHECK_NUMBER,
    "InvalidPhoneError": WhatToDo.CHECK_NUMBER,
    "BadRequestError": WhatToDo.MEND_SETTINGS,
    "AuthError": WhatToDo.MEND_SETTINGS,
    "RateLimitError": WhatToDo.TRY_LATER,
    "TooManyRequestsError": WhatToDo.TRY_LATER,
    "no-connection": WhatToDo.ASK_PROVIDER,
    "no-template": WhatToDo.MEND_SETTINGS,
    "safe-time-ended": WhatToDo.TRY_LATER,
}

_CLASSES: tuple[tuple[re.Pattern[str], WhatToDo], ...] = (
    (re.compile(r"20\d{3}"), WhatToDo.MEND_SETTINGS),
    (re.compile(r"212\d{2}"), WhatToDo.CHECK_NUMBER),
    (re.compile(r"21\d{3}"), WhatToDo.MEND_SETTINGS),
    (re.compile(r"300[23]\d"), WhatToDo.MEND_SETTINGS),
    (re.compile(r"30[1-9]\d{2}"), WhatToDo.TELL_CARRIER),
    (re.compile(r"http-4\d{2}"), WhatToDo.MEND_SETTINGS),
)
"""Twilio's classes: 20xxx the account, 212xx the number called, other 21xxx our request, 3002x and
3003x settings and registration, 301xx on registration with the networks."""


def what_to_do(code: str | None) -> WhatToDo:
    """The next step for a failure code; a code that nobody knows is a question to the provider."""
    if code is None:
        return WhatToDo.ASK_PROVIDER
    if code in _EXACT:
        return _EXACT[code]
    found = (step for pattern, step in _CLASSES if pattern.fullmatch(code))
    return next(found, WhatToDo.ASK_PROVIDER)
