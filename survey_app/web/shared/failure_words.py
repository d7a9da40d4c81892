"""What do staff read about a text that did not arrive: what should they do?"""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.messaging.error_codes import WhatToDo, what_to_do

WORDS: dict[WhatToDo, LazyString] = {
    WhatToDo.CHECK_NUMBER: _l("Nobody has this number. Ask the person for theirs."),
    WhatToDo.NOT_A_MOBILE: _l(
        "This is not a mobile number. Ask whether there is one, or call if calls are safe."
    ),
    WhatToDo.RESPECT_STOP: _l("The person asked for no more texts. Do not text this number."),
    WhatToDo.TRY_LATER: _l(
        "The phone could not be reached, or too much was sent at once. Try again on another day."
    ),
    WhatToDo.ASK_PERSON: _l(
        "The phone or its network blocks these texts. Ask in another way that is safe."
    ),
    WhatToDo.TELL_CARRIER: _l(
        "The network took the text for spam, or does not know the sender. Tell your administrator."
    ),
    WhatToDo.MEND_SETTINGS: _l(
        "Our account or sender is not set up as it should be. Tell your administrator."
    ),
    WhatToDo.MEND_TEXT: _l("The provider refused the words of the text. Tell your administrator."),
    WhatToDo.ASK_PROVIDER: _l(
        "The provider gave no reason that we know. If it happens again, tell your administrator."
    ),
}


def words_for_failure(code: str | None) -> LazyString:
    """The next step for a failure code, in the reader's language."""
    return WORDS[what_to_do(code)]
