"""Charts draw what they are given, add nothing, and give nothing away."""

import json
import re
from xml.etree import ElementTree

import plotly.graph_objects as go
import plotly.io as pio
import pytest

from survey_app.reporting.charts.dots import draw_dots
from survey_app.reporting.charts.palette import (
    BLACK,
    BLUE,
    EDGE,
    ORANGE,
    PALE,
    SKY,
    VERMILION,
    WHITE,
    YELLOW,
)
from survey_app.reporting.charts.plane import Line, Spot
from survey_app.reporting.charts.plots import draw_funnel, draw_process
from survey_app.reporting.charts.rows import MARK, UNMARKED, Chart, Dot, Series, Shift, Stack
from survey_app.reporting.charts.shifts import draw_shifts
from survey_app.reporting.charts.stacks import draw_stacks

EVIL = "<b>&amp; <script>"
DOTS = [
    Dot("Satisfied", "74 % of 100", "74 % (74 of 100)", 74.0, 64.6, 81.6),
    Dot("Safer", "[c]", "[c]", None, None, None),
    Dot(EVIL, "3 % of 40", "3 %", 2.5, 0.4, 12.9),
]
STACKS = [
    Stack("Coping", 100, (70, 15, 15)),
    Stack("Safety", 50, (40, None, None)),
    Stack(EVIL, 0, (0, 0, 0)),
    Stack("Hidden", None, (None, None, None)),
]
SERIES = [Series("Up", BLUE, WHITE), Series("Same", SKY, BLACK), Series("Down", ORANGE, BLACK)]
SHIFTS = [
    Shift("Home", "4 to 7", 4, 7),
    Shift("Money", "no data", None, None),
    Shift(EVIL, "10 to 1", 10, 1),
]


def stacks(rows=STACKS, *, is_share=True) -> Chart:
    return draw_stacks(rows, SERIES, axis="Per cent", unshown="Not shown", is_share=is_share)


SPOTS = [
    Spot(0, 70.0, "Q1", "Q1: 70 %"),
    Spot(1, None, "Q2", ""),
    Spot(2, 20.0, EVIL, EVIL, is_signal=True),
]
LINES = [Line("upper", [(0, 72.0), (2, 72.0)]), Line("mean", [(0, 70.0), (2, 70.0)])]
CHARTS = {
    "process": draw_process(
        SPOTS, LINES, axis="Per cent", usual_name="Usual", signal_name="Signal"
    ),
    "funnel": draw_funnel(
        [SPOTS[0], SPOTS[2]], LINES, x_axis="People", y_axis="Per cent", signal_name="Outside"
    ),
    "dots": draw_dots(DOTS, axis="Per cent", target=70, target_label="target 70 %"),
    "no dots": draw_dots(DOTS[1:2], axis="Per cent"),
    "shares": stacks(),
    "counts": stacks(is_share=False),
    "shifts": draw_shifts(SHIFTS, axis="Median", best=10, first_name="First", last_name="Last"),
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_the_figure_is_one_that_plotly_knows_and_json_can_hold(chart: Chart):
    text = json.dumps(chart.figure, allow_nan=False)
    go.Figure(json.loads(text))
    assert "template" not in chart.figure["layout"]
    assert pio.templates.default is None


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_the_svg_is_well_formed_and_needs_no_style(chart: Chart):
    root = ElementTree.fromstring(chart.svg)
    assert root.tag.endswith("svg")
    assert all("style" not in element.attrib for element in root.iter())
    assert "<script" not in chart.svg


@pytest.mark.parametrize("name", [name for name in CHARTS if name != "no dots"])
def test_words_are_never_markup(name: str):
    assert "<script" not in json.dumps(CHARTS[name].figure["layout"])
    assert all("<script" not in json.dumps(t) for t in CHARTS[name].figure["data"])


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_nobody_can_drag_the_axes_away_on_a_phone(chart: Chart):
    layout = chart.figure["layout"]
    assert layout["xaxis"]["fixedrange"]
    assert layout["yaxis"]["fixedrange"]
    assert layout["dragmode"] is False


def test_a_share_without_a_value_has_a_label_and_no_mark():
    data = CHARTS["dots"].figure["data"][0]
    assert data["y"] == [MARK, 1 + UNMARKED + MARK]
    assert data["x"] == [74.0, 2.5]
    labels = [a["text"] for a in CHARTS["dots"].figure["layout"]["annotations"]]
    assert "Safer: [c]" in labels
    assert CHARTS["dots"].svg.count("<circle") == 2


def test_intervals_reach_from_low_to_high():
    error = CHARTS["dots"].figure["data"][0]["error_x"]
    assert error["array"] == [7.6, 10.4]
    assert error["arrayminus"] == [9.4, 2.1]


def test_a_share_stands_where_there_is_room_for_it():
    beside = {a["text"]: a for a in CHARTS["dots"].figure["layout"]["annotations"]}
    assert beside["74 % of 100"]["xanchor"] == "right"
    assert beside["3 % of 40"]["xanchor"] == "left"


def test_the_target_is_a_line_with_its_name():
    layout = CHARTS["dots"].figure["layout"]
    assert [shape["x0"] for shape in layout["shapes"]] == [70]
    assert "target 70 %" in CHARTS["dots"].svg


def test_the_parts_of_a_share_fill_the_bar_and_print_their_counts():
    data = stacks(STACKS[:1]).figure["data"]
    assert [trace["x"][0] for trace in data] == [70, 15, 15]
    assert [trace["text"][0] for trace in data] == ["70", "15", "15"]


def test_what_is_suppressed_is_one_part_that_says_so():
    chart = CHARTS["shares"]
    assert [series.name for series in chart.legend] == ["Up", "Same", "Down", "Not shown"]
    assert [trace["x"][1] for trace in chart.figure["data"]] == [80, 0, 0, 20]
    assert [trace["text"][1] for trace in chart.figure["data"]] == ["40", "", "", "[c]"]
    assert [trace["x"][3] for trace in chart.figure["data"]] == [0, 0, 0, 0]


def test_counts_stand_on_one_axis():
    chart = CHARTS["counts"]
    assert [trace["x"][0] for trace in chart.figure["data"]] == [70, 15, 15, 0]
    assert chart.figure["layout"]["xaxis"]["range"][1] >= 100


def test_a_shift_without_both_ends_is_not_drawn():
    between, first, last = CHARTS["shifts"].figure["data"]
    assert first["y"] == last["y"] == [MARK, 1 + UNMARKED + MARK]
    assert between["x"] == [4, 7, None, 10, 1, None]


def test_every_ink_is_readable_on_its_colour():
    inks = dict.fromkeys((SKY, YELLOW, ORANGE, VERMILION, PALE), BLACK) | {BLUE: WHITE}
    for colour, ink in inks.items():
        assert _contrast(colour, ink) >= 4.5


def test_every_part_of_a_bar_has_an_edge_that_is_seen_on_a_light_page():
    assert _contrast(EDGE, WHITE) >= 3
    assert stacks().svg.count(f'stroke="{EDGE}"') == stacks().svg.count("<rect")


def test_an_interval_is_not_said_upon_the_target():
    rows = [Dot("Safe", "50 % of 9", "50 %", 50.0, 40.0, 55.0)]
    free, near = (
        draw_dots(rows, axis="Per cent", target=target, target_label="target")
        for target in (None, 70)
    )
    assert free.figure["layout"]["annotations"][1]["xanchor"] == "left"
    assert near.figure["layout"]["annotations"][1]["xanchor"] == "right"


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(pair, 16) / 255 for pair in re.findall("..", colour.removeprefix("#"))]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_names_of_lines_never_lie_on_each_other():
    places = [a["y"] for a in CHARTS["process"].figure["layout"]["annotations"][1:]]
    assert abs(places[0] - places[1]) >= 8
    texts = [a["text"] for a in CHARTS["process"].figure["layout"]["annotations"]]
    assert texts == ["Per cent", "upper 72 %", "mean 70 %"]


