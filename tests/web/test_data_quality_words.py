"""Both pages on data quality say the same of the same, and lead to each other."""

from survey_app.domain.cases import Role
from survey_app.domain.record_quality import CHARACTERISTIC_STATES, CHARACTERISTICS, TOPIC_OF_FACT
from survey_app.web.shared.record_words import STATES, TOPICS
from tests.drawn_figures import database_kind, place, world
from tests.web.test_figures import words

__all__ = ["database_kind", "place", "world"]


def test_both_pages_use_one_set_of_words_and_lead_to_each_other(place, client, world):
    figures = f"{place(Role.MANAGER)}/2018-Q1/data-quality"
    desk = f"/services/{world.service.slug}/oversight/data-quality?cases=2018-Q1"
    pages = {address: client.get(address).text for address in (figures, desk)}
    for text in pages.values():
        said = words(text)
        for topic in (*TOPIC_OF_FACT.values(), *CHARACTERISTICS):
            assert str(TOPICS[topic]) in said
        for state in CHARACTERISTIC_STATES:
            assert str(STATES[state]) in said
    assert f'href="{desk}"' in pages[figures]
    assert f'href="{figures}"' in pages[desk]


def test_who_cannot_open_the_desk_is_not_sent_there(place, client):
    assert "oversight" not in client.get(f"{place(Role.COMMISSIONER)}/2018-Q1/data-quality").text
