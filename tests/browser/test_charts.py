"""Charts are drawn under the strict policy, ask nobody else, and offer to send nothing anywhere.

docs/decisions/charts-under-a-strict-policy.md; the policy is the app's own.
"""

import pytest
from flask import render_template_string
from playwright.sync_api import Browser, Page, expect

from survey_app.web.shared.access import Audience, access
from tests.browsers import LiveApp, axe_faults

pytestmark = pytest.mark.browser

PAGE = """
{% extends "layouts/staff.html" %}
{% import "macros/figures.html" as figures %}
{% block title %}Figures{% endblock %}
{% block main %}<h1 class="govuk-heading-l">Figures</h1>
{% for data in traces %}
{{ figures.chart({"data": [data], "layout": {}}, "chart-" ~ loop.index, "A chart") }}
{% endfor %}
{{ figures.table("The same figures", ["Measure", "Rate"], [["Satisfied", figures.rate(rate)]]) }}
{% endblock %}
{% block scripts %}<script src="{{ asset_url('charts.js') }}" defer></script>{% endblock %}
"""
TRACES = [
    {"type": "bar", "x": ["Satisfied"], "y": [74], "error_y": {"array": [5]}},
    {"type": "funnel", "y": ["Eligible", "Asked"], "x": [100, 60]},
    {"type": "scatterpolar", "r": [3, 4, 5], "theta": ["a", "b", "c"], "fill": "toself"},
    {"type": "scatter", "x": [1, 2], "y": [1, 2]},
]
RATE = {
    "numerator": 41,
    "denominator": 56,
    "percent": 73.2,
    "low": 60.4,
    "high": 83.0,
    "suppressed": None,
}


@pytest.fixture
def charts(live: LiveApp) -> str:
    """The address of a page with one chart of each kind."""

    @access(Audience.ANYONE)
    def show() -> str:
        return render_template_string(PAGE, traces=TRACES, rate=RATE)

    live.app.add_url_rule("/charts-under-test", view_func=show)
    return f"{live.url}/charts-under-test"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_chart_is_drawn_without_a_complaint(page: Page, charts: str, scheme: str):
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda r: None if r.url.startswith((charts[:20], "data:")) else elsewhere.append(r.url),
    )
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    answer = page.goto(charts)
    assert answer is not None
    assert "unsafe" not in answer.headers["content-security-policy"]
    expect(page.locator(".figure-chart:visible .main-svg").first).to_be_visible()
    expect(page.locator(".figure-chart:visible")).to_have_count(len(TRACES))
    assert page.locator(".modebar-btn").count() == 0
    assert axe_faults(page) == []
    assert elsewhere == []


def test_without_script_the_table_stands_alone(chromium: Browser, charts: str):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(charts)
    expect(page.locator(".figure-chart:visible")).to_have_count(0)
    expect(
        page.get_by_role("row", name="Satisfied 73 % 41 of 56, likely 60 to 83 %")
    ).to_be_visible()
    context.close()
