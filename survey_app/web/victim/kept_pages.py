"""How does one question come to thousands of phones without being laid out thousands of times?

A page on the phone differs from the next phone's only in the link's token and the form's token. So
it is laid out once for all that its template is told, with a slot where each token goes, and kept
under exactly what it was told: other words, another language, count or notice make another page.
What a page is told is read from the database at each request, so nothing kept is ever out of date
(docs/decisions/pages-laid-out-once.md).
"""

import secrets
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, cast
from urllib.parse import quote

from flask import current_app, request, url_for
from flask_babel import get_locale

from survey_app.web.victim import visitor

MOST_KEPT = 1_000
"""About 4 KB each; a programme of 20 questions makes some 80 in each language."""
OF_THIS_REQUEST = ("g", "request", "session", "current_user", "csrf_token", "csrf_meta_tag")
"""What Flask tells every template about this one request: a kept page is told none of it."""


def addresses(token: str | None) -> dict[str, str | None]:
    """Where the links of a page lead: a way to leave and, under a link, to stop the texts."""
    under = {"stop_url": "stop", "about_url": "about", "start_url": "start"}
    found = {
        name: url_for(f"victim.{endpoint}", token=token) if token else None
        for name, endpoint in under.items()
    }
    return {"leave_url": url_for("victim.leave"), "token": token, **found}


class KeptPages:
    """The pages that this process laid out, least lately used first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, str] = OrderedDict()
        # Drawn by lot, so that no wording can hold a slot, by chance or on purpose.
        self._link_slot, self._form_slot = secrets.token_hex(8), secrets.token_hex(8)
        self._addresses: dict[str, str | None] = {}

    def show(self, template: str, **told: Any) -> str:
        """The page of this template under this request's link and in its session."""
        token = quote((request.view_args or {})["token"], safe="")
        page = self._find(template, self._all_told(told))
        return page.replace(self._link_slot, token).replace(self._form_slot, visitor.form_token())

    def _all_told(self, told: dict[str, Any]) -> dict[str, Any]:
        """What the view says and what surrounds every page, without what is this request's own."""
        if not self._addresses:
            self._addresses = addresses(self._link_slot)
        told |= self._addresses
        current_app.update_template_context(told)
        for name in OF_THIS_REQUEST:
            told.pop(name, None)
        return told

    def _find(self, template: str, told: dict[str, Any]) -> str:
        key = (template, str(get_locale()), *sorted(told.items(), key=_name))
        try:
            page = self._pages.pop(key, None) or self._lay_out(template, told)
        except TypeError:  # Told of something that may change, so not to be kept.
            return self._lay_out(template, told)
        self._pages[key] = page
        if len(self._pages) > MOST_KEPT:
            self._pages.popitem(last=False)
        return page

    def _lay_out(self, template: str, told: dict[str, Any]) -> str:
        page = current_app.jinja_env.get_template(template)
        return page.render(told, csrf_token=lambda: self._form_slot)


def _name(entry: tuple[str, Any]) -> str:
    return entry[0]


def show(template: str, **told: Any) -> str:
    """A page with a form under a link, from the kept ones where it has been laid out before."""
    return cast(KeptPages, current_app.extensions["kept_pages"]).show(template, **told)
