"""Other keys than those that a test's database was made with."""

from dataclasses import replace

from cryptography.fernet import Fernet

from tests.world import TEST_KEYS

NEWER_KEY = Fernet.generate_key().decode()
OTHER_LOOKUP = replace(TEST_KEYS, lookup="another lookup key that is long enough as well")
OTHER_ENCRYPTION = replace(TEST_KEYS, encryption=(NEWER_KEY,))
NEWER_IN_FRONT = replace(TEST_KEYS, encryption=(NEWER_KEY, *TEST_KEYS.encryption))
NEWER_BEHIND = replace(TEST_KEYS, encryption=(*TEST_KEYS.encryption, NEWER_KEY))
OTHER_SECRET = replace(TEST_KEYS, secret="another secret that is long enough to sign with")
REFUSED = [(OTHER_LOOKUP, "LOOKUP_KEY"), (OTHER_ENCRYPTION, "ENCRYPTION_KEYS")]
"""Keys that are refused, and the setting that the refusal names."""
