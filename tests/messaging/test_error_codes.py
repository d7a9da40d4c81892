"""Every code that a provider may give leads to something that staff can do."""

import pytest

from survey_app.messaging.error_codes import WhatToDo, what_to_do

TABLE = [
    ("21211", WhatToDo.CHECK_NUMBER),
    ("21610", WhatToDo.RESPECT_STOP),
    ("21614", WhatToDo.NOT_A_MOBILE),
    ("30003", WhatToDo.TRY_LATER),
    ("30004", WhatToDo.ASK_PERSON),
    ("30005", WhatToDo.CHECK_NUMBER),
    ("30006", WhatToDo.NOT_A_MOBILE),
    ("30007", WhatToDo.TELL_CARRIER),
    ("30008", WhatToDo.ASK_PROVIDER),
    ("30034", WhatToDo.TELL_CARRIER),
    ("20003", WhatToDo.MEND_SETTINGS),
    ("20404", WhatToDo.MEND_SETTINGS),
    ("21219", WhatToDo.CHECK_NUMBER),
    ("21606", WhatToDo.MEND_SETTINGS),
    ("21617", WhatToDo.MEND_TEXT),
    ("30029", WhatToDo.MEND_SETTINGS),
    ("30132", WhatToDo.TELL_CARRIER),
    ("63038", WhatToDo.ASK_PROVIDER),
    ("http-404", WhatToDo.MEND_SETTINGS),
    ("http-500", WhatToDo.ASK_PROVIDER),
    ("permanent-failure", WhatToDo.CHECK_NUMBER),
    ("temporary-failure", WhatToDo.TRY_LATER),
    ("technical-failure", WhatToDo.ASK_PROVIDER),
    ("BadRequestError", WhatToDo.MEND_SETTINGS),
    ("", WhatToDo.ASK_PROVIDER),
    (None, WhatToDo.ASK_PROVIDER),
]


@pytest.mark.parametrize(("code", "step"), TABLE)
def test_a_code_leads_to_a_step(code, step):
    assert what_to_do(code) is step


def test_every_step_is_reached_by_some_code():
    assert {step for _, step in TABLE} == set(WhatToDo)
