"""How does one question come to thousands of phones without being laid out thousands of times?

A page on the phone differs from the next phone's only in the link's token, the form's token and, at
the end, the reference code. So it is laid out once for all that its template is told, with a slot
where each of these goes, and kept under exactly what it was told: other words, another language,
count or notice make another page. What a page is told is read from the database at each request, so
nothing kept is ever out of date (docs/decisions/pages-laid-out-once.md).
"""

import secrets
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote

from flask import Response, current_app, request

from survey_app.web.shared.page_language import page_words
from survey_app.web.victim import visitor
from survey_app.web.victim.addresses import addresses, give_back_address

MOST_KEPT = 1_000
"""About 5 KB each; a programme of 20 questions makes some 80 in each language."""


class KeptPages:
    """The pages that this process laid out, as text with slots."""

    def __init__(self) -> None:
        self._laid_out = lru_cache(MOST_KEPT)(self._lay_out)
        # Drawn by lot, so that no wording can hold a slot, by chance or on purpose.
        self._slots = {name: secrets.token_hex(8) for name in ("link", "form", "reference")}
        self._addresses = addresses(self._slots["link"])

    def show(self, template: str, told: dict[str, Any], reference: str | None) -> Response:
        """The page of this template under this request's link and in its session."""
        own = {
            "link": quote((request.view_args or {})["token"], safe=""),
            "form": visitor.form_token(),
        }
        if reference is not None:
            own["reference"] = reference
        text = self._find(template, self._all_told(told, own))
        for name, value in own.items():
            text = text.replace(self._slots[name], value)
        return Response(text, mimetype="text/html")

    def _all_told(self, told: dict[str, Any], own: dict[str, str]) -> dict[str, Any]:
        """What the view says, and what surrounds every page: nothing else reaches the template."""
        told |= self._addresses
        told |= page_words()
        told["give_back_url"] = give_back_address()
        told["reference"] = self._slots["reference"] if "reference" in own else None
        return told

    def _find(self, template: str, told: dict[str, Any]) -> str:
        try:
            return self._laid_out(template, tuple(told.items()))
        except TypeError:  # Told of something that may change, so not to be kept.
            return self._lay_out(template, tuple(told.items()))

    def _lay_out(self, template: str, told: tuple[tuple[str, Any], ...]) -> str:
        page = current_app.jinja_env.get_template(template)
        return page.render(dict(told), csrf_token=lambda: self._slots["form"])


def show(template: str, *, reference: str | None = None, **told: Any) -> Response:
    """A page with a form under a link, from the kept ones where it has been laid out before.

    `reference` is this phone's own, and therefore not part of what the page is kept under.
    """
    kept = cast(KeptPages, current_app.extensions["kept_pages"])
    return kept.show(template, told, reference)
