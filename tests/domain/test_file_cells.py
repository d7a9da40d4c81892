"""Each cell form of FORMATS.md is read, and every other form is a fault."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import file_cells
from survey_app.domain.cases import Flag, Recorded
from survey_app.domain.file_faults import Flaw, RowFaultCode


def flaw_of(value):
    return value.code if isinstance(value, Flaw) else value


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-11-18", date(2026, 11, 18)),
        ("18/11/2026", date(2026, 11, 18)),
        ("29/02/2024", date(2024, 2, 29)),
        ("29/02/2023", RowFaultCode.NO_SUCH_DATE),
        ("11/18/2026", RowFaultCode.NO_SUCH_DATE),
        ("0219-05-01", RowFaultCode.IMPLAUSIBLE_DATE),
        ("01/01/3024", RowFaultCode.IMPLAUSIBLE_DATE),
        *(
            (cell, RowFaultCode.NOT_A_DATE)
            for cell in (
                "18.11.2026",
                "18/11/26",
                "1/2/2026",
                "2026/11/18",
                "20261118",
                "18 Nov 2026",
                "2026-11-18T00:00",
                "45978",
                "١٨/١١/٢٠٢٦",
            )
        ),
    ],
)
def test_a_date_has_two_forms(cell, expected):
    assert flaw_of(file_cells.read_date(cell)) == expected


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_both_forms(day):
    assert file_cells.read_date(day.isoformat()) == day
    assert file_cells.read_date(day.strftime("%d/%m/") + f"{day.year:04}") == day


@pytest.mark.parametrize(
    ("cell", "on", "at"),
    [
        ("2026-07-01", date(2026, 7, 1), None),
        ("01/07/2026", date(2026, 7, 1), None),
        ("2026-07-01T09:30", date(2026, 7, 1), datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
        ("2026-12-01 09:30:05", date(2026, 12, 1), datetime(2026, 12, 1, 9, 30, 5, tzinfo=UTC)),
        ("01/07/2026 09:30", date(2026, 7, 1), datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
        ("2026-07-01T23:30Z", date(2026, 7, 2), datetime(2026, 7, 1, 23, 30, tzinfo=UTC)),
        ("2026-07-01T09:30+05:30", date(2026, 7, 1), datetime(2026, 7, 1, 4, tzinfo=UTC)),
        ("2026-07-01T09:30-0500", date(2026, 7, 1), datetime(2026, 7, 1, 14, 30, tzinfo=UTC)),
        ("2026-03-29T01:30", date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-10-25T01:30", date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_without_a_zone_is_a_london_time(cell, on, at):
    assert file_cells.read_moment(cell) == (on, at)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026-07-01T25:00", RowFaultCode.NOT_AN_INSTANT),
        ("2026-07-01T09:30+99:00", RowFaultCode.NOT_AN_INSTANT),
        ("2026-13-01T09:30", RowFaultCode.NO_SUCH_DATE),
        ("2026-07-01T9:30", RowFaultCode.NOT_A_DATE),
        ("yesterday", RowFaultCode.NOT_A_DATE),
    ],
)
def test_any_other_instant_is_a_fault(cell, code):
    assert flaw_of(file_cells.read_moment(cell)) == code


def test_where_an_instant_is_needed_a_day_is_none():
    assert flaw_of(file_cells.read_instant("2026-07-01")) == RowFaultCode.NOT_AN_INSTANT


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("09:00", time(9)),
        ("23:59", time(23, 59)),
        *((c, RowFaultCode.NOT_A_TIME) for c in ("9:00", "24:00", "09.00", "09:00:00", "9am")),
    ],
)
def test_a_time_of_day_is_hours_and_minutes(cell, expected):
    assert flaw_of(file_cells.read_minute(cell)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0", 0),
        ("012", 12),
        ("-1", RowFaultCode.NEGATIVE),
        ("3.0", RowFaultCode.NOT_A_WHOLE_NUMBER),
        ("two", RowFaultCode.NOT_A_WHOLE_NUMBER),
        ("1e3", RowFaultCode.NOT_A_WHOLE_NUMBER),
        ("٣", RowFaultCode.NOT_A_WHOLE_NUMBER),
        ("100001", RowFaultCode.TOO_LARGE),
        ("9" * 40, RowFaultCode.NOT_A_WHOLE_NUMBER),
    ],
)
def test_a_count_is_a_whole_number_from_0(cell, expected):
    assert flaw_of(file_cells.read_count(cell)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("none", "none"),
        ("None", "none"),
        ("stalking; Domestic-Abuse;stalking;", "domestic-abuse;stalking"),
        ("none;child", RowFaultCode.NONE_AND_MORE),
        ("arson", RowFaultCode.UNKNOWN_VALUE),
        ("child,vulnerable", RowFaultCode.UNKNOWN_VALUE),
        (";", RowFaultCode.UNKNOWN_VALUE),
    ],
)
def test_flags_are_none_or_known_ones(cell, expected):
    assert flaw_of(file_cells.read_flags(cell)) == expected


@given(st.sets(st.sampled_from(list(Flag)), min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_flags_does_not_matter(flags, chance):
    shuffled = sorted(flags, key=lambda _: chance.random())
    assert file_cells.read_flags(";".join(shuffled)) == ";".join(sorted(flags))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("sun;Mon", "mon;sun"),
        ("monday", RowFaultCode.UNKNOWN_VALUE),
        (";", RowFaultCode.UNKNOWN_VALUE),
    ],
)
def test_days_are_stored_monday_first(cell, expected):
    assert flaw_of(file_cells.read_days(cell)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("en", "en"),
        ("CY", "cy"),
        ("PT-br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
        ("en-x-plain", "en-x-plain"),
        *(
            (c, RowFaultCode.NOT_A_LANGUAGE)
            for c in ("English", "e", "en_GB", "en-", "pl, en", "x-y", "en GB")
        ),
    ],
)
def test_a_language_is_a_bcp_47_tag(cell, expected):
    assert flaw_of(file_cells.read_language(cell)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Any words, žluťoučký ☂", "Any words, žluťoučký ☂"),
        ("two\nlines", "two\nlines"),
        ("bell\x07", RowFaultCode.UNPRINTABLE),
        ("x" * 11, "x" * 11),
        ("x" * 31, RowFaultCode.TOO_LONG),
    ],
)
def test_text_is_kept_as_written_within_its_limit(cell, expected):
    assert flaw_of(file_cells.read_text(cell, 30)) == expected


@pytest.mark.parametrize("word", ["declined", "not-asked", "unknown"])
def test_reasons_for_no_value_are_kept_apart(word):
    assert file_cells.read_said_text(word.upper(), 30) == word
    assert file_cells.read_said_text(f"{word} twice", 30) == f"{word} twice"


def test_words_are_read_in_any_case():
    assert file_cells.read_word("YES", Recorded) is Recorded.YES
    flaw = file_cells.read_word("maybe", Recorded)
    assert flaw == Flaw(RowFaultCode.UNKNOWN_VALUE, "yes no unknown")
