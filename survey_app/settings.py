"""With which settings does this installation run? The only reader of the environment."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

REDIS_SCHEMES = ("redis://", "rediss://")
DATABASE_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")
PROVIDERS = ("simulated", "twilio", "notify")
SHORTEST_TOKEN = 16
"""A bearer token that can be guessed protects nothing: a shorter one lets nobody in."""
SHORTEST_KEY = 32
MOST_PENCE = 1000.0
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsFault(Exception):
    """A setting is missing or wrong; the message names it and says what to do. It never holds the
    value, which may be a secret that stands in the wrong place."""


@dataclass(frozen=True)
class Keys:
    """The installation's secrets.

    `encryption` are Fernet keys, newest first; `lookup` keys the hashes of numbers and tokens and
    does not rotate with them; `secret` signs sessions, and `secret_fallbacks` signed those that
    began before it was changed.
    """

    secret: str
    encryption: tuple[str, ...]
    lookup: str
    secret_fallbacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Oidc:
    """The identity provider that staff may sign in with; `name` as they know it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = ""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations. Build with `from_env`."""

    keys: Keys = field(repr=False)
    is_production: bool = False
    database_url: str = "sqlite:///data/survey.db"
    data_dir: Path = Path("data")
    base_url: str = "http://127.0.0.1:8000"
    queue_url: str = ""
    redis_url: str = ""
    sms_provider: str = "simulated"
    provider_options: Mapping[str, str] = field(default_factory=dict, repr=False)
    metrics_token: str = field(default="", repr=False)
    """Whoever bears it may read `/metrics`; without one only this machine may."""
    worker_ping_url: str = field(default="", repr=False)
    """Asked for after each good round of a worker; as good as a password for the monitor."""
    sms_pence_per_part: float | None = None
    """What the provider charges for one part of a text, where it was said."""
    oidc: Oidc | None = None
    """None: people sign in with a password."""

    @property
    def has_https(self) -> bool:
        """Whether people reach this installation over TLS."""
        return self.base_url.startswith("https://")

    @property
    def is_behind_proxy(self) -> bool:
        """Whether one proxy of ours stands in front and says, in its headers, what was asked for.

        Only then are `X-Forwarded-For`, `-Proto` and `-Host` believed: callbacks are signed for the
        address that the provider called.
        """
        return self.is_production or self.has_https

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings of FORMATS.md; raise `SettingsFault` by name when one is wrong."""
        is_production = _app_env(environ) == "production"
        data_dir = Path(environ.get("DATA_DIR") or "data")
        settings = cls(
            keys=_given_keys(environ) if is_production else _development_keys(environ, data_dir),
            is_production=is_production,
            database_url=_database_url(environ, data_dir),
            data_dir=data_dir,
            base_url=(_address(environ, "BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
            queue_url=_address(environ, "QUEUE_URL"),
            redis_url=_redis_url(environ),
            sms_provider=_provider(environ),
            metrics_token=_metrics_token(environ),
            worker_ping_url=_ping_url(environ),
            sms_pence_per_part=_price(environ),
            oidc=_oidc(environ, is_production=is_production),
            provider_options={
                name: environ[name]
                for name in environ
                if name.startswith(("TWILIO_", "NOTIFY_")) and environ[name]
            },
        )
        if is_production:
            _refuse_unsafe_production(settings)
        return settings


def _app_env(environ: Mapping[str, str]) -> str:
    value = environ.get("APP_ENV") or "development"
    if value not in {"development", "production"}:
        raise SettingsFault("APP_ENV must be development or production.")
    return value


def _provider(environ: Mapping[str, str]) -> str:
    value = environ.get("SMS_PROVIDER") or "simulated"
    if value not in PROVIDERS:
        raise SettingsFault(f"SMS_PROVIDER must be one of {', '.join(PROVIDERS)}.")
    return value


def _metrics_token(environ: Mapping[str, str]) -> str:
    value = environ.get("METRICS_TOKEN", "")
    if value and len(value) < SHORTEST_TOKEN:
        raise SettingsFault(
            f"METRICS_TOKEN is too short: give at least {SHORTEST_TOKEN} random characters."
        )
    return value


def _ping_url(environ: Mapping[str, str]) -> str:
    """Whoever reads along could stay silent in the worker's place; on this machine nobody does."""
    value = environ.get("WORKER_PING_URL", "")
    parts = urlsplit(value)
    is_here = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
    if value and not (is_here or (parts.scheme == "https" and parts.hostname)):
        raise SettingsFault("WORKER_PING_URL must start with https://.")
    return value


def _oidc(environ: Mapping[str, str], *, is_production: bool) -> Oidc | None:
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    missing = [name for name in names if not environ.get(name)]
    if len(missing) == len(names):
        return None
    if missing:
        raise SettingsFault(f"Signing in by OpenID Connect also needs {', '.join(missing)}.")
    issuer = _address(environ, "OIDC_ISSUER").rstrip("/")
    if not issuer.startswith("https://") and (
        is_production or urlsplit(issuer).hostname not in LOOPBACK_HOSTS
    ):
        raise SettingsFault("OIDC_ISSUER must start with https://.")
    return Oidc(
        issuer=issuer,
        client_id=environ["OIDC_CLIENT_ID"],
        client_secret=environ["OIDC_CLIENT_SECRET"],
        name=environ.get("OIDC_NAME") or urlsplit(issuer).hostname or issuer,
    )


def _price(environ: Mapping[str, str]) -> float | None:
    value = environ.get("SMS_PENCE_PER_PART")
    if not value:
        return None
    try:
        price = float(value)
    except ValueError:
        price = -1.0
    if not 0 <= price < MOST_PENCE:
        raise SettingsFault("SMS_PENCE_PER_PART must be pence, such as 4.2.")
    return price


def _database_url(environ: Mapping[str, str], data_dir: Path) -> str:
    url = environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'survey.db'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            # SQLAlchemy would reach for psycopg2 without the driver's name.
            url = "postgresql+psycopg://" + url.removeprefix(short)
    if _driver(url) not in DATABASE_DRIVERS:
        raise SettingsFault(
            "DATABASE_URL must read postgresql://USER:PASSWORD@HOST:PORT/NAME (signs such as @ or "
            "/ in the password as %40 or %2F) or sqlite:///PATH."
        )
    return url


def _address(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    try:
        _ = urlsplit(value).port
    except ValueError:
        # Its words hold what stands where the port should: of a password, where that has a `/`.
        raise SettingsFault(
            f"{name} cannot be read as an address: write signs such as / and : in a password as "
            "%2F and %3A."
        ) from None
    return value


def _redis_url(environ: Mapping[str, str]) -> str:
    value = _address(environ, "REDIS_URL")
    if value and not value.startswith(REDIS_SCHEMES):
        raise SettingsFault("REDIS_URL must start with redis:// or rediss://.")
    return value


def _driver(url: str) -> str | None:
    try:
        return make_url(url).drivername
    except (ArgumentError, ValueError):
        # Their words hold a part of the address: of its password, where that was not escaped.
        return None


def _given_keys(environ: Mapping[str, str]) -> Keys:
    missing = [n for n in ("SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY") if not environ.get(n)]
    if missing:
        raise SettingsFault(f"Production needs {', '.join(missing)} in the environment.")
    encryption = _several(environ, "ENCRYPTION_KEYS")
    for key in encryption:
        _require_fernet_key(key)
    fallbacks = _several(environ, "SECRET_KEY_FALLBACKS")
    given = [(name, environ[name]) for name in ("SECRET_KEY", "LOOKUP_KEY")]
    for name, key in given + [("SECRET_KEY_FALLBACKS", key) for key in fallbacks]:
        if len(key) < SHORTEST_KEY:
            raise SettingsFault(
                f"{name} is too short: give at least {SHORTEST_KEY} random characters."
            )
    return Keys(environ["SECRET_KEY"], encryption, environ["LOOKUP_KEY"], fallbacks)


def _several(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """What a setting lists, separated by commas."""
    return tuple(each.strip() for each in environ.get(name, "").split(",") if each.strip())


def _require_fernet_key(key: str) -> None:
    try:
        Fernet(key)
    except ValueError as error:
        raise SettingsFault(
            "ENCRYPTION_KEYS must be Fernet keys (32 bytes, url-safe base64), newest first, "
            "separated by commas."
        ) from error


def _development_keys(environ: Mapping[str, str], data_dir: Path) -> Keys:
    """Keys given by the environment, else those generated once into DATA_DIR."""
    if all(environ.get(n) for n in ("SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY")):
        return _given_keys(environ)
    path = data_dir / "development-keys.json"
    if not path.exists():
        _write_once(path, _fresh_keys())
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Keys(
        secret=environ.get("SECRET_KEY") or stored["secret"],
        encryption=tuple(stored["encryption"]),
        lookup=environ.get("LOOKUP_KEY") or stored["lookup"],
        secret_fallbacks=_several(environ, "SECRET_KEY_FALLBACKS"),
    )


def _fresh_keys() -> dict[str, object]:
    return {
        "secret": secrets.token_urlsafe(32),
        "encryption": [Fernet.generate_key().decode()],
        "lookup": secrets.token_urlsafe(32),
    }


def _write_once(path: Path, content: dict[str, object]) -> None:
    """Two processes may start together: the first link wins, the other reads what it wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content), encoding="utf-8")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _refuse_unsafe_production(settings: Settings) -> None:
    host = urlsplit(settings.base_url).hostname or ""
    if not settings.has_https and host not in LOOPBACK_HOSTS:
        raise SettingsFault("BASE_URL must start with https:// in production.")
    if settings.sms_provider == "simulated":
        raise SettingsFault("SMS_PROVIDER must not be simulated in production: nothing would send.")
    generated = settings.data_dir / "development-keys.json"
    if generated.exists() and settings.keys.lookup in generated.read_text(encoding="utf-8"):
        raise SettingsFault("LOOKUP_KEY is a generated development key: make one for production.")
    if settings.database_url.startswith("sqlite") and settings.queue_url.startswith("redis"):
        raise SettingsFault(
            "QUEUE_URL names Redis, so more than one host may work here: SQLite cannot be shared. "
            "Set DATABASE_URL to PostgreSQL."
        )
