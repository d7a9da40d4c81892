"""What does somebody say who stops a service, lets it send, or revokes its links?"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.validators import Optional as Blank

from survey_app.web.shared.formatting import day


class ReasonForm(FlaskForm):
    """Why; kept in the audit trail and shown in the service's history."""

    reason = StringField(
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Write why.")),
            Length(max=200, message=_l("Write at most 200 characters.")),
        ],
    )


SEND, WITHDRAW = "send", "withdraw"


class GoLiveForm(ReasonForm):
    """The manager has looked at the sample, signs it off, and says what becomes of those who
    waited; that is asked only while somebody waits."""

    confirm = BooleanField(validators=[DataRequired(_l("Confirm that you have looked at it."))])
    waited = RadioField(
        choices=[
            SelectChoice(SEND, _l("Send to them, each after a fresh decision whether it is safe")),
            SelectChoice(WITHDRAW, _l("Withdraw those who have waited since before this day:")),
        ],
        default="",
        validate_choice=False,
    )
    withdraw_before = DateField(validators=[Blank()])

    is_anyone_waiting = True
    latest_day = date.max
    """The latest day that may be named."""

    @property
    def withdrawn_before(self) -> date | None:
        """The day, where the manager chose to withdraw."""
        named: date | None = self.withdraw_before.data
        return named if self.waited.data == WITHDRAW else None

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Also ask for what one answer needs of another."""
        is_sound = super().validate(extra_validators)
        if self.waited.data not in (SEND, WITHDRAW):
            if self.is_anyone_waiting:
                self.waited.errors = [_("Choose what becomes of those who waited.")]
            return is_sound and not self.is_anyone_waiting
        if self.waited.data == WITHDRAW and self.withdrawn_before is None:
            self.withdraw_before.errors = [_("Give the day.")]
        elif self.withdrawn_before is not None and self.withdrawn_before > self.latest_day:
            latest = day(self.latest_day)
            self.withdraw_before.errors = [_("Give a day up to %(latest)s.", latest=latest)]
        return is_sound and not self.withdraw_before.errors
