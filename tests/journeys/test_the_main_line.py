"""The main job, end to end: a case file goes in, a text goes out, someone answers on a phone, and
the manager's figure moves."""

import csv
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from survey_app.domain.cases import Role
from survey_app.store.scope import Scope
from survey_app.usecases.add_service import add_service
from tests.browsers import DESK, PHONE, LiveApp, axe_faults, sign_in
from tests.staff import an_account
from tests.world import SetClock

SATISFIED = "Satisfied or very satisfied"


def a_case_file(folder: Path, closed_on: str) -> Path:
    """One closed community case with two deliveries, that may be texted."""
    path = folder / "cases.csv"
    row = {
        "case_ref": "EM-1",
        "referred_on": "2026-10-20",
        "support_level": "community",
        "deliveries": "2",
        "flags": "none",
        "mobile": "07700 900321",
        "sms_consent": "yes",
        "sms_safe": "yes",
        "closed_on": closed_on,
        "closure_reason": "completed",
    }
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    return path


def test_from_a_case_file_to_a_figure(page: Page, live: LiveApp, clock: SetClock, tmp_path: Path):
    run = live.app.test_cli_runner()
    database = live.app.extensions["runtime"].database
    with database.write(Scope.worker()) as session:
        service = add_service(session, slug="eastmere", name="Eastmere CARE", now=clock.now)
        manager = an_account(session, (service, Role.MANAGER))
    closed = clock.now.date() - timedelta(days=2)
    path = a_case_file(tmp_path, closed.isoformat())
    imported = run.invoke(args=["cases", "import", str(path), "--service", "eastmere"])
    assert "1 created" in imported.output, imported.output
    clock.move(days=1)
    assert run.invoke(args=["messages", "run-due"]).exit_code == 0

    page.set_viewport_size(DESK)
    sign_in(page, live, manager.email)
    page.goto(f"{live.url}/services/eastmere/figures/2026-Q3")
    expect(page.get_by_text("Provisional").first).to_be_visible()
    figure = page.get_by_role("row").filter(has_text=SATISFIED)
    expect(figure).to_have_count(0)

    phone = page.context.browser.new_context(viewport=PHONE).new_page()
    phone.goto(live.url + "/dev/outbox")
    phone.locator("a[href*='/s/']").click()
    assert axe_faults(phone) == []
    phone.get_by_role("button", name="Start").click()
    answered = answer_every_question(phone)
    assert answered > 10
    assert axe_faults(phone) == []
    phone.context.close()

    page.reload()
    expect(figure.first).to_contain_text("100 %")
    expect(figure.first).to_contain_text("1 of 1")
    assert axe_faults(page) == []
    asked = ["report", "--service", "eastmere", "--period", "2026-Q3", "--audience", "staff"]
    told = run.invoke(args=asked).output
    assert "100 % (1 of 1" in told


def answer_every_question(phone: Page) -> int:
    """Take the first choice of each closed question and skip free text; how many were met."""
    choices = phone.get_by_role("radio")
    skip = phone.get_by_role("button", name="Skip this question")
    thanks = phone.get_by_role("heading", name="Thank you")
    for met in range(40):
        # Between two pages there is none of them for a moment.
        expect(choices.or_(skip).or_(thanks).first).to_be_visible()
        if choices.count():
            choices.nth(0).check()
            phone.get_by_role("button", name="Continue").click()
        elif skip.count():
            skip.click()
        else:
            return met
    raise AssertionError("the questions do not end")
