"""Look after the users of a service: invite, change roles, switch off, help back in.

Nobody changes their own account here: what one person gives, another gives them. And nobody reaches
through one service into another: an account that also belongs elsewhere is only looked after by
somebody who looks after it everywhere; in one service alone it can be given and taken roles.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.access import Task, may, roles_looked_after
from survey_app.domain.cases import Role
from survey_app.store.audit import write_audit
from survey_app.store.services import Service
from survey_app.store.staff import Membership, StaffAccount, find_account, roles_in
from survey_app.store.staff_links import LinkKind
from survey_app.store.team_members import find_team, put_in_team, team_names
from survey_app.usecases.accounts import is_address
from survey_app.usecases.second_factor import remove_second_factor
from survey_app.usecases.sign_in import forget_guesses
from survey_app.usecases.staff_passwords import make_link

EVERY_ROLE = frozenset(Role)
LONGEST_TEAM = 60
"""Characters."""


class UserRefusal(StrEnum):
    """Why nothing was changed."""

    ADDRESS_MALFORMED = "address-malformed"
    ALREADY_HERE = "already-here"
    NO_ROLE = "no-role"
    YOURSELF = "yourself"
    NOT_YOURS = "not-yours"
    """The account has, or would get, a role that the person does not look after."""
    ALSO_ELSEWHERE = "also-elsewhere"
    """The account also belongs to a service in which the person does not look after it."""
    SWITCHED_OFF = "switched-off"
    TEAM_TOO_LONG = "team-too-long"


class UserRefused(Exception):
    """Nothing was changed; `reason` says why."""

    def __init__(self, reason: UserRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


class NotKeeper(Exception):
    """Whoever asks looks after nobody here, or no longer."""


class UserNotFound(LookupError):
    """This service has no such user."""


class Keeper:
    """Whoever looks after the users of a service now; None is the command line."""

    def __init__(
        self, session: Session, service: Service, account_id: int | None, now: datetime
    ) -> None:
        self.session, self.service, self.account_id, self.now = session, service, account_id, now
        # Two managers who switch each other off queue here; the second is nobody any more.
        session.execute(select(Service.id).where(Service.id == service.id).with_for_update())
        if not self._roles_here(service.id):
            raise NotKeeper(account_id)

    def invite(self, *, email: str, name: str, roles: Iterable[Role]) -> str | None:
        """Give somebody roles here; the token of their invitation, where they need one.

        Whoever has an account already keeps their own way to sign in. Raises UserRefused.
        """
        wanted = self._allowed(roles)
        if not is_address(email):
            raise UserRefused(UserRefusal.ADDRESS_MALFORMED)
        account = find_account(self.session, email)
        if account is None:
            account = StaffAccount(
                email=email.strip().casefold(), name=name.strip(), created_at=self.now
            )
            self.session.add(account)
            self.session.flush()
        elif roles_in(account, self.service.id):
            raise UserRefused(UserRefusal.ALREADY_HERE)
        elif account.id == self.account_id:
            raise UserRefused(UserRefusal.YOURSELF)
        self._give(account, wanted)
        self._audit(account, "invite-user", {"roles": sorted(wanted)})
        if account.password_hash is None:
            return make_link(self.session, account, LinkKind.INVITATION, self.now)
        return None

    def change_roles(self, account_id: int, roles: Iterable[Role]) -> None:
        """Let somebody have exactly these roles here, from their next page on."""
        account, wanted = self._user(account_id), self._allowed(roles)
        had = roles_in(account, self.service.id)
        if wanted == had:
            return
        self._give(account, wanted)
        self._audit(account, "change-roles", {"from": sorted(had), "to": sorted(wanted)})

    def remove(self, account_id: int) -> None:
        """Take somebody's roles here; what they are elsewhere stays."""
        account = self._user(account_id)
        had = roles_in(account, self.service.id)
        self._give(account, frozenset())
        self._audit(account, "remove-user", {"roles": sorted(had)})

    def change_team(self, account_id: int, name: str) -> None:
        """Put somebody who works here into a team; an empty name takes them out of theirs.

        It gives no rights, so anybody's may be changed, one's own too. A name in use is kept as it
        is written there. Raises UserRefused.
        """
        account = self.session.get(StaffAccount, account_id, with_for_update=True)
        if account is None or not roles_in(account, self.service.id):
            raise UserNotFound(account_id)
        wanted = " ".join(name.split())
        if len(wanted) > LONGEST_TEAM:
            raise UserRefused(UserRefusal.TEAM_TOO_LONG)
        known = {each.casefold(): each for each in team_names(self.session, self.service.id)}
        had = find_team(self.session, self.service.id, account_id)
        team = known.get(wanted.casefold(), wanted) or None
        if team == had:
            return
        put_in_team(self.session, self.service.id, account_id, team)
        self._audit(account, "change-team", {"from": had, "to": team})

    def switch_off(self, account_id: int) -> None:
        """Let somebody not sign in any more; their sessions end at once."""
        account = self._whole_account(account_id)
        account.is_active = False
        account.session_epoch += 1
        self._audit(account, "deactivate-user")

    def switch_on(self, account_id: int) -> None:
        """Let somebody sign in again, as before."""
        account = self._whole_account(account_id)
        account.is_active = True
        forget_guesses(account)
        self._audit(account, "activate-user")

    def reset_second_factor(self, account_id: int) -> None:
        """Forget a lost phone: the next sign-in sets up another one. Their sessions end."""
        account = self._whole_account(account_id)
        remove_second_factor(self.session, account.id)
        account.session_epoch += 1
        self._audit(account, "reset-second-factor")

    def reset_link(self, account_id: int) -> str:
        """The token of a link by which somebody sets a new password (or their first one)."""
        account = self._whole_account(account_id)
        if not account.is_active:
            raise UserRefused(UserRefusal.SWITCHED_OFF)
        is_new = account.password_hash is None
        kind = LinkKind.INVITATION if is_new else LinkKind.RESET
        token = make_link(self.session, account, kind, self.now)
        self._audit(account, "make-link", {"kind": kind.value})
        return token

    def may_look_after(self, account: StaffAccount) -> bool:
        """Whether the whole account, wherever it belongs, is this person's to look after."""
        return account.id != self.account_id and all(
            roles_in(account, service_id) <= roles_looked_after(self._roles_here(service_id))
            for service_id in {membership.service_id for membership in account.memberships}
        )

    def _user(self, account_id: int) -> StaffAccount:
        """A user of this service whose roles here the person looks after."""
        account = self.session.get(StaffAccount, account_id, with_for_update=True)
        if account is None or not roles_in(account, self.service.id):
            raise UserNotFound(account_id)
        if account.id == self.account_id:
            raise UserRefused(UserRefusal.YOURSELF)
        mine = roles_looked_after(self._roles_here(self.service.id))
        if not roles_in(account, self.service.id) <= mine:
            raise UserRefused(UserRefusal.NOT_YOURS)
        return account

    def _whole_account(self, account_id: int) -> StaffAccount:
        account = self._user(account_id)
        if not self.may_look_after(account):
            raise UserRefused(UserRefusal.ALSO_ELSEWHERE)
        return account

    def _allowed(self, roles: Iterable[Role]) -> frozenset[Role]:
        wanted = frozenset(roles)
        if not wanted:
            raise UserRefused(UserRefusal.NO_ROLE)
        if not wanted <= roles_looked_after(self._roles_here(self.service.id)):
            raise UserRefused(UserRefusal.NOT_YOURS)
        return wanted

    def _roles_here(self, service_id: int) -> frozenset[Role]:
        """The person's own roles in a service, where they may look after users at all."""
        if self.account_id is None:
            return EVERY_ROLE
        account = self.session.get(StaffAccount, self.account_id, populate_existing=True)
        if account is None or not account.is_active:
            return frozenset()
        mine = roles_in(account, service_id)
        return mine if may(mine, Task.MANAGE_USERS) else frozenset()

    def _give(self, account: StaffAccount, wanted: frozenset[Role]) -> None:
        here = [m for m in account.memberships if m.service_id == self.service.id]
        for membership in here:
            if Role(membership.role) not in wanted:
                account.memberships.remove(membership)
        held = {Role(membership.role) for membership in here}
        for role in sorted(wanted - held):
            account.memberships.append(Membership(service_id=self.service.id, role=role))
        self.session.flush()

    def _audit(
        self, account: StaffAccount, action: str, details: dict[str, object] | None = None
    ) -> None:
        write_audit(
            self.session,
            at=self.now,
            actor="command" if self.account_id is None else "staff",
            action=action,
            subject="staff-account",
            subject_id=account.id,
            service_id=self.service.id,
            account_id=self.account_id,
            details=details,
        )
