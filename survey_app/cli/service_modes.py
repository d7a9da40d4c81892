"""How does a command tell in which mode a service is now?"""

import json

import click

from survey_app.store.services import Service, ServiceMode

_MODES = {
    ServiceMode.LIVE: "It sends.",
    ServiceMode.SHADOW: "It decides everything and sends nothing; `services live` lets it send.",
    ServiceMode.PAUSED: "It sends nothing.",
}


def tell_mode(service: Service, words: str, *, as_json: bool, **more: int) -> None:
    """Print what was done, and what the mode means."""
    if as_json:
        plain = {"slug": service.slug, "name": service.name, "mode": service.mode, **more}
        click.echo(json.dumps(plain))
    else:
        click.echo(f"{words} {_MODES[ServiceMode(service.mode)]}")
