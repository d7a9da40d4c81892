"""One text that cannot be read, or fails by itself, is set aside; every other one goes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from survey_app.domain.requests import (
    HANDLING_FAILED,
    NUMBER_UNREADABLE,
    UNREADABLE,
    MessageState,
)
from survey_app.messaging import claims, reconcile, records
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.leases import expire_leases
from survey_app.messaging.one_by_one import each_alone, set_aside_by_fault
from survey_app.messaging.providers.interface import (
    Accepted,
    CannotTell,
    Receipt,
    ReceiptStatus,
    Rejected,
    Unclear,
)
from survey_app.messaging.reconcile import reconcile_due
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import OptOut
from survey_app.store.scope import Scope
from tests.messaging.queued import message_of, queue, queued, request_of
from tests.messaging.test_dispatch import times_out_after_taking
from tests.messaging.test_receipts import came
from tests.messaging.test_records import answered
from tests.spoiled import copy_value, spoil
from tests.texting import a_due_request, a_texting_service


def standing(process, message_id: int) -> tuple[str, str | None]:
    message = message_of(process, message_id)
    return message.state, message.reason


def set_aside(process) -> dict[int, str | None]:
    with process.database.read(Scope.worker()) as session:
        rows = session.execute(
            select(OutboxMessage.id, OutboxMessage.reason).where(OutboxMessage.state == "unknown")
        )
        return {row[0]: row[1] for row in rows}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("people", "mobile"),
        ("people", "date_of_birth"),
        ("messages", "to"),
        ("messages", "body"),
    ],
)
def test_a_text_that_cannot_be_read_is_set_aside_and_the_others_go(
    process, providers, far_end, table, column
):
    ids = queued(process, 5)
    row = message_of(process, ids[2]).person_id if table == "people" else ids[2]
    spoil(process.database, table, column, row)
    counts = dispatch_due(process, providers)
    assert [t.message_id for t in far_end.phones] == [i for i in ids if i != ids[2]]
    assert set_aside(process) == {ids[2]: UNREADABLE}
    assert (counts.answered, counts.set_aside) == ({"accepted": 4}, {UNREADABLE: 1})
    again = dispatch_due(process, providers)
    assert (again.answered, again.set_aside) == ({}, {})


@pytest.mark.parametrize(
    ("table", "column"), [("people", "mobile"), ("messages", "to")], ids=["person", "text"]
)
def test_a_number_that_was_copied_from_another_row_is_refused(
    process, providers, far_end, table, column
):
    ids = queued(process, 3)
    rows = [message_of(process, i).person_id if table == "people" else i for i in ids]
    copy_value(process.database, table, column, rows[0], rows[2])
    dispatch_due(process, providers)
    assert [t.message_id for t in far_end.phones] == ids[:2]
    assert len({t.to for t in far_end.phones}) == 2
    assert set_aside(process) == {ids[2]: NUMBER_UNREADABLE}


def test_a_text_that_is_gone_from_its_row_is_set_aside(process, providers, far_end):
    ids = queued(process, 2)
    with process.database.write(Scope.worker()) as session:
        session.execute(text("UPDATE messages SET body = NULL WHERE id = :id"), {"id": ids[0]})
    dispatch_due(process, providers)
    assert set_aside(process) == {ids[0]: UNREADABLE}
    assert [t.message_id for t in far_end.phones] == ids[1:]


def failing_for(message_id: int, of, monkeypatch, module, name: str) -> None:
    """Make a step of one text raise, as a fault of ours would; its words hold a number."""
    step = getattr(module, name)

    def fails(*given, **options):
        if of(given) == message_id:
            raise LookupError("about +447700900123")
        return step(*given, **options)

    monkeypatch.setattr(module, name, fails)


def test_a_text_whose_claim_fails_by_itself_is_set_aside_and_the_others_go(
    process, providers, far_end, monkeypatch, capsys
):
    ids = queued(process, 4)
    failing_for(ids[1], lambda given: given[0].id, monkeypatch, claims, "_take")
    counts = dispatch_due(process, providers)
    assert [t.message_id for t in far_end.phones] == [ids[0], *ids[2:]]
    assert standing(process, ids[1]) == (MessageState.UNKNOWN, HANDLING_FAILED)
    assert counts.set_aside == {HANDLING_FAILED: 1}
    said = "".join(capsys.readouterr())
    assert "LookupError" in said
    assert "7700900" not in said


def test_the_only_text_that_is_due_is_set_aside_too_where_its_claim_fails(
    process, providers, monkeypatch
):
    [message_id] = queued(process)
    monkeypatch.setattr(claims, "_take", None)
    dispatch_due(process, providers)
    assert standing(process, message_id) == (MessageState.UNKNOWN, HANDLING_FAILED)


def test_a_text_that_moved_on_meanwhile_is_not_set_aside_for_an_earlier_fault(process):
    [message_id] = queued(process)
    answered(process, Accepted("P1"))
    set_aside_by_fault(process, message_id, MessageState.PENDING, LookupError())
    assert standing(process, message_id) == (MessageState.ACCEPTED, None)


def test_a_fault_that_every_text_of_a_batch_meets_is_no_texts_own(
    process, providers, far_end, monkeypatch
):
    ids = queued(process, 3)
    monkeypatch.setattr(claims, "_take", None)
    dispatch_due(process, providers)
    assert {standing(process, i) for i in ids} == {(MessageState.PENDING, None)}
    monkeypatch.undo()
    dispatch_due(process, providers)
    assert [t.message_id for t in far_end.phones] == ids


@pytest.mark.parametrize("times", [1, 9])
def test_a_database_that_is_away_is_no_texts_fault(process, providers, monkeypatch, times):
    ids, take = queued(process, 3), claims._take
    faults = [OSError("no route to host") for _ in range(times)]

    def goes_away(*given):
        if faults:
            raise faults.pop()
        return take(*given)

    monkeypatch.setattr(claims, "_take", goes_away)
    with pytest.raises(OSError, match="no route"):
        dispatch_due(process, providers)
    assert {standing(process, i) for i in ids} == {(MessageState.PENDING, None)}


@pytest.mark.parametrize("away_at", [1, 2, 3])
def test_a_database_that_goes_away_meanwhile_ends_it_at_once(away_at):
    handled = []

    def handle(some):
        handled.append(some)
        raise OSError("no route to host") if len(handled) == away_at else LookupError

    with pytest.raises(OSError, match="no route"):
        each_alone([1, 2, 3], handle)
    assert handled == [[1, 2, 3], [1], [2]][:away_at]


def test_an_answer_that_cannot_be_written_down_stops_no_other_and_is_found_later(
    process, providers, far_end, monkeypatch, clock
):
    ids = queued(process, 3)
    failing_for(ids[1], lambda given: given[1].id, monkeypatch, records, "_record")
    providers.at_once = 1
    assert dispatch_due(process, providers).answered == {"accepted": 2}
    assert standing(process, ids[1])[0] == MessageState.SENDING
    monkeypatch.undo()
    clock.move(minutes=4)
    with process.database.write(Scope.worker()) as session:
        expire_leases(session, process.now())
    assert reconcile_due(process, providers) == {"found": 1}
    assert standing(process, ids[1]) == (MessageState.ACCEPTED, None)
    assert len(far_end.phones) == 3


def in_doubt(process, providers, far_end, clock, count: int) -> list[int]:
    """Texts that left, of which nobody was told."""
    ids = queued(process, count)
    far_end.script = [times_out_after_taking] * count
    dispatch_due(process, providers)
    clock.move(minutes=4)
    return ids


@pytest.mark.parametrize("column", ["to", "body"])
def test_a_doubt_that_cannot_be_read_is_left_to_a_person_and_the_others_are_settled(
    process, providers, far_end, clock, column
):
    ids = in_doubt(process, providers, far_end, clock, 3)
    spoil(process.database, "messages", column, ids[0])
    assert reconcile_due(process, providers) == {"left-to-a-person": 1, "found": 2}
    assert set_aside(process) == {ids[0]: UNREADABLE}
    assert reconcile_due(process, providers) == {}


def test_a_receipt_settles_even_what_cannot_be_read(process, providers, far_end, clock):
    [message_id] = in_doubt(process, providers, far_end, clock, 1)
    spoil(process.database, "messages", "body", message_id)
    reconcile_due(process, providers)
    delivered = ReceiptStatus.DELIVERED
    came(process, Receipt("simulated", "P1", delivered, "delivered", message_id=message_id))
    assert standing(process, message_id) == (MessageState.DELIVERED, None)


def test_a_provider_whose_client_breaks_while_it_is_asked_tells_nothing_and_stops_nobody(
    process, providers, far_end, clock, monkeypatch, capsys
):
    ids = in_doubt(process, providers, far_end, clock, 2)
    ask = far_end.find_by_body

    def breaks(to, body, since, *, message_id=None):
        if message_id == ids[0]:
            raise RuntimeError(f"could not read the list of {to}")
        return ask(to, body, since, message_id=message_id)

    far_end.find_by_body = breaks
    assert reconcile_due(process, providers) == {"waiting": 1, "found": 1}
    assert standing(process, ids[0])[0] == MessageState.UNKNOWN
    assert "7700900" not in "".join(capsys.readouterr())


def test_a_doubt_whose_settling_fails_is_left_to_a_person(
    process, providers, far_end, clock, monkeypatch
):
    ids = in_doubt(process, providers, far_end, clock, 2)
    failing_for(ids[0], lambda given: given[0].id, monkeypatch, reconcile, "accept")
    assert reconcile_due(process, providers) == {"left-to-a-person": 1, "found": 1}
    assert set_aside(process) == {ids[0]: HANDLING_FAILED}


def test_a_stop_that_the_provider_knows_of_holds_though_the_text_cannot_be_read(process):
    [message_id] = queued(process)
    with process.database.write(Scope.worker()) as session:
        taken = claims.claim_batch(
            session, process.now(), claims.Carriers(frozenset({"simulated"}), "simulated"), limit=1
        ).claims
    spoil(process.database, "messages", "to", message_id)
    answered(process, Rejected("21610", is_opt_out=True), claims=taken)
    assert standing(process, message_id)[0] == MessageState.FAILED
    with process.database.read(Scope.worker()) as session:
        assert session.scalars(select(OptOut.source)).all() == ["provider"]


@pytest.mark.parametrize("late", [Rejected("30001"), Unclear("timed-out")])
def test_what_was_left_to_a_person_is_theirs_unless_it_is_proved_to_have_left(process, late):
    [message_id] = queued(process)
    taken = answered(process, Unclear("timed-out"))
    with process.database.write(Scope.worker()) as session:
        session.get_one(OutboxMessage, message_id).reason = UNREADABLE
    answered(process, late, claims=taken)
    assert standing(process, message_id) == (MessageState.UNKNOWN, UNREADABLE)
    answered(process, Accepted("P1"), claims=taken)
    assert standing(process, message_id) == (MessageState.ACCEPTED, None)
    assert request_of(process, message_id).first_text_accepted_at is not None


def test_an_unreadable_text_holds_up_no_other_person_and_waits_without_end(
    process, providers, far_end, clock
):
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        first = queue(session, a_due_request(session, service)).id
    spoil(process.database, "messages", "body", first)
    far_end.may_be_asked = False
    for _ in range(3):
        dispatch_due(process, providers)
        reconcile_due(process, providers)
        clock.now += timedelta(days=1)
    assert standing(process, first) == (MessageState.UNKNOWN, UNREADABLE)
    assert far_end.find_by_body("", "", clock.now) == CannotTell("redacted")
