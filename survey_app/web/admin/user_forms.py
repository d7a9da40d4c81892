"""What can be done to a user, and which fields does each of it need?"""

from enum import StrEnum

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from survey_app.domain.cases import Role


class Act(StrEnum):
    """What can be done to one user."""

    ROLES = "roles"
    REMOVE = "remove"
    DEACTIVATE = "deactivate"
    ACTIVATE = "activate"
    RESET_SECOND_FACTOR = "reset-second-factor"
    LINK = "link"
    TEAM = "team"


def _roles_field() -> SelectMultipleField:
    return SelectMultipleField(choices=[SelectChoice(r, r) for r in Role])


class RolesForm(FlaskForm):
    """The roles that somebody is to have here."""

    roles = _roles_field()


class TeamForm(FlaskForm):
    """The team that somebody belongs to here."""

    team = StringField()


class InviteForm(FlaskForm):
    """Somebody new, and the roles that they are to have here."""

    email = StringField(validators=[Length(max=254)])
    name = StringField(validators=[Length(max=120)])
    roles = _roles_field()
