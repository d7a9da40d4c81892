"""How does a form carry what its reader saw, and what are they told when that has changed?"""

import json
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _

from survey_app.usecases.confirm_for_gate import ConfirmRefusal

SEEN = "seen"
LONGEST = 20_000


def written(seen: Mapping[str, Any]) -> str:
    """As the form carries it."""
    return json.dumps(seen, sort_keys=True)


def seen_there() -> dict[str, Any]:
    """What stood on the page that was sent; nothing where that cannot be read."""
    sent = request.form.get(SEEN, "")
    try:
        found = json.loads(sent) if len(sent) <= LONGEST else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def refusal_words(refusal: ConfirmRefusal) -> str:
    """Why nothing was confirmed."""
    return {
        ConfirmRefusal.CHANGED: _(
            "Nothing was confirmed: something changed since you opened the page. Look again."
        ),
        ConfirmRefusal.TOO_EARLY: _("Nothing was confirmed: the shadow has not shown enough yet."),
    }[refusal]
