"""How does one question come to thousands of phones without being laid out thousands of times?

A page on the phone differs from the next phone's only in the link's token and the form's token. So
it is laid out once for all that its template is told, with a slot where each token goes, and kept
under exactly what it was told: other words, another language, count or notice make another page.
What a page is told is read from the database at each request, so nothing kept is ever out of date
(docs/decisions/pages-laid-out-once.md).
"""

import secrets
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from flask import Response, current_app, request

from survey_app.messaging.tokens import LENGTH
from survey_app.web.shared.compression import coding_of
from survey_app.web.shared.packed_pages import PackedPage
from survey_app.web.victim import visitor
from survey_app.web.victim.addresses import addresses

MOST_KEPT = 1_000
"""About 5 KB each; a programme of 20 questions makes some 80 in each language."""
OF_THIS_REQUEST = ("g", "request", "session", "csrf_token", "csrf_meta_tag")
"""What Flask tells every template about this one request: a kept page is told none of it."""
LENGTHS = {"link": LENGTH, "form": visitor.FORM_TOKEN_LENGTH}


@dataclass
class KeptPage:
    """A page with slots, and the same packed once it was asked for again."""

    text: str
    packed: PackedPage | None = None
    is_new: bool = True


class KeptPages:
    """The pages that this process laid out, least lately used first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        # Drawn by lot, so that no wording can hold a slot, by chance or on purpose.
        self._slots = {name: secrets.token_hex(8) for name in LENGTHS}

    def show(self, template: str, told: dict[str, Any]) -> Response:
        """The page of this template under this request's link and in its session."""
        tokens = {
            "link": quote((request.view_args or {})["token"], safe=""),
            "form": visitor.form_token(),
        }
        page = self._find(template, self._all_told(told))
        packed = (
            page.packed if coding_of(request.headers.get("Accept-Encoding", "")) == "br" else None
        )
        if packed is not None and all(len(tokens[name]) == LENGTHS[name] for name in tokens):
            return Response(
                packed.fill(tokens), mimetype="text/html", headers={"Content-Encoding": "br"}
            )
        text = page.text
        for name, slot in self._slots.items():
            text = text.replace(slot, tokens[name])
        return Response(text, mimetype="text/html")

    def _all_told(self, told: dict[str, Any]) -> dict[str, Any]:
        """What the view says and what surrounds every page, without what is this request's own."""
        told |= addresses(self._slots["link"])
        current_app.update_template_context(told)
        for name in OF_THIS_REQUEST:
            told.pop(name, None)
        return told

    def _find(self, template: str, told: Mapping[str, Any]) -> KeptPage:
        key = (template, *sorted(told.items(), key=_name))
        try:
            page = self._pages.pop(key, None)
        except TypeError:  # Told of something that may change, so not to be kept.
            return KeptPage(self._lay_out(template, told))
        if page is None:
            page = KeptPage(self._lay_out(template, told))
        elif page.is_new:
            # Packed so small takes 10 ms: not for a page that is asked for only once.
            page.is_new, page.packed = False, PackedPage.pack(page.text, self._slots, LENGTHS)
        self._pages[key] = page
        if len(self._pages) > MOST_KEPT:
            self._pages.popitem(last=False)
        return page

    def _lay_out(self, template: str, told: Mapping[str, Any]) -> str:
        page = current_app.jinja_env.get_template(template)
        return page.render(told, csrf_token=lambda: self._slots["form"])


def _name(entry: tuple[str, Any]) -> str:
    return entry[0]


def show(template: str, **told: Any) -> Response:
    """A page with a form under a link, from the kept ones where it has been laid out before."""
    return cast(KeptPages, current_app.extensions["kept_pages"]).show(template, told)
