"""What did staff do meanwhile? They looked into most alerts, and closed them with a note."""

import random
from datetime import datetime, timedelta

from sqlalchemy import select

from survey_app.store.alerts import Alert
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.staff import find_account
from survey_app.usecases.handle_alert import claim_alert, close_alert
from survey_app.usecases.seed_demo.plans import MANAGER

NOTES = (
    "Rang back, all well.",
    "Passed to the caseworker, who saw her on Tuesday.",
    "Thanked him. Nothing more was wanted.",
    "Gave the number of the housing team.",
)
FORGOTTEN = 0.04
"""The share of alerts that nobody has got round to yet."""


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
            note = rng.choice(NOTES)
            close_alert(session, alert_id=alert_id, note=note, account_id=account.id, now=now)
