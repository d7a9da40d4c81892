"""The cheapest choice under bounds, against trying every choice there is."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.integer_programs import NoChoice, Row, cheapest

CHOICES = 6

rows = st.lists(
    st.builds(
        lambda signs, least, more: Row(signs, least, least + more),
        st.dictionaries(st.integers(0, CHOICES - 1), st.sampled_from((-2, -1, 1, 2)), max_size=4),
        st.integers(-2, 2),
        st.integers(0, 2),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(0, CHOICES - 1), st.integers(0, 50)), rows)
def test_it_is_as_cheap_as_the_best_of_all_choices_or_a_tenth_more(prices, rows):
    all_choices = chain.from_iterable(combinations(prices, n) for n in range(len(prices) + 1))
    right = [each for each in all_choices if fits(each, rows)]
    if not right:
        with pytest.raises(NoChoice):
            cheapest(prices, rows)
        return
    found = cheapest(prices, rows)
    assert fits(found, rows)
    best = min(sum(prices[each] for each in choice) for choice in right)
    assert sum(prices[each] for each in found) <= best * 1.12


def fits(chosen, rows) -> bool:
    return all(
        row.least <= sum(row.signs.get(each, 0) for each in chosen) <= row.most for row in rows
    )


def test_it_says_nothing_of_itself(capfd):
    assert cheapest({0: 1}, [Row({0: 1}, least=1)]) == [0]
    assert capfd.readouterr() == ("", "")
