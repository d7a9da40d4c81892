"""Settings fail at start, by name, and development needs none."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from survey_app.settings import Settings, SettingsFault

LONG = "x" * 40


def production(**changes: str) -> dict[str, str]:
    """The environment of a production installation that may start."""
    return {
        "APP_ENV": "production",
        "BASE_URL": "https://answers.example.org",
        "SECRET_KEY": LONG,
        "LOOKUP_KEY": LONG + "y",
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "SMS_PROVIDER": "twilio",
        "DATABASE_URL": "postgresql://u@db/survey",
    } | changes


def test_development_makes_its_keys_once_and_every_process_shares_them(tmp_path: Path):
    first = Settings.from_env({"DATA_DIR": str(tmp_path)})
    second = Settings.from_env({"DATA_DIR": str(tmp_path)})
    assert first.keys == second.keys
    assert (tmp_path / "development-keys.json").stat().st_mode & 0o077 == 0
    assert first.database_url == f"sqlite:///{tmp_path}/survey.db"


def test_production_starts_when_everything_is_given():
    settings = Settings.from_env(production())
    assert settings.database_url == "postgresql+psycopg://u@db/survey"
    assert settings.is_production
    assert LONG not in repr(settings)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"LOOKUP_KEY": "short"}, "LOOKUP_KEY"),
        ({"SECRET_KEY_FALLBACKS": f"{LONG},short"}, "SECRET_KEY_FALLBACKS"),
        ({"ENCRYPTION_KEYS": "not-a-key"}, "ENCRYPTION_KEYS"),
        ({"BASE_URL": "http://answers.example.org"}, "BASE_URL"),
        ({"SMS_PROVIDER": "simulated"}, "SMS_PROVIDER"),
        ({"SMS_PROVIDER": "pigeon"}, "SMS_PROVIDER"),
        ({"APP_ENV": "staging"}, "APP_ENV"),
        ({"DATABASE_URL": "sqlite:///x.db", "QUEUE_URL": "redis://q"}, "SQLite"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN"),
        ({"WORKER_PING_URL": "http://monitor.example.org/1"}, "WORKER_PING_URL"),
        ({"WORKER_PING_URL": "monitor.example.org/1"}, "WORKER_PING_URL"),
        ({"WORKER_PING_URL": "https://"}, "WORKER_PING_URL"),
        ({"WORKER_PING_URL": "ftp://127.0.0.1/1"}, "WORKER_PING_URL"),
        ({"SMS_PENCE_PER_PART": "a lot"}, "SMS_PENCE_PER_PART"),
        ({"SMS_PENCE_PER_PART": "-1"}, "SMS_PENCE_PER_PART"),
        ({"SMS_PENCE_PER_PART": "nan"}, "SMS_PENCE_PER_PART"),
    ],
)
def test_production_refuses_by_name(changes: dict[str, str], named: str):
    with pytest.raises(SettingsFault, match=named):
        Settings.from_env(production(**changes))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_ENV", "SECRET"),
        ("SMS_PROVIDER", "SECRET"),
        ("SMS_PENCE_PER_PART", "SECRET"),
        ("METRICS_TOKEN", "SECRET"),
        ("ENCRYPTION_KEYS", "SECRET"),
        ("LOOKUP_KEY", "SECRET"),
        ("DATABASE_URL", "SECRET"),
        ("DATABASE_URL", "mysql://u:SECRET@db/survey"),
        ("DATABASE_URL", "postgresql://u@db:SECRET/survey"),
        ("REDIS_URL", "SECRET"),
        ("REDIS_URL", "redis://:SECRET/SECRET@redis/0"),
        ("QUEUE_URL", "redis://:SECRET/SECRET@redis/0"),
        ("BASE_URL", "https://answers.example.org:SECRET"),
        ("BASE_URL", "http://SECRET.example.org"),
        ("BASE_URL", "https://[SECRET"),
    ],
)
def test_a_fault_names_its_setting_and_never_holds_the_value(name: str, value: str):
    with pytest.raises(SettingsFault, match=name) as met:
        Settings.from_env(production(**{name: value}))
    assert "SECRET" not in str(met.value).replace("SECRET_KEY", "")


def test_former_secrets_are_given_with_commas_between():
    former = Settings.from_env(production(SECRET_KEY_FALLBACKS=f"{LONG}a, {LONG}b"))
    assert former.keys.secret_fallbacks == (f"{LONG}a", f"{LONG}b")
    assert Settings.from_env(production()).keys.secret_fallbacks == ()


def test_production_refuses_a_generated_key(tmp_path: Path):
    made = Settings.from_env({"DATA_DIR": str(tmp_path)})
    environ = production(DATA_DIR=str(tmp_path), LOOKUP_KEY=made.keys.lookup)
    with pytest.raises(SettingsFault, match="LOOKUP_KEY"):
        Settings.from_env(environ)


def test_https_is_read_off_the_base_address():
    settings = Settings.from_env(production())
    assert settings.has_https
    assert not replace(settings, base_url="http://127.0.0.1:8000").has_https


def test_the_price_of_a_part_and_the_metrics_token_are_read_where_given():
    settings = Settings.from_env(production(SMS_PENCE_PER_PART="4.2", METRICS_TOKEN=LONG))
    assert (settings.sms_pence_per_part, settings.metrics_token) == (4.2, LONG)
    assert LONG not in repr(settings)
    assert Settings.from_env(production()).sms_pence_per_part is None


@pytest.mark.parametrize(
    "url", ["", "https://monitor.example.org/our-secret", "http://127.0.0.1:8/our-secret"]
)
def test_the_monitor_s_address_is_read_where_given_and_shown_nowhere(url: str):
    settings = Settings.from_env(production(WORKER_PING_URL=url))
    assert settings.worker_ping_url == url
    assert "our-secret" not in repr(settings)


OIDC = {
    "OIDC_ISSUER": "https://login.example.org/",
    "OIDC_CLIENT_ID": "outcomes",
    "OIDC_CLIENT_SECRET": "hush",
}


def test_the_identity_provider_is_off_until_it_is_named():
    assert Settings.from_env(production()).oidc is None
    oidc = Settings.from_env(production(**OIDC)).oidc
    assert oidc is not None
    assert (oidc.issuer, oidc.name) == ("https://login.example.org", "login.example.org")
    assert "hush" not in repr(oidc)
    named = Settings.from_env(production(**OIDC, OIDC_NAME="Eastmere")).oidc
    assert named is not None
    assert named.name == "Eastmere"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        ({"OIDC_ISSUER": ""}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "http://login.example.org"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "http://127.0.0.1:9"}, "OIDC_ISSUER"),
    ],
)
def test_a_half_named_or_plain_identity_provider_is_refused(changes: dict[str, str], named: str):
    with pytest.raises(SettingsFault, match=named):
        Settings.from_env(production(**(OIDC | changes)))
