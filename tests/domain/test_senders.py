"""What a text may appear to come from."""

import pytest

from survey_app.domain.senders import SenderKind, kind_of_sender


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("+447700900123", SenderKind.NUMBER),
        ("07700900123", None),  # networks carry the international form alone
        ("Ask Us", SenderKind.NAME),
        ("ELEVENCHARS", SenderKind.NAME),
        ("TWELVE CHARS", None),
        ("12345", None),  # a name needs a letter
        (" Ask", None),
        ("A", SenderKind.NAME),
        ("Ask\nUs", None),
        ("Ask Ус", None),
        ("", None),
        ("55555555-5555-4555-8555-555555555555", SenderKind.NOTIFY_ID),
    ],
)
def test_a_sender_is_a_number_a_short_name_or_an_id_of_notifys(sender, kind):
    assert kind_of_sender(sender) is kind
