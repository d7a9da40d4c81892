"""How is it said what was done to a user, or why it was not?"""

from flask_babel import gettext as _

from survey_app.domain.cases import Role
from survey_app.store.users import UserChange
from survey_app.usecases.staff_users import LONGEST_TEAM, UserRefusal
from survey_app.web.shared.navigation import role_name


def refusal_words(reason: UserRefusal) -> str:
    """Why nothing was changed, and what to do instead."""
    return {
        UserRefusal.ADDRESS_MALFORMED: _("Enter an e-mail address, such as sam@example.org."),
        UserRefusal.ALREADY_HERE: _("This person has a role here already: open them in the list."),
        UserRefusal.NO_ROLE: _("Choose at least one role."),
        UserRefusal.YOURSELF: _(
            "You cannot change your own account here. Ask another manager or an administrator."
        ),
        UserRefusal.NOT_YOURS: _(
            "This includes a role that you do not look after. Ask an administrator."
        ),
        UserRefusal.ALSO_ELSEWHERE: _(
            "This person also works for another service, so their account is not only yours to "
            "change. Ask somebody who looks after both. You can take their roles here."
        ),
        UserRefusal.TEAM_TOO_LONG: _("Write at most %(n)s characters.", n=LONGEST_TEAM),
        UserRefusal.SWITCHED_OFF: _("This account is switched off. Switch it on first."),
    }[reason]


def invited_words(email: str) -> str:
    """For somebody who had an account already."""
    return _(
        "%(email)s has an account already, and can use it here from now on.", email=email.strip()
    )


def change_words(change: UserChange) -> str:
    """One change to a user, as a sentence."""
    whose, details = change.whose, change.details
    plain = {
        "remove-user": _("%(whose)s has no role here any more", whose=whose),
        "deactivate-user": _("The account of %(whose)s was switched off", whose=whose),
        "activate-user": _("The account of %(whose)s was switched on again", whose=whose),
        "reset-second-factor": _("The second factor of %(whose)s was forgotten", whose=whose),
        "make-link": _("A link to set a password was made for %(whose)s", whose=whose),
    }
    if change.action in plain:
        return plain[change.action]
    if change.action == "change-roles":
        return _(
            "%(whose)s was %(before)s and is now %(after)s",
            whose=whose,
            before=_named(details.get("from")),
            after=_named(details.get("to")),
        )
    if change.action == "change-team":
        nothing = _("no team")
        return _(
            "%(whose)s was in %(before)s and is now in %(after)s",
            whose=whose,
            before=details.get("from") or nothing,
            after=details.get("to") or nothing,
        )
    roles = details.get("roles", [details.get("role")])
    return _("%(whose)s was added as %(roles)s", whose=whose, roles=_named(roles))


def _named(roles: object) -> str:
    known = [Role(role) for role in roles if role in set(Role)] if isinstance(roles, list) else []
    return ", ".join(role_name(role) for role in known) or _("nobody")
