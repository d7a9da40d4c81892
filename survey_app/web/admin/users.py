"""Who works in this service, in which roles, and how are they helped in or kept out?"""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task, roles_looked_after
from survey_app.domain.cases import Role
from survey_app.store.services import Service
from survey_app.store.staff import StaffAccount
from survey_app.store.team_members import team_names
from survey_app.store.users import find_user, user_changes, users_of
from survey_app.usecases.staff_users import (
    Keeper,
    NotKeeper,
    UserNotFound,
    UserRefusal,
    UserRefused,
)
from survey_app.web.admin.user_forms import Act, InviteForm, RolesForm, TeamForm
from survey_app.web.admin.user_words import change_words, invited_words, refusal_words
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.navigation import role_name
from survey_app.web.shared.runtime import runtime

CHANGES_SHOWN = 20


@access(Audience.STAFF, Task.SEE_USERS)
def users(slug: str) -> str:
    """Everybody with a role here, and what was done to them lately."""
    service = this_service()
    with reading() as session:
        found = users_of(session, service.id)
        changes = user_changes(session, service.id, CHANGES_SHOWN)
    return render_template(
        "admin/users.html",
        slug=slug,
        users=found,
        changes=[(change, change_words(change)) for change in changes],
        role_name=role_name,
        me=staff().account.account_id,
        now=runtime().now(),
        is_production=runtime().settings.is_production,
    )


@access(Audience.STAFF, Task.MANAGE_USERS)
def invite(slug: str) -> Response | str | tuple[str, int]:
    """Give somebody roles here; the link with which they choose a password is shown once."""
    form = InviteForm()
    if not form.is_submitted():
        return _invite_page(form, [])
    if not form.validate():
        faults = {
            "email": _("Shorten the address."),
            "name": _("Shorten the name."),
            "roles": refusal_words(UserRefusal.NO_ROLE),
        }
        errors = [(name, words) for name, words in faults.items() if name in form.errors]
        return _invite_page(form, errors), 400
    try:
        with writing() as session:
            token = _keeper(session).invite(
                email=form.email.data or "",
                name=form.name.data or "",
                roles=[Role(role) for role in form.roles.data or ()],
            )
    except UserRefused as refused:
        return _invite_page(form, [_fault(refused.reason)]), 400
    if token is None:
        flash(invited_words(form.email.data or ""), "success")
        return redirect(url_for("admin.users", slug=slug))
    return _link_page(token, (form.email.data or "").strip(), is_invitation=True)


@access(Audience.STAFF, Task.MANAGE_USERS)
def user(slug: str, user_id: int) -> str:
    """One user: their roles here, and the help that can be given."""
    with reading() as session:
        return _user_page(session, user_id, [])


@access(Audience.STAFF, Task.MANAGE_USERS)
def change_user(slug: str, user_id: int, act: str) -> Response | str | tuple[str, int]:
    """Do one thing to one user."""
    if act not in set(Act):
        abort(404)
    form = RolesForm()
    form.validate_on_submit()
    try:
        with writing() as session:
            done = _do(_keeper(session), Act(act), user_id, form)
    except UserRefused as refused:
        with reading() as session:
            return _user_page(session, user_id, [_fault(refused.reason)]), 400
    if act == Act.LINK:
        with reading() as session:
            account = session.get_one(StaffAccount, user_id)
        is_new = account.password_hash is None
        return _link_page(str(done), account.email, is_invitation=is_new)
    flash(_done_words(Act(act)), "success")
    if act == Act.REMOVE:
        return redirect(url_for("admin.users", slug=slug))
    return redirect(url_for("admin.user", slug=slug, user_id=user_id))


def _do(keeper: Keeper, act: Act, user_id: int, form: RolesForm) -> str | None:
    if act is Act.LINK:
        return keeper.reset_link(user_id)
    if act is Act.TEAM:
        keeper.change_team(user_id, TeamForm().team.data or "")
        return None
    if act is Act.ROLES:
        keeper.change_roles(user_id, [Role(role) for role in form.roles.data or ()])
        return None
    plain: dict[Act, Callable[[int], None]] = {
        Act.REMOVE: keeper.remove,
        Act.DEACTIVATE: keeper.switch_off,
        Act.ACTIVATE: keeper.switch_on,
        Act.RESET_SECOND_FACTOR: keeper.reset_second_factor,
    }
    plain[act](user_id)
    return None


def _keeper(session: Session) -> Keeper:
    """Asked again inside the transaction: it may have been taken from them a moment ago."""
    service = session.get_one(Service, this_service().id)
    try:
        return Keeper(session, service, staff().account.account_id, runtime().now())
    except NotKeeper:
        abort(403)


def _user_page(session: Session, user_id: int, errors: list[tuple[str, str]]) -> str:
    found = find_user(session, this_service().id, user_id)
    if found is None:
        raise UserNotFound(user_id)
    mine = roles_looked_after(this_service().roles)
    keeper = _keeper(session)
    return render_template(
        "admin/user.html",
        slug=this_service().slug,
        user=found,
        choices=_role_choices(),
        teams=team_names(session, this_service().id),
        typed_team=TeamForm().team.data,
        errors=errors,
        is_me=found.account.id == staff().account.account_id,
        is_mine=found.roles <= mine,
        is_wholly_mine=keeper.may_look_after(found.account),
        is_elsewhere=any(m.service_id != this_service().id for m in found.account.memberships),
        now=runtime().now(),
    )


def _invite_page(form: InviteForm, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "admin/invite.html",
        slug=this_service().slug,
        form=form,
        choices=_role_choices(),
        errors=errors,
    )


def _link_page(token: str, email: str, *, is_invitation: bool) -> str:
    """The link, this once: we send no e-mail."""
    address = runtime().settings.base_url + url_for("account.link", token=token)
    return render_template(
        "admin/user_link.html",
        slug=this_service().slug,
        email=email,
        address=address,
        is_invitation=is_invitation,
    )


def _role_choices() -> list[tuple[str, str]]:
    mine = roles_looked_after(this_service().roles)
    return [(role.value, role_name(role).capitalize()) for role in Role if role in mine]


def _fault(reason: UserRefusal) -> tuple[str, str]:
    """The field that is wrong, if one is, and what to do."""
    field = {UserRefusal.ADDRESS_MALFORMED: "email", UserRefusal.ALREADY_HERE: "email"}
    field |= {UserRefusal.NO_ROLE: "roles", UserRefusal.TEAM_TOO_LONG: "team"}
    return field.get(reason, ""), refusal_words(reason)


def _done_words(act: Act) -> str:
    return {
        Act.ROLES: _("Saved. The new roles count from their next page on."),
        Act.REMOVE: _("They have no role in this service any more."),
        Act.DEACTIVATE: _("The account is switched off. They are signed out everywhere."),
        Act.ACTIVATE: _("The account is switched on again."),
        Act.RESET_SECOND_FACTOR: _(
            "Their second factor is forgotten. They set up another one when they next sign in."
        ),
        Act.TEAM: _("Saved. Their cases count with this team from now on."),
        Act.LINK: "",
    }[act]


def user_pages(pages: Blueprint) -> None:
    """Mount the users of a service."""
    pages.get("/services/<slug>/users")(users)
    pages.route("/services/<slug>/users/invite", methods=["GET", "POST"])(invite)
    pages.get("/services/<slug>/users/<int:user_id>")(user)
    pages.post("/services/<slug>/users/<int:user_id>/<act>")(change_user)
