"""`users add`: who may sign in, in which role?"""

import json
import sys

import click
from flask.cli import with_appcontext

from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.domain.cases import Role
from survey_app.store.scope import Scope
from survey_app.store.staff import find_account
from survey_app.usecases.accounts import (
    SHORTEST_PASSWORD,
    AccountRefusal,
    AccountRefused,
    add_account,
    new_password,
)

_REFUSED = {
    AccountRefusal.ADDRESS_MALFORMED: "{email!r} is no e-mail address.",
    AccountRefusal.PASSWORD_TOO_SHORT: (
        f"The password is too short: give at least {SHORTEST_PASSWORD} characters."
    ),
    AccountRefusal.ROLE_HELD: "{email} is {role} in this service already.",
}


@click.group()
def users() -> None:
    """Look after the people who sign in."""


@users.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--service", "slug", required=True, metavar="S", help="The service's slug.")
@click.option("--name", default="", help="As shown to colleagues.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def add(email: str, role: str, slug: str, name: str, password_stdin: bool, as_json: bool) -> None:
    """Let EMAIL sign in with a role in a service; a generated password is printed once."""
    process = runtime()
    with process.database.read(Scope.worker()) as session:
        service_named(session, slug)
        is_known = find_account(session, email) is not None
    given = "" if is_known else _given_password(password_stdin=password_stdin)
    # Read from standard input, even an empty password is one that was meant: it is refused.
    password = given if given or password_stdin or is_known else new_password()
    with process.database.write(Scope.worker()) as session:
        try:
            account = add_account(
                session,
                email=email,
                role=Role(role),
                service=service_named(session, slug),
                password=password,
                name=name,
                now=process.now(),
            )
        except AccountRefused as refused:
            words = _REFUSED[refused.reason].format(email=email, role=role)
            raise click.ClickException(words) from refused
        address = account.email
    generated = password if password and not given else None
    _tell(address, role, slug, generated, is_known=is_known, as_json=as_json)


def _given_password(*, password_stdin: bool) -> str:
    """What was typed: nothing where one is to be generated."""
    if password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return ""
    typed = click.prompt(
        "Password (leave empty to have one made)",
        default="",
        hide_input=True,
        show_default=False,
        err=True,
    )
    return str(typed)


def _tell(
    address: str, role: str, slug: str, generated: str | None, *, is_known: bool, as_json: bool
) -> None:
    if as_json:
        plain = {"email": address, "role": role, "service": slug, "password": generated}
        click.echo(json.dumps(plain))
        return
    click.echo(f"{address} may sign in as {role} of {slug}.")
    if is_known:
        click.echo("They had an account already and keep their password.")
    if generated:
        click.echo(f"Password, shown this once: {generated}")
