"""Which help lines somebody sees, and in which words."""

import pytest

from survey_app.domain.help_lines import (
    HelpLine,
    LineWords,
    help_lines_for,
    read_help_line,
    with_line_words,
)

EVERYWHERE = {"name": "All", "number": "0808 1"}
NORTH = {"name": "North", "number": "0808 2", "areas": ["Northshire"]}
WELSH = {"name": "Cymru", "url": "https://cy.example.org", "languages": ["cy"]}
LINES = [NORTH, EVERYWHERE, WELSH]


def names(area: str | None, language: str) -> list[str]:
    return [line.name for line in help_lines_for(LINES, area=area, language=language)]


def test_lines_are_for_an_area_a_language_or_everyone():
    assert names(None, "en") == ["All"]
    assert names(" northSHIRE ", "en") == ["North", "All"]
    assert names("Southshire", "cy-GB") == ["", "Cymru"]


def test_a_line_is_kept_as_it_was_given_and_unknown_parts_are_left_aside():
    line = read_help_line({**NORTH, "hours": None, "colour": "red"})
    assert line == HelpLine("North", "0808 2", areas=("Northshire",))
    assert line.as_stored() == NORTH
    assert line.dial == "08082"


LINE = HelpLine(
    "Northshire line",
    "0808 000 0000",
    hours="every day",
    words=(LineWords("cy", "Llinell Northshire", "bob dydd"), LineWords("pl", "Linia")),
)


@pytest.mark.parametrize(
    ("line", "language", "said"),
    [
        (LINE, "en", ("Northshire line", "every day")),
        (LINE, "cy", ("Llinell Northshire", "bob dydd")),
        (LINE, "pl", ("Linia", "")),
        (LINE, "ur", ("", "")),
        (HelpLine("Samaritans", hours="always", is_name=True), "ur", ("Samaritans", "")),
        (HelpLine("Llinell", hours="bob dydd", languages=("cy",)), "cy", ("Llinell", "bob dydd")),
        (HelpLine("The line", languages=("en", "cy")), "cy", ("", "")),
    ],
)
def test_what_was_written_in_english_alone_stands_on_no_page_of_another_language(
    line: HelpLine, language: str, said: tuple[str, str]
):
    shown = line.said_in(language)
    assert (shown.name, shown.hours) == said
    assert shown.number == line.number


def test_words_in_other_languages_are_kept_as_they_came():
    assert read_help_line(LINE.as_stored()) == LINE


def test_writing_one_language_keeps_what_was_said_in_the_others():
    written = HelpLine("Northern line", "0808 0000000", words=(LineWords("pl", "Linia Północna"),))
    (kept,) = with_line_words([written], [HelpLine("Another"), LINE], "pl")
    assert (kept.name, kept.number) == ("Northern line", "0808 0000000")
    assert kept.words == (
        LineWords("cy", "Llinell Northshire", "bob dydd"),
        LineWords("pl", "Linia Północna"),
    )
    moved = HelpLine("Northshire line", "0808 000 0001")
    assert with_line_words([moved], [LINE], "pl")[0].words == LINE.words[:1]
    assert with_line_words([HelpLine("New", "1")], [LINE], "en")[0].words == ()
