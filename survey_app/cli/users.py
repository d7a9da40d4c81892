"""`users`: who may sign in, in which role, and how are they helped back in?"""

import json
import sys

import click
from flask.cli import with_appcontext

from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.domain.cases import Role
from survey_app.domain.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD
from survey_app.store.scope import Scope
from survey_app.store.staff import find_account
from survey_app.store.users import users_of
from survey_app.usecases.accounts import (
    AccountRefusal,
    AccountRefused,
    add_account,
    new_password,
)
from survey_app.usecases.reset_account import ResetRefusal, ResetRefused, reset_account

_REFUSED = {
    AccountRefusal.ADDRESS_MALFORMED: "{email!r} is no e-mail address.",
    AccountRefusal.PASSWORD_TOO_SHORT: (
        f"The password is too short: give at least {SHORTEST_PASSWORD} characters."
    ),
    AccountRefusal.PASSWORD_TOO_LONG: f"Use at most {LONGEST_PASSWORD:,} characters.",
    AccountRefusal.PASSWORD_COMMON: (
        "Many people use this password, or it is made of the address or the service: take another."
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


@users.command("list")
@click.option("--service", "slug", required=True, metavar="S", help="The service's slug.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def list_users(slug: str, as_json: bool) -> None:
    """Say who may sign in to a service, in which roles."""
    process = runtime()
    with process.database.read(Scope.worker()) as session:
        found = users_of(session, service_named(session, slug).id)
    rows = [
        {
            "email": user.account.email,
            "name": user.account.name,
            "roles": sorted(user.roles),
            "active": user.account.is_active,
            "invited": user.account.password_hash is None,
            "second_factor": user.has_second_factor,
        }
        for user in found
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        notes = ["switched off"] if not row["active"] else []
        notes += ["no password yet"] if row["invited"] else []
        notes += [] if row["second_factor"] else ["no second factor"]
        said = f" ({', '.join(notes)})" if notes else ""
        click.echo(f"{row['email']}: {', '.join(row['roles'])}{said}")
    if not rows:
        click.echo("Nobody yet: add somebody with `users add`.")


_NOT_RESET = {
    ResetRefusal.UNKNOWN_ADDRESS: "Nobody has an account for {email}: `users list` says who has.",
    ResetRefusal.NOT_ACTIVE: "The account of {email} is switched off: say --activate as well.",
}


@users.command("reset")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Forget a lost phone and its recovery codes.")
@click.option("--activate", is_flag=True, help="Switch the account on again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def reset(email: str, second_factor: bool, activate: bool, as_json: bool) -> None:
    """Print a one-time link with which EMAIL chooses a new password; any lock ends."""
    process = runtime()
    try:
        with process.database.write(Scope.worker()) as session:
            done = reset_account(
                session,
                email=email,
                second_factor=second_factor,
                activate=activate,
                now=process.now(),
            )
    except ResetRefused as refused:
        raise click.ClickException(_NOT_RESET[refused.reason].format(email=email)) from refused
    link = f"{process.settings.base_url}/account/link/{done.token}"
    if as_json:
        ends = done.expires_at.isoformat()
        click.echo(json.dumps({"email": done.email, "link": link, "expires_at": ends}))
        return
    click.echo(f"Pass this link on to {done.email}, in a way that nobody else reads:")
    click.echo(link)
    click.echo(
        f"It is shown this once, works once, and ends at {done.expires_at:%Y-%m-%d %H:%M} UTC."
    )
