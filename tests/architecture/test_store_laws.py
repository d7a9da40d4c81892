"""Laws of the store: migrations match the models; every table knows whose it is."""

from survey_app.store.base import Base, OfService
from survey_app.store.database import Database
from survey_app.store.migrations import drift

REACHED_OTHERWISE = {
    "answers": "only through their response",
    "audit": "rows of no service exist; read by administrators through a query that names services",
    "clock_readings": "the database's time at the last round; holds nothing of anyone",
    "hand_over_pins": "an account's own; accounts decide the scope",
    "installation": "key ids of the whole installation; holds nothing of anyone",
    "instruments": "the same for all services",
    "kept_entries": "an account's own, found by their random id and that account",
    "memberships": "decides the scope, so cannot stand inside it",
    "message_events": "arrive before their message is known; read through the message",
    "opt_outs": "hold across the installation, by number hash",
    "periodic_work": "whose turn it is, for the whole installation; holds nothing of anyone",
    "programme_versions": "read by the service's id",
    "provider_checks": "of the installation's provider and a sender, for whichever service has it",
    "received_texts": "may come from a number that no service knows; read through their alert",
    "recovery_codes": "an account's own; accounts decide the scope",
    "second_factors": "an account's own; accounts decide the scope",
    "reference_codes": "found by hash, then only through their request",
    "services": "decides the scope, so cannot stand inside it",
    "sign_in_addresses": "counts failures before anybody is known, by hash of the address",
    "simulated_texts": "the far end's own phone, in development only",
    "staff_accounts": "decides the scope, so cannot stand inside it",
    "staff_links": "found by hash, then only for their account",
    "staff_sessions": "an account's own; accounts decide the scope",
    "tokens": "found by hash, then only through their request",
    "worker_beats": "what workers report of themselves; holds nothing of anyone",
}


def test_migrations_match_the_models(database: Database):
    assert drift(database) == []


def test_every_table_is_scoped_to_a_service_or_says_why_not():
    unscoped = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if not issubclass(mapper.class_, OfService)
    }
    assert unscoped == set(REACHED_OTHERWISE)
