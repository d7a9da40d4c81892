"""What providers tell us: what became of a text, and what somebody texted back."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from survey_app.web.webhooks.notify import notify_callbacks
from survey_app.web.webhooks.signed import refuse_unread
from survey_app.web.webhooks.twilio import twilio_callbacks

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
blueprint.before_request(refuse_unread)
twilio_callbacks(blueprint)
notify_callbacks(blueprint)


@blueprint.record_once
def _carry_signatures_instead_of_form_tokens(state: BlueprintSetupState) -> None:
    # A provider has no session and no form of ours; every view verifies a signature.
    state.app.extensions["csrf"].exempt(blueprint)
