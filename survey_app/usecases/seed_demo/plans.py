"""Which demonstration services are there, and how busy is each?"""

from dataclasses import dataclass
from datetime import date, timedelta

from survey_app.domain.cases import Role
from survey_app.domain.languages import ENGLISH, LANGUAGES


@dataclass(frozen=True)
class ServicePlan:
    """One invented service: how many cases close in a quarter, before and after it went live."""

    slug: str
    name: str
    police_area: str
    programme: str
    history_closures: int
    live_closures: int
    authorities: tuple[str, ...]
    sender: str
    """What its texts appear to come from; the one in shadow has not chosen yet."""
    draft_languages: tuple[str, ...] = ()
    """Offered so that they can be seen; a real service has a speaker read them first."""
    is_in_shadow: bool = False
    """Since it went live everything is decided and nothing sent."""


ALL_DRAFTS = tuple(language.tag for language in LANGUAGES if language is not ENGLISH)

LARGE = ServicePlan(
    slug="eastmere",
    name="Eastmere Victim CARE",
    police_area="Eastmere",
    programme="standard",
    history_closures=450,
    live_closures=430,
    authorities=("Eastmere City", "Fenwick", "Holloway Vale", "Marsh End", "St Oswin", "Tarn"),
    draft_languages=ALL_DRAFTS,
    sender="+447700900981",
)
PLANS = (
    LARGE,
    ServicePlan(
        slug="harrowdale",
        name="Harrowdale Victim Support",
        police_area="Harrowdale",
        programme="standard",
        history_closures=58,
        live_closures=52,
        authorities=("Harrowdale", "Upper Wold", "Skerne"),
        draft_languages=ALL_DRAFTS,
        sender="+447700900982",
    ),
    ServicePlan(
        slug="ottermouth",
        name="Ottermouth Hope Project",
        police_area="Ottermouth and Coast",
        programme="assessment-led",
        history_closures=34,
        live_closures=30,
        authorities=("Ottermouth", "Sandling"),
        sender="",
        is_in_shadow=True,
    ),
)


@dataclass(frozen=True)
class DemoAccount:
    """Someone who can sign in to the demonstration."""

    email: str
    name: str
    role: Role
    team: str | None = None


MANAGER = "manager@example.org"
CASEWORKER = "caseworker@example.org"
COLLEAGUE = "caseworker-south@example.org"
ACCOUNTS = (
    DemoAccount("commissioner@example.org", "Chris Okafor", Role.COMMISSIONER),
    DemoAccount(MANAGER, "Mina Rahman", Role.MANAGER),
    DemoAccount(CASEWORKER, "Cass Whitlock", Role.CASEWORKER, team="North"),
    DemoAccount(COLLEAGUE, "Sol Pereira", Role.CASEWORKER, team="South"),
    DemoAccount("interviewer@example.org", "Ines Doyle", Role.INTERVIEWER),
    DemoAccount("administrator@example.org", "Adi Shah", Role.ADMINISTRATOR),
)
PASSWORD = "demonstration only, not a secret"
"""Known to everyone: it is good in development, on loopback, and nowhere else."""

QUARTERS = 8


@dataclass(frozen=True)
class Calendar:
    """The days that the demonstration spans."""

    first_closure: date
    goes_live: date
    today: date

    @property
    def first_referral(self) -> date:
        """The earliest day on which someone is referred."""
        return self.first_closure - timedelta(days=150)
