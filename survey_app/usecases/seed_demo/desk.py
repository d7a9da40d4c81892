"""What did staff do meanwhile? They looked into most alerts, and wrote down what they did."""

import random
from datetime import datetime, timedelta

from sqlalchemy import select

from survey_app.domain.alerts import AlertOutcome
from survey_app.domain.deliveries import DeliveryKind
from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.store.staff import find_account
from survey_app.usecases.case_work import Worker
from survey_app.usecases.handle_alert import claim_alert, close_alert
from survey_app.usecases.record_deliveries import Done, record_deliveries
from survey_app.usecases.seed_demo.plans import CASEWORKER, LARGE, MANAGER

NOTES = (
    (AlertOutcome.SPOKE, "Rang back, all well."),
    (AlertOutcome.PASSED_ON, "Passed to the caseworker, who saw her on Tuesday."),
    (AlertOutcome.NOTHING_NEEDED, "Thanked him. Nothing more was wanted."),
    (AlertOutcome.SPOKE, "Gave the number of the housing team."),
)
FORGOTTEN = 0.04
"""The share of alerts that nobody has got round to yet."""

DELIVERED_LATELY = 15
"""Open cases of the caseworker on which something was written down in the last days."""


def handle_alerts(runtime: Runtime, rng: random.Random, now: datetime) -> None:
    """Take and close the alerts of the days before `now`, all but a few."""
    with runtime.database.write(Scope.worker()) as session:
        account = find_account(session, MANAGER)
        if account is None:
            return
        waiting = select(Alert.id).where(
            Alert.closed_at.is_(None),
            Alert.claimed_at.is_(None),
            Alert.raised_at < now - timedelta(days=1),
            Alert.raised_at > now - timedelta(days=6),
        )
        for alert_id in session.scalars(waiting.order_by(Alert.id)).all():
            if rng.random() < FORGOTTEN:
                continue
            claim_alert(session, alert_id=alert_id, account_id=account.id, now=now)
            outcome, note = rng.choice(NOTES)
            close_alert(
                session,
                alert_id=alert_id,
                outcome=outcome,
                note=note,
                account_id=account.id,
                now=now,
            )


def write_down_deliveries(runtime: Runtime, rng: random.Random, now: datetime) -> None:
    """What the caseworker of the large service did for people in the days before `now`."""
    with runtime.database.write(Scope.worker()) as session:
        account = find_account(session, CASEWORKER)
        if account is None:
            return
        service = get_service(session, LARGE.slug)
        cases = session.scalars(
            select(Case)
            .where(Case.caseworker_id == account.id, Case.closed_on.is_(None))
            .order_by(Case.referred_on.desc(), Case.id)
            .limit(DELIVERED_LATELY)
        ).all()
        worker = Worker(account.id, now)
        for case in cases:
            on = worker.today - timedelta(days=rng.randint(0, 6))
            done = Done(on, rng.choice(list(DeliveryKind)[:-1]), rng.choice((1, 1, 2)))
            record_deliveries(session, service, case.case_ref, done, worker)
