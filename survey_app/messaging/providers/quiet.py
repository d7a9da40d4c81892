"""How is nothing that a provider's client says about a text written to a log?

These clients print addresses, numbers and the provider's own error texts. Their loggers are closed
once, when a provider is made; what we log ourselves are our ids, codes, and the classes of faults.
"""

import logging

TALKATIVE = (
    "twilio",
    "twilio.http_client",
    "notifications_python_client",
    "notifications_python_client.base",
    "notifications_python_client.notifications",
    "urllib3",
    "urllib3.connectionpool",
    "urllib3.connection",
    "urllib3.util.retry",
)


def silence_clients() -> None:
    """Close the loggers of the providers' clients, whatever the application logs."""
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
