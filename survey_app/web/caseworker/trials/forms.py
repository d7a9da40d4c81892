"""What does somebody say who drafts, approves, starts or ends a trial?"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional as Blank

from survey_app.domain.requests import InvitationWording
from survey_app.domain.trial_plans import TrialPlan
from survey_app.domain.trials import TrialKind
from survey_app.web.caseworker.sending_forms import ReasonForm

KEEP, STOP = "keep", "stop"


class DraftForm(ReasonForm):
    """What is tried, with how many people, until when, and why."""

    kind = RadioField(
        choices=[
            SelectChoice(TrialKind.WORDING, _l("Two wordings of the first text")),
            SelectChoice(TrialKind.SEND_TIME, _l("Two times of day for the first text")),
        ],
        default="",
        validate_choice=False,
    )
    first_time = TimeField(validators=[Blank()])
    second_time = TimeField(validators=[Blank()])
    size = IntegerField(validators=[Blank()])
    last_day = DateField(validators=[Blank()])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Say in our own words what is missing or cannot be read."""
        super().validate(extra_validators)
        if self.kind.data not in set(TrialKind):
            self.kind.errors = [_("Choose what is tried.")]
        if self.kind.data == TrialKind.SEND_TIME:
            for field in (self.first_time, self.second_time):
                if field.data is None:
                    field.errors = [_("Give a time of day, such as 10:00.")]
        if self.size.data is None:
            self.size.errors = [_("Give a whole number of people.")]
        if self.last_day.data is None:
            self.last_day.errors = [_("Give a day.")]
        return not self.errors

    @property
    def plan(self) -> TrialPlan:
        """What was said, once it is sound."""
        size, last_day = self.size.data, self.last_day.data
        assert isinstance(size, int)
        assert isinstance(last_day, date)
        kind = TrialKind(self.kind.data)
        if kind is TrialKind.WORDING:
            first, second = InvitationWording
            return TrialPlan(kind, first, second, size, last_day)
        times = (self.first_time.data, self.second_time.data)
        first_time, second_time = (f"{at:%H:%M}" for at in times)
        return TrialPlan(kind, first_time, second_time, size, last_day)


class EndForm(ReasonForm):
    """Why, and of a running trial of wordings what becomes of those who came meanwhile."""

    after = RadioField(
        choices=[
            SelectChoice(KEEP, _l("They keep the wording that their card shows")),
            SelectChoice(STOP, _l("Everyone gets the usual wording from now on")),
        ],
        default="",
        validate_choice=False,
    )
    asks_after = False

    @property
    def is_kept(self) -> bool:
        """Whether they keep it."""
        return self.asks_after and self.after.data == KEEP

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Also ask for what becomes of them, where that is to be said."""
        super().validate(extra_validators)
        if self.asks_after and self.after.data not in (KEEP, STOP):
            self.after.errors = [_("Choose what becomes of them.")]
        return not self.errors
