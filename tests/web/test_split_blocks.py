"""What stands on the page of one characteristic, group beside group."""

from dataclasses import asdict

from survey_app.domain.statistics import Rate, rate
from survey_app.reporting.filters import Dimension
from survey_app.web.commissioner.split import split_block


def a_row(group: str, of_eligible: Rate, of_supported: Rate) -> dict[str, object]:
    """A row of the ladder as Report JSON has it."""
    steps = dict.fromkeys(("supported", "eligible", "asked", "completed"), 20)
    rates = {"completed_of_eligible": of_eligible, "completed_of_supported": of_supported}
    shares = {name: asdict(share) for name, share in rates.items()}
    return {"group": group, "tier": "all", "target": None, **steps, **shares}


def test_what_is_told_of_no_group_is_named_once_and_has_no_table(app):
    hidden = rate(2, 20).hidden(is_base_hidden=True)
    rows = [
        a_row("female", rate(10, 20), hidden),
        a_row("male", hidden, hidden),
        a_row("unknown", rate(0, 0), rate(0, 0)),
    ]
    empty = dict.fromkeys(("satisfaction", "outcomes", "stars", "stars_overall"), ())
    with app.test_request_context():
        block = split_block(Dimension.SEX, {"ladder": rows, **empty})
    assert [table.caption for table in block.tables] == ["People", "Completed, of those eligible"]
    assert [row[0] for row in block.tables[0].rows] == ["Female", "Male", "Unknown"]
    assert block.left_out == 2
    assert block.note == "Kept back for every group: Completed, of those supported."
