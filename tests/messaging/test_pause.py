"""A pause holds before the next text, even in the middle of a batch."""

from survey_app.domain.requests import MessageState
from survey_app.messaging.dispatch import dispatch_due
from survey_app.store.messages import OutboxMessage
from survey_app.store.scope import Scope
from survey_app.store.services import Service, ServiceMode
from survey_app.usecases.change_sending import change_mode, pause_services
from survey_app.usecases.decider import Decider
from tests.messaging.far_end import takes
from tests.messaging.queued import message_of, queued


def test_after_a_pause_no_further_text_of_the_batch_leaves(process, providers, far_end):
    ids = queued(process, 4)

    def pauses_meanwhile(end, text):
        with process.database.write(Scope.worker()) as session:
            pause_services(session, Decider(None, None, process.now()))
        return takes(end, text)

    far_end.script = [takes, pauses_meanwhile]
    dispatch_due(process, providers)
    assert len(far_end.phones) == 2
    states = [message_of(process, i).state for i in ids]
    assert states == [MessageState.ACCEPTED] * 2 + [MessageState.PENDING] * 2
    assert message_of(process, ids[2]).attempts == 0
    with process.database.write(Scope.worker()) as session:
        text = session.get_one(OutboxMessage, ids[0])
        service = session.get_one(Service, text.service_id)
        change_mode(session, service, ServiceMode.LIVE, Decider(None, None, process.now()))
    dispatch_due(process, providers)
    assert len(far_end.phones) == 4
