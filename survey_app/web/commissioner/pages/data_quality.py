"""Is what we need to know recorded at all, and what is asked but not said?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from survey_app.domain.record_quality import CHARACTERISTIC_STATES, State, Topic
from survey_app.domain.statistics import rate
from survey_app.reporting.charts.palette import BLACK, BLUE, PALE, SKY, VERMILION, WHITE, YELLOW
from survey_app.reporting.charts.rows import Series, Stack
from survey_app.reporting.charts.stacks import draw_stacks
from survey_app.reporting.who_answered import state_of
from survey_app.web.commissioner.blocks import Block, Table
from survey_app.web.commissioner.pages.satisfaction import rates_chart
from survey_app.web.commissioner.wording import FILTERS, named
from survey_app.web.shared.formatting import short_share
from survey_app.web.shared.record_words import FACTS, STATES, TOPICS

Row = Mapping[str, Any]
AGE = "age-band"
OVERLAPPING = "flag"
"""A case may have several, so its values are no shares of the cases."""


def data_quality_blocks(facts: Sequence[Row], rows: Sequence[Row]) -> list[Block]:
    """What is recorded of the work, and of the person in five states kept apart."""
    found = []
    if any(fact["recorded"]["denominator"] for fact in facts):
        found.append(_facts_block(facts))
    if rows:
        found.append(_states_block(rows))
    return found


def _facts_block(facts: Sequence[Row]) -> Block:
    labelled = [(named(FACTS, fact["fact"]), fact["recorded"]) for fact in facts]
    worst = min(labelled, key=lambda found: found[1]["percent"])
    return Block(
        id="facts",
        title=_("What is recorded of each closed case"),
        sentence=_(
            "Least often recorded: %(what)s (%(share)s). Not recorded is not the same as not done.",
            what=worst[0],
            share=short_share(worst[1]),
        ),
        chart=rates_chart(labelled, _("closed cases")),
        tables=(
            Table(
                _("Recorded, of closed cases"),
                [_("Fact"), _("Recorded")],
                [[label, found] for label, found in labelled],
            ),
        ),
    )


def _states_block(rows: Sequence[Row]) -> Block:
    counted: dict[str, Counter[State]] = {}
    for characteristic, some in groupby(rows, key=lambda row: str(row["characteristic"])):
        if characteristic != OVERLAPPING:
            counted[characteristic] = _states(list(some))
    worst = max(counted, key=lambda name: counted[name].total() - counted[name][State.RECORDED])
    return Block(
        id="states",
        title=_("What is recorded of each person"),
        sentence=_(
            "Least often recorded: %(what)s. “Declined to say” is an answer; “not asked” and “not "
            "recorded” are ours to put right.",
            what=_name(worst),
        ),
        chart=_chart(counted),
        tables=(
            Table(
                _("Closed cases by what is recorded"),
                [
                    _("Characteristic"),
                    *(str(STATES[state]) for state in CHARACTERISTIC_STATES),
                    _("Recorded, of all"),
                ],
                [
                    [
                        _name(name),
                        *(states[state] for state in CHARACTERISTIC_STATES),
                        asdict(rate(states[State.RECORDED], states.total())),
                    ]
                    for name, states in counted.items()
                ],
            ),
        ),
    )


def _states(rows: Sequence[Row]) -> Counter[State]:
    counts: Counter[State] = Counter()
    for row in rows:
        counts[state_of(row["value"])] += row["closed"]
    return counts


def _name(characteristic: str) -> str:
    """What is recorded of an age is the date of birth."""
    topic = Topic.DATE_OF_BIRTH if characteristic == AGE else characteristic
    return str(TOPICS[topic]) if topic in TOPICS else named(FILTERS, characteristic)


def _chart(counted: Mapping[str, Counter[State]]) -> Any:
    colours = ((BLUE, WHITE), (SKY, BLACK), (YELLOW, BLACK), (VERMILION, BLACK), (PALE, BLACK))
    assert CHARACTERISTIC_STATES[-1] is State.NOT_RECORDED
    return draw_stacks(
        [
            Stack(
                _name(name),
                states.total(),
                tuple(states[state] for state in CHARACTERISTIC_STATES),
            )
            for name, states in counted.items()
        ],
        [
            Series(str(STATES[state]), *pair)
            for state, pair in zip(CHARACTERISTIC_STATES, colours, strict=True)
        ],
        axis=_("Per cent of closed cases"),
        unshown="",
        is_share=True,
    )
