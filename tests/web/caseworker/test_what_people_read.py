"""A manager writes what people read, sees it as they will, and is told what is missing."""

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.audit import AuditRow
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from tests.staff import send

PAGE = "/services/ours/what-people-read"
GOOD = {"quick_exit_url": "https://weather.example.org/"}


@pytest.fixture
def manager(signed_in_as) -> int:
    return signed_in_as(Role.MANAGER)


def stored(database):
    with database.read(Scope.worker()) as session:
        return get_service(session, "ours")


def test_what_only_the_service_knows_is_listed_until_it_is_written(client, manager, database):
    page = client.get(PAGE).text
    assert "people are told to ask the service" in page
    assert page.count("Please ask the service.") == 4
    said = {
        "contact": "Ring 07700 900123.",
        "protection_officer": "dpo@example.org",
        "lawful_basis": "A task in the public interest.",
        "retention": "Six years.",
    }
    assert send(client, PAGE, f"{PAGE}?language=en", **GOOD, **said).status_code == 302
    page = client.get(PAGE).text
    assert "people are told to ask the service" not in page
    assert "Ring 07700 900123." in page
    assert stored(database).privacy == said


def test_a_preview_shows_and_saves_nothing(client, manager, database):
    page = send(client, PAGE, PAGE, **GOOD, contact="Ring <b>us</b>.", preview="1")
    assert page.status_code == 200
    assert "Preview: not saved yet" in page.text
    assert '<p class="govuk-body">Ring &lt;b&gt;us&lt;/b&gt;.</p>' in page.text
    assert stored(database).privacy == {}


def test_every_language_has_its_own_words(client, manager, database):
    send(client, PAGE, f"{PAGE}?language=en", **GOOD, contact="Ring us.")
    send(client, PAGE, f"{PAGE}?language=cy", **GOOD, contact="Ffoniwch ni.")
    assert stored(database).privacy == {"contact": "Ring us.", "cy": {"contact": "Ffoniwch ni."}}
    assert "Ring us." not in client.get(f"{PAGE}?language=cy").text
    assert client.get(f"{PAGE}?language=xx").status_code == 200


def test_lines_switches_and_words_are_kept_and_on_the_record(client, manager, database):
    said = {
        "help_lines-0-name": "Northshire line",
        "help_lines-0-number": "0808 000 0000",
        "help_lines-0-areas": "Northshire, Eastshire",
        "help_lines-0-languages": "EN, cy",
        "help_lines-0-weekdays": "9:00-17:00",
        "help_lines-0-is_name": "yes",
        "help_lines-1-name": "A name alone is no line",
        "accessibility_contact": "ring us",
        "asks_agreed_word": "yes",
        "urgent_words": "the canal\n\n the canal\nnumber 9*",
    }
    send(client, PAGE, PAGE, **GOOD, **said)
    service = stored(database)
    assert service.help_lines == [
        {
            "name": "Northshire line",
            "number": "0808 000 0000",
            "areas": ["Northshire", "Eastshire"],
            "languages": ["en", "cy"],
            "opens": {"weekdays": ["09:00", "17:00"]},
            "is_name": True,
        }
    ]
    assert (service.asks_agreed_word, service.accessibility_contact) == (True, "ring us")
    assert service.urgent_words == ["the canal", "number 9*"]
    with database.read(Scope.worker()) as session:
        query = select(AuditRow).where(AuditRow.action == "change-what-people-read")
        row = session.scalars(query).one()
        assert row.account_id == manager
        assert "urgent_words" in row.details["changed"]
    send(client, PAGE, PAGE, **GOOD, **said)
    with database.read(Scope.worker()) as session:
        assert len(session.scalars(query).all()) == 1


@pytest.mark.parametrize(
    ("field", "value", "anchor"),
    [
        ("quick_exit_url", "http://weather.example.org", "quick_exit_url"),
        ("quick_exit_url", "https://me@evil.example.org", "quick_exit_url"),
        ("quick_exit_url", "javascript:alert(1)", "quick_exit_url"),
        ("quick_exit_url", "", "quick_exit_url"),
        ("help_lines-0-url", "javascript:alert(1)", "help_lines-0-url"),
        ("help_lines-0-sunday", "all day", "help_lines-0-sunday"),
        ("purpose", "x" * 2001, "purpose"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(client, manager, database, field, value, anchor):
    said = GOOD | {"help_lines-0-name": "Line", "help_lines-0-number": "1"} | {field: value}
    page = send(client, PAGE, PAGE, **said)
    assert page.status_code == 400
    assert f'href="#{anchor}"' in page.text
    assert f'id="{anchor}-error"' in page.text
    assert stored(database).help_lines == []


def test_a_line_and_the_contact_are_said_in_each_language_and_the_others_stay(
    client, manager, database
):
    line = {"help_lines-0-name": "Northshire line", "help_lines-0-number": "0808 000 0000"}
    contact = {"accessibility_contact": "Ring us."}
    send(client, PAGE, f"{PAGE}?language=en", **GOOD, **line, **contact)
    for language, name, ring in (("cy", "Llinell", "Ffoniwch ni."), ("pl", "Linia", "")):
        said = {"help_lines-0-other_name": name, "accessibility_contact": ring}
        send(client, PAGE, f"{PAGE}?language={language}", **GOOD, **line, **said)
    service = stored(database)
    assert service.help_lines[0]["words"] == {
        "cy": {"name": "Llinell", "hours": ""},
        "pl": {"name": "Linia", "hours": ""},
    }
    assert service.accessibility_contact == "Ring us."
    assert service.accessibility_contacts == {"cy": "Ffoniwch ni."}
    page = client.get(f"{PAGE}?language=cy").text
    assert 'value="Llinell"' in page
    assert 'value="Ffoniwch ni."' in page
    assert "Linia" not in page
