"""A migration that has landed is never changed: databases are out there that it made."""

from hashlib import sha256
from pathlib import Path

from survey_app.store import migrations

VERSIONS = Path(migrations.__file__).parent / "versions"
LANDED = Path(__file__).parent / "migrations.sha256"
"""As `sha256sum` writes it; each migration that lands adds its line:
`(cd survey_app/store/migrations/versions; sha256sum 0007*.py) >> tests/store/migrations.sha256`."""


def landed() -> dict[str, str]:
    lines = LANDED.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def test_no_migration_that_landed_has_changed():
    found = {
        name: sha256((VERSIONS / name).read_bytes()).hexdigest()
        for name in landed()
        if (VERSIONS / name).exists()
    }
    assert found == landed()


def test_what_has_landed_has_no_gap():
    everything = sorted(path.name for path in VERSIONS.glob("[0-9]*.py"))
    assert sorted(landed()) == everything[: len(landed())]
    assert len(landed()) >= 6
