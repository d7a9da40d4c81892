"""Which instrument versions are in use, and what does each service run?"""

from sqlalchemy.orm import Session

from survey_app.domain.definitions import Fault, FaultCode, Faults, content_hash, content_of
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.store.used_definitions import (
    ServiceTerms,
    has_tables,
    service_terms,
    used_hashes,
)
from tests.builders import a_programme, a_service, an_instrument
from tests.domain.definitions import a_programme_of, an_instrument_of, yes_no


def test_the_hash_of_every_used_version_is_known(session: Session) -> None:
    instrument = an_instrument_of(yes_no("a"))
    content = {"kind": "survey"}
    an_instrument(session, "small", content, content_hash=content_hash(instrument))
    an_instrument(session, "small", content, version="2", content_hash="another")
    an_instrument(session, "noise", content, content_hash="noise")
    assert used_hashes(session) == {
        ("small", "1"): content_hash(instrument),
        ("small", "2"): "another",
        ("noise", "1"): "noise",
    }


def test_a_service_runs_its_newest_programme(session: Session) -> None:
    newest = a_programme_of(title="Newest")
    service = a_service(session, slug="b", licences=["adult-star"])
    a_programme(session, service, number=1, content=content_of(a_programme_of()))
    a_programme(session, service, number=2, content=content_of(newest))
    a_service(session, slug="a")
    assert service_terms(session) == (
        ServiceTerms("a", None, frozenset()),
        ServiceTerms("b", newest, frozenset({"adult-star"})),
    )


def test_a_stored_programme_that_cannot_be_read_says_why(session: Session) -> None:
    service = a_service(session, slug="broken")
    a_programme(session, service, number=7, content={"key": "small"})
    (terms,) = service_terms(session)
    assert isinstance(terms.programme, Faults)
    assert Fault(None, FaultCode.MISSING_VALUE, "title") in terms.programme.faults


def test_before_the_first_upgrade_there_are_no_tables(tmp_path: object) -> None:
    fresh = Database(f"sqlite:///{tmp_path}/empty.db")
    with fresh.read(Scope.worker()) as session:
        assert not has_tables(session)
    fresh.close()


def test_after_the_upgrade_there_are_tables(session: Session) -> None:
    assert has_tables(session)