def test_names_of_lines_upon_each_other_keep_their_order():
    lines = [Line(name, [(0, 100.0), (1, 100.0)]) for name in ("upper", "mean", "lower")]
    spots = [Spot(n, 100.0, "Q1 18/19", "100 %") for n in (0, 1)]
    chart = draw_process(spots, lines, axis="Per cent", usual_name="", signal_name="")
    upper, mean, lower = (a["y"] for a in chart.figure["layout"]["annotations"][1:])
    assert 100 == upper > mean > lower


def test_the_newest_period_is_always_named():
    for many in (2, 7, 8, 24, 40):
        spots = [Spot(n, 50.0, f"P {n}", "") for n in range(many)]
        axis = draw_process(spots, [], axis="Per cent", usual_name="", signal_name="").figure[
            "layout"
        ]["xaxis"]
        assert axis["ticktext"][-1] == f"P<br>{many - 1}"
        assert len(axis["ticktext"]) <= 5
        assert axis["range"][1] > many - 1


def test_a_funnels_scale_ends_above_all_that_stands_in_it():
    assert CHARTS["funnel"].figure["layout"]["yaxis"]["range"][1] == pytest.approx(76.5)


def test_a_period_without_data_has_no_mark_and_a_signal_has_its_own():
    marks = [t for t in CHARTS["process"].figure["data"] if t["mode"] == "markers"]
    assert [trace["x"] for trace in marks] == [[0], [2]]
    assert [series.name for series in CHARTS["process"].legend] == ["Usual", "Signal"]
    assert CHARTS["process"].svg.count("<circle") == 1
    assert CHARTS["process"].svg.count("<polygon") == 1


def test_only_places_that_stand_apart_carry_their_names():
    texts = [a["text"] for a in CHARTS["funnel"].figure["layout"]["annotations"]]
    assert texts == ["Per cent", "&lt;b&gt;&amp;amp; &lt;script&gt;"]


def test_what_was_suppressed_of_a_bar_has_no_number_in_picture_or_tooltip():
    rows = [Stack("Safety", 31, (18, 9, None)), Stack("Home", 40, (18, 9, 8))]
    chart = draw_stacks(rows, SERIES, axis="Per cent", unshown="Not shown", is_share=True)
    *_, beyond = chart.figure["data"]
    assert list(beyond["text"]) == ["[c]", "5"]
    said = re.findall(r">([^<]+)</text>", chart.svg)
    assert "[c]" in said
    assert "4" not in said
