"""Do Notify's key, template and callbacks work? Asked without sending a text."""

from notifications_python_client.errors import APIError, HTTPError
from requests import RequestException

from survey_app.messaging.providers.checks import (
    Checked,
    Finding,
    Point,
    WebhookCheck,
    check_webhook,
    missing_settings,
)
from survey_app.messaging.providers.failures import TIMEOUT_SECONDS
from survey_app.messaging.providers.notify import (
    NotifyAccount,
    find_template,
    is_our_template,
    notify_client,
)
from survey_app.messaging.providers.quiet import silence_clients
from survey_app.messaging.providers.signatures import SHORTEST_TOKEN


def check_notify(
    account: NotifyAccount, base_url: str, webhook: WebhookCheck = check_webhook
) -> list[Checked]:
    """Every point in order; `base_url` is our own public address."""
    if missing := account.missing():
        return missing_settings(missing)
    silence_clients()
    points = _key_and_template(account)
    if len(account.callback_token) < SHORTEST_TOKEN:
        return [*points, Checked(Point.WEBHOOK, Finding.TOKEN_TOO_SHORT, "NOTIFY_CALLBACK_TOKEN")]
    headers = {"Authorization": f"Bearer {account.callback_token}"}
    return [*points, webhook(f"{base_url}/webhooks/notify/check", headers)]


def _key_and_template(account: NotifyAccount) -> list[Checked]:
    """One call tells both: a wrong key is 403, an unknown template 400 or 404."""
    fine = Checked(Point.CREDENTIALS, Finding.FINE)
    client = notify_client(account, TIMEOUT_SECONDS)
    try:
        if account.template_id:
            is_ours = is_our_template(client.get_template(account.template_id))
        else:
            is_ours = find_template(client) is not None
    except HTTPError as fault:
        if fault.response is None or fault.status_code >= 500:
            return [Checked(Point.CREDENTIALS, Finding.UNREACHABLE, account.base_url)]
        if fault.status_code in (401, 403):
            return [Checked(Point.CREDENTIALS, Finding.REFUSED, "NOTIFY_API_KEY")]
        return [fine, Checked(Point.TEMPLATE, Finding.TEMPLATE_UNKNOWN, "NOTIFY_TEMPLATE_ID")]
    except (RequestException, APIError, ValueError, KeyError, TypeError):
        return [Checked(Point.CREDENTIALS, Finding.UNREACHABLE, account.base_url)]
    finding = Finding.FINE if is_ours else Finding.TEMPLATE_WRONG
    return [fine, Checked(Point.TEMPLATE, finding, "NOTIFY_TEMPLATE_ID")]
