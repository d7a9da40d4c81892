"""Which help lines somebody sees."""

from survey_app.domain.help_lines import HelpLine, help_lines_for, read_help_line

EVERYWHERE = {"name": "All", "number": "0808 1"}
NORTH = {"name": "North", "number": "0808 2", "areas": ["Northshire"]}
WELSH = {"name": "Cymru", "url": "https://cy.example.org", "languages": ["cy"]}
LINES = [NORTH, EVERYWHERE, WELSH]


def names(area: str | None, language: str) -> list[str]:
    return [line.name for line in help_lines_for(LINES, area=area, language=language)]


def test_lines_are_for_an_area_a_language_or_everyone():
    assert names(None, "en") == ["All"]
    assert names(" northSHIRE ", "en") == ["North", "All"]
    assert names("Southshire", "cy-GB") == ["All", "Cymru"]


def test_a_line_is_kept_as_it_was_given_and_unknown_parts_are_left_aside():
    line = read_help_line({**NORTH, "hours": None, "colour": "red"})
    assert line == HelpLine("North", "0808 2", areas=("Northshire",))
    assert line.as_stored() == NORTH
    assert line.dial == "08082"
