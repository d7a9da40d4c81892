"""`held`: who is held because facts contradict, and what somebody decided about them."""

import json
import sys
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import queue, runtime
from survey_app.domain.holds import HoldCause
from survey_app.reporting.desk_held import HeldPerson, held_people
from survey_app.store.cases import CaseNotFound
from survey_app.store.scope import Scope
from survey_app.store.staff import find_account
from survey_app.usecases.case_work import Worker
from survey_app.usecases.hold_decision import STORED, HoldDecision, ReleaseRefusal
from survey_app.usecases.release_hold import Released, StillHeld, release_hold

_CAUSES: dict[str, str] = {
    HoldCause.SEVERAL_NUMBERS: "different numbers",
    HoldCause.SEVERAL_BIRTH_DATES: "different dates of birth",
    HoldCause.BIRTH_DATE_IMPOSSIBLE: "a date of birth that cannot be right",
    HoldCause.CHILD_AND_ADULT: "flagged as a child, with an adult's date of birth",
    HoldCause.CARE_UNREADABLE: "safe contact that cannot be read",
    HoldCause.ROW_UNREADABLE: "a row that cannot be read",
    HoldCause.ROWS_DISAGREE: "rows that disagree",
    HoldCause.CLIENT_CHANGED: "another client with another number",
    "many-cases": "more cases than one person has",
}

_REFUSED = {
    ReleaseRefusal.NOT_HELD: "{ref} is not held: `held list` says who is.",
    ReleaseRefusal.NO_LONGER_HELD: (
        "{ref} is no longer held: it was decided before, and nothing was changed now."
    ),
    ReleaseRefusal.NOT_YOUR_CASE: (
        "{by} may not decide on {ref}: name its caseworker or a manager of {slug} with --by; "
        "`users list` says who they are."
    ),
    ReleaseRefusal.NO_REASON: "Say with --reason how it is known what is right.",
    ReleaseRefusal.MOBILE_NOT_CHOSEN: (
        "The number contradicts: give --mobile-stdin, and the number on standard input "
        f"({STORED!r} leaves the one that is recorded)."
    ),
    ReleaseRefusal.MOBILE_NOT_ASKED: (
        "No number contradicts in {ref}: leave out --mobile-stdin, and change the number in the "
        "case system."
    ),
    ReleaseRefusal.NOT_A_NUMBER: "What came on standard input is not a phone number.",
    ReleaseRefusal.BIRTH_NOT_CHOSEN: (
        "The date of birth contradicts: give --date-of-birth-stdin, and the date on standard input "
        f"({STORED!r} leaves the one that is recorded)."
    ),
    ReleaseRefusal.BIRTH_NOT_ASKED: (
        "No date of birth contradicts in {ref}: leave out --date-of-birth-stdin, and change it on "
        "the case's own page."
    ),
    ReleaseRefusal.NOT_A_BIRTH_DATE: (
        "What came on standard input is not a date: write it as 1986-11-18 or 18/11/1986."
    ),
    ReleaseRefusal.IMPOSSIBLE_BIRTH_DATE: (
        "Nobody born on that day can have been referred when this person was: check the year."
    ),
}


@click.group()
def held() -> None:
    """See who is held because facts contradict, and say what is right."""


@held.command("list")
@click.option("--service", "slug", required=True, metavar="S", help="The service's slug.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def list_command(slug: str, as_json: bool) -> None:
    """Every case whose person is held, the longest held first. Prints no number and no date."""
    with runtime().database.read(Scope.worker()) as session:
        people = held_people(session, service_named(session, slug).id)
    if as_json:
        click.echo(json.dumps([row for person in people for row in _as_json(person)]))
        return
    for person in people:
        why = "; ".join(_CAUSES.get(cause, cause) for cause in person.causes)
        lines = f" (lines {', '.join(map(str, person.lines))})" if person.lines else ""
        click.echo(f"{', '.join(person.case_refs)}: {why}{lines}, since {person.since:%Y-%m-%d}")
    if not people:
        click.echo("Nobody is held.")


def _as_json(person: HeldPerson) -> list[dict[str, object]]:
    """One object for each case of a held person."""
    return [
        {
            "case_ref": case_ref,
            "causes": list(person.causes),
            "lines": list(person.lines),
            "since": _utc(person.since),
        }
        for case_ref in person.case_refs
    ]


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@held.command("release")
@click.argument("case_ref")
@click.option("--service", "slug", required=True, metavar="S", help="The service's slug.")
@click.option("--by", required=True, metavar="EMAIL", help="Who decided.")
@click.option("--reason", required=True, metavar="TEXT", help="How it is known what is right.")
@click.option("--mobile-stdin", is_flag=True, help="Read the right number from standard input.")
@click.option(
    "--date-of-birth-stdin", is_flag=True, help="Read the date of birth from standard input."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def release_command(
    case_ref: str,
    slug: str,
    by: str,
    reason: str,
    mobile_stdin: bool,
    date_of_birth_stdin: bool,
    as_json: bool,
) -> None:
    """Say what is right about CASE_REF's person, so that they are held no longer.

    Where number and date of birth are both read, the number is the first line. The word "stored"
    leaves what is recorded. Ends with 1 when nothing was changed.
    """
    decision = HoldDecision(
        reason,
        mobile=_line() if mobile_stdin else None,
        date_of_birth=_line() if date_of_birth_stdin else None,
    )
    process = runtime()
    with process.database.write(Scope.worker()) as session:
        service = service_named(session, slug)
        account = find_account(session, by)
        if account is None:
            raise click.ClickException(
                f"Nobody has an account for {by}: `users list --service {slug}` says who has."
            )
        try:
            outcome = release_hold(
                session,
                service,
                case_ref,
                decision,
                Worker(account.id, process.now()),
                drama_allowed=not process.settings.is_production,
            )
        except CaseNotFound as error:
            raise click.ClickException(
                f"There is no case {case_ref!r} in {slug}: `held list` names those who are held."
            ) from error
    if isinstance(outcome, StillHeld):
        words = [_REFUSED[each] for each in outcome.refusals if each in _REFUSED]
        raise click.ClickException(" ".join(words).format(ref=case_ref, by=by, slug=slug))
    queue().nudge()
    _say(case_ref, outcome, as_json=as_json)


def _line() -> str:
    return sys.stdin.readline().strip()


def _say(case_ref: str, outcome: Released, *, as_json: bool) -> None:
    if as_json:
        released = {
            "case_ref": case_ref,
            "released": list(dict.fromkeys(outcome.causes)),
            "mobile_changed": outcome.is_number_new,
            "date_of_birth_changed": outcome.is_birth_new,
        }
        click.echo(json.dumps(released))
        return
    click.echo(f"{case_ref} is no longer held; every other rule is asked as before.")
    if outcome.is_number_new:
        click.echo("The number is new: nobody is texted on it until safe contact is confirmed.")
    if outcome.is_birth_new:
        click.echo("The date of birth was changed.")
