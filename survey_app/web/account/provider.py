"""How do staff sign in with the identity provider of their organisation (OpenID Connect)?

Authorisation code with PKCE, state and nonce; the token's signature, issuer, audience and times are
checked by authlib. There where `OIDC_ISSUER` is set, and nowhere else.
"""

from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import Blueprint, abort, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from survey_app.settings import Oidc
from survey_app.usecases.provider_sign_in import (
    ProviderRefusal,
    has_second_factor,
    match_account,
)
from survey_app.web.account.half_way import complete, go_on, needs_second_factor
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.identity import safe_next
from survey_app.web.shared.runtime import runtime

TIMEOUT_SECONDS = 10
SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures of the provider's own key; neither `none` nor a shared secret."""
_WANTED = "provider-next"
_FAULTS = (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError)


@access(Audience.ANYONE)
def to_provider() -> Response:
    """Off to the provider; a link, since a form may lead to our own pages only."""
    client = _client(_settings())
    session[_WANTED] = safe_next(request.args.get("next"))
    back = runtime().settings.base_url + url_for("account.from_provider")
    try:
        client.load_server_metadata()
        answer: Response = client.authorize_redirect(back)
    except (*_FAULTS, RuntimeError):
        current_app.logger.warning("The identity provider cannot be used", exc_info=True)
        return _refused(_("Your organisation's sign-in does not answer. Try again in a minute."))
    return answer


@access(Audience.ANYONE)
def from_provider() -> Response:
    """Back from the provider with its word on who this is."""
    oidc = _settings()
    try:
        claims = _claims(_client(oidc), oidc)
    except _FAULTS:
        current_app.logger.warning("The identity provider's answer was refused", exc_info=True)
        return _refused(_("Signing in there did not work. Try again."))
    process, is_strong = runtime(), has_second_factor(claims)
    with process.database.write() as db:
        found = match_account(
            db,
            claims,
            is_strong=is_strong,
            needs_second_factor=needs_second_factor(),
            now=process.now(),
        )
    if isinstance(found, ProviderRefusal):
        return _refused(_refusal_words(found))
    wanted = session.pop(_WANTED, None)
    return complete(found, wanted) if is_strong else go_on(found, wanted)


def _settings() -> Oidc:
    oidc = runtime().settings.oidc
    if oidc is None:
        abort(404)
    return oidc


def _client(oidc: Oidc) -> FlaskOAuth2App:
    """The app's one client; it remembers the provider's keys."""
    known = current_app.extensions.get("oidc")
    if known is None:
        known = OAuth(current_app).register(
            "provider",
            client_id=oidc.client_id,
            client_secret=oidc.client_secret,
            server_metadata_url=f"{oidc.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT_SECONDS,
            },
        )
        current_app.extensions["oidc"] = known
    return known


def _claims(client: FlaskOAuth2App, oidc: Oidc) -> dict[str, Any]:
    """The verified claims of the answer; raises one of `_FAULTS`."""
    metadata = client.load_server_metadata()
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [a for a in offered if a in SIGNED_WITH]
    token = client.authorize_access_token(
        claims_options={
            "iss": {"essential": True, "values": [metadata["issuer"]]},
            "aud": {"essential": True, "value": oidc.client_id},
        }
    )
    if metadata["issuer"].rstrip("/") != oidc.issuer:
        raise ValueError("the provider calls itself by another name than OIDC_ISSUER")
    claims: dict[str, Any] = dict(token["userinfo"])
    return claims


def _refused(words: str) -> Response:
    flash(words, "important")
    return redirect(url_for("account.sign_in"))


def _refusal_words(refusal: ProviderRefusal) -> str:
    """Whoever is told this has proved to the provider who they are."""
    if refusal is ProviderRefusal.NOT_VERIFIED:
        return _("Your organisation has not confirmed your e-mail address, so it cannot be used.")
    return _("There is no account here for your e-mail address. Ask the manager of your service.")


def provider_pages(pages: Blueprint) -> None:
    """Mount the way to the provider and back."""
    pages.get("/sign-in/provider")(to_provider)
    pages.get("/sign-in/provider/return")(from_provider)
