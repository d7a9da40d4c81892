"""How does sending go? `/metrics` for Prometheus: counts only, and not for everyone.

Whoever bears `METRICS_TOKEN` may read it. Without a token it is there on this machine alone, and
never in production: a proxy on the same machine makes the whole world look like this machine.
"""

from collections.abc import Iterator

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from survey_app.logs.scrubber import removed_total
from survey_app.messaging.providers.signatures import has_bearer_token
from survey_app.reporting.sending_health import SendingHealth, sending_health
from survey_app.store.scope import Scope
from survey_app.web.shared.access import Audience, access, is_on_this_machine
from survey_app.web.shared.runtime import queue, runtime

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@access(Audience.ANYONE)
def metrics() -> Response:
    """The figures of this moment, asked of the database: they hold for all processes."""
    if not _may_read():
        abort(404)
    with runtime().database.read(Scope.worker()) as session:
        health = sending_health(session, runtime().database_now(session))
    registry = CollectorRegistry()
    registry.register(_Health(health, is_queue_up=queue().answers()))
    registry.register(removed_total)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    settings = runtime().settings
    if settings.metrics_token:
        return has_bearer_token(settings.metrics_token, request.headers)
    return not settings.is_production and is_on_this_machine()


class _Health(Collector):
    """One reading, as Prometheus wants it."""

    def __init__(self, health: SendingHealth, *, is_queue_up: bool) -> None:
        self.health = health
        self.is_queue_up = is_queue_up

    def collect(self) -> Iterator[Metric]:
        """Every family."""
        health = self.health
        yield _pairs("survey_texts", "Texts by state.", "state", health.texts)
        yield _pairs(
            "survey_requests_refused",
            "Open requests whose person may not be texted, by reason.",
            "reason",
            health.refused,
        )
        yield _single(
            "survey_queue_age_seconds",
            "How long the oldest text that is due waits, in hours of services that are live.",
            health.queue_age_seconds,
        )
        yield _pairs("survey_due", "What is due and not done, by kind.", "what", health.due)
        yield from self._workers()
        yield _single(
            "survey_texts_undecided",
            "Texts of which nobody knows whether they left.",
            health.undecided,
        )
        yield _single(
            "survey_texts_waiting_for_a_person",
            "Undecided texts that only a person can settle.",
            health.waits_for_a_person,
        )
        yield _pairs(
            "survey_texts_left_to_a_person",
            "Undecided texts that only a person can settle, by reason.",
            "reason",
            health.left_to_a_person,
        )
        modes = dict.fromkeys(health.modes.items(), 1)
        yield _pairs("survey_service_mode", "1 for the mode a service is in.", "mode", modes)

    def _workers(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "survey_worker_heartbeat_seconds",
            "Since a worker last reported that it works.",
            value=self.health.heartbeat_seconds,
        )
        reports = GaugeMetricFamily(
            "survey_workers", "Workers that are alive, by what they report.", labels=["report"]
        )
        for report, number in sorted(self.health.reports.items()):
            reports.add_metric([report], number)
        yield reports
        yield GaugeMetricFamily(
            "survey_queue_up",
            "1 while the queue that nudges workers answers.",
            value=float(self.is_queue_up),
        )


def _pairs(name: str, words: str, label: str, counts: dict[tuple[str, str], int]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=["service", label])
    for (slug, value), number in sorted(counts.items()):
        family.add_metric([slug, value], number)
    return family


def _single(name: str, words: str, values: dict[str, float] | dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=["service"])
    for slug, value in sorted(values.items()):
        family.add_metric([slug], value)
    return family
