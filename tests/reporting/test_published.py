"""A stored document reads back as the report that it was."""

import pytest

from survey_app.reporting.formats.as_json import document
from survey_app.reporting.published import BrokenPublicationError, read_document
from tests.reports import a_measure, a_report, a_suppressed_rate


@pytest.mark.parametrize(
    "stored",
    [
        a_report(),
        a_report(ladder=None, basis="answered"),
        a_report(satisfaction=[a_measure("satisfied", a_suppressed_rate())]),
        a_report(satisfaction=[], outcomes=[], stars=[], stars_overall=[]),
    ],
)
def test_reading_back_and_writing_again_changes_nothing(stored):
    stored = stored | {"audience": "commissioner"}
    assert document(read_document(stored)) == stored


def test_a_split_document_reads_back_with_its_groups():
    whole = a_report(audience="commissioner", by="sex")
    sections = ("ladder", "satisfaction", "outcomes", "stars", "stars_overall")
    stored = whole | {part: [row | {"group": "female"} for row in whole[part]] for part in sections}
    assert document(read_document(stored)) == stored


def test_a_document_of_no_quarter_is_a_fault():
    with pytest.raises(BrokenPublicationError):
        read_document(a_report(period=a_report()["period"] | {"code": "2026-Q7"}))
