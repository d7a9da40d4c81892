"""Which provider carries a service's texts in this installation?"""

from collections.abc import Mapping
from typing import Self

from survey_app.messaging.claims import Carriers
from survey_app.messaging.providers.interface import SmsProvider
from survey_app.messaging.providers.notify import NAME as NOTIFY
from survey_app.messaging.providers.notify import NotifyAccount, NotifyProvider
from survey_app.messaging.providers.simulated import NAME as SIMULATED
from survey_app.messaging.providers.simulated import SimulatedProvider
from survey_app.messaging.providers.twilio import NAME as TWILIO
from survey_app.messaging.providers.twilio import TwilioAccount, TwilioProvider
from survey_app.settings import Settings
from survey_app.store.runtime import Runtime

AT_ONCE = 12
"""Calls under way together in one worker process. A call to a real provider takes 50 to 300 ms, so
that 12 keep up with what one process can claim and record; each holds one connection."""


class ProviderNotAvailable(Exception):
    """A provider was named that this installation cannot use; the message says why."""


class Providers:
    """The installation's providers, by name."""

    def __init__(
        self,
        by_name: Mapping[str, SmsProvider],
        *,
        usual: str,
        at_once: int = 1,
        simulated: SimulatedProvider | None = None,
        missing: Mapping[str, list[str]] | None = None,
    ) -> None:
        self._by_name = by_name
        self._usual = usual
        self.at_once = at_once
        """How many calls may be under way together in one process."""
        self.simulated = simulated
        """The far end that keeps texts instead of sending them; None in production."""
        self._missing = missing or {}

    @classmethod
    def of(cls, runtime: Runtime) -> Self:
        """The providers that this installation's settings allow."""
        settings = runtime.settings
        twilio, notify = twilio_account(settings), notify_account(settings)
        missing = {TWILIO: twilio.missing(), NOTIFY: notify.missing()}
        by_name: dict[str, SmsProvider] = {}
        simulated = None
        if not settings.is_production:
            simulated = by_name[SIMULATED] = SimulatedProvider(runtime.database, runtime.clock)
        if not missing[TWILIO]:
            by_name[TWILIO] = TwilioProvider(twilio)
        if not missing[NOTIFY]:
            by_name[NOTIFY] = NotifyProvider(notify)
        return cls(
            by_name,
            usual=settings.sms_provider,
            # The simulated far end answers out of our own database: nothing is gained by threads.
            at_once=1 if by_name.keys() <= {SIMULATED} else AT_ONCE,
            simulated=simulated,
            missing=missing,
        )

    def get_provider(self, name: str) -> SmsProvider:
        """The provider of this name, or `ProviderNotAvailable`."""
        provider = self._by_name.get(name)
        if provider is None:
            known = ", ".join(sorted(self._by_name)) or "none"
            lacks = ", ".join(self._missing.get(name, ()))
            remedy = f"set {lacks}" if lacks else "set SMS_PROVIDER to one that can be used"
            raise ProviderNotAvailable(
                f"The provider {name!r} cannot be used in this installation (usable: {known}). "
                f"Its texts wait; {remedy}."
            )
        return provider

    def carriers(self) -> Carriers:
        """What a claim must know: whose texts can be handed over here."""
        return Carriers(usable=frozenset(self._by_name), usual=self._usual)

    def require_usual(self) -> None:
        """Raise `ProviderNotAvailable` when the installation's own provider cannot be used."""
        self.get_provider(self._usual)


def twilio_account(settings: Settings) -> TwilioAccount:
    """The installation's account at Twilio, complete or not."""
    return TwilioAccount.from_options(settings.provider_options, settings.base_url)


def notify_account(settings: Settings) -> NotifyAccount:
    """The installation's service at Notify, complete or not."""
    return NotifyAccount.from_options(settings.provider_options)
