"""A small demonstration is made by the command, and its main pages open."""

import pytest

from survey_app.domain.periods import london_day, quarter_of
from survey_app.usecases.seed_demo.plans import LARGE, PASSWORD
from survey_app.usecases.seed_demo.seed import seed_demo
from tests.staff import sign_in
from tests.world import NOON

QUARTER = quarter_of(london_day(NOON)).previous.code
STAFF = ("", "/cases", "/figures", f"/figures/{QUARTER}", "/publish", "/oversight/data-quality")
PUBLISHED = ("", "/reach", "/outcomes", "/by/sex", "/by/flag", "/report.json")


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_a_small_demonstration_is_published_and_its_main_pages_open(app, client, runtime):
    steps: list[tuple[int, int]] = []
    seed_demo(runtime, now=NOON, scale=0.02, on_progress=lambda *done: steps.append(done))
    assert steps[-1][0] == steps[-1][1]
    place = f"/services/{LARGE.slug}"
    sign_in(client, "manager@example.org", PASSWORD)
    for page in STAFF:
        assert client.get(place + page, follow_redirects=True).status_code == 200, page
    sign_in(client, "commissioner@example.org", PASSWORD)
    for page in PUBLISHED:
        answer = client.get(f"{place}/figures/{QUARTER}{page}")
        assert answer.status_code == 200, page
        assert "not published" not in answer.text, page
