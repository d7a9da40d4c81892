"""Pages for whoever signs in: the way in, and one's own account."""

from flask import Blueprint

from survey_app.web.account.codes import code_pages
from survey_app.web.account.links import link_pages
from survey_app.web.account.own import own_pages
from survey_app.web.account.own_codes import own_code_pages
from survey_app.web.account.provider import provider_pages
from survey_app.web.account.sign_in import sign_in_pages

blueprint = Blueprint("account", __name__, template_folder="templates")
for mount in (
    sign_in_pages,
    code_pages,
    link_pages,
    own_pages,
    own_code_pages,
    provider_pages,
):
    mount(blueprint)

__all__ = ["blueprint"]
