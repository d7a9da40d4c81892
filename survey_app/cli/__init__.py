"""Commands: thin; each calls one use case or one report."""

from flask import Flask

from survey_app.cli.cases import cases
from survey_app.cli.db import db
from survey_app.cli.demo import demo
from survey_app.cli.figures import figures
from survey_app.cli.held import held
from survey_app.cli.instruments import instruments
from survey_app.cli.messages import messages
from survey_app.cli.pairs import pairs
from survey_app.cli.report import report_command
from survey_app.cli.responses import responses
from survey_app.cli.services import services
from survey_app.cli.translations import translations
from survey_app.cli.users import users


def register_commands(app: Flask) -> None:
    """Make every command of FORMATS.md reachable as `flask --app wsgi COMMAND`."""
    commands = (
        cases,
        db,
        demo,
        figures,
        held,
        instruments,
        messages,
        pairs,
        report_command,
        responses,
        services,
        translations,
        users,
    )
    for command in commands:
        app.cli.add_command(command)
