"""What does a command say when the keys given are not the database's?"""

from collections.abc import Iterable

from survey_app.store.installation import KeyFault, KeyRefusal, KeySetting

UPGRADE = "run `flask --app wsgi db upgrade`"
_WHY = {
    KeySetting.LOOKUP: "Under another LOOKUP_KEY nobody's number is found: whoever said STOP would "
    "be texted.",
    KeySetting.ENCRYPTION: "Without it nobody's number or words can be read.",
}


def in_words(refusals: Iterable[KeyRefusal]) -> str:
    """Each setting by name, both key ids, and what to do; never a key."""
    lines = list(dict.fromkeys(_line(refusal) for refusal in refusals))
    return "\n".join([*lines, "Nothing was read or written."])


def _line(refusal: KeyRefusal) -> str:
    setting, why = refusal.setting, _WHY[refusal.setting]
    recorded, given = ", ".join(refusal.recorded), ", ".join(refusal.given)
    match refusal.fault:
        case KeyFault.NOT_RECORDED:
            return f"The database does not say yet which keys it was made with: {UPGRADE}."
        case KeyFault.OTHER_KEY:
            return (
                f"LOOKUP_KEY is not the one that this database was made with: the database's key "
                f"id is {recorded}, the one given is {given}. {why} Give LOOKUP_KEY its former "
                "value."
            )
        case KeyFault.KEY_MISSING:
            return (
                f"ENCRYPTION_KEYS lacks a key that this database is sealed with: the database's "
                f"key id is {recorded}, those given are {given}. {why} Add that key to "
                "ENCRYPTION_KEYS, after the newest, separated by a comma."
            )
        case KeyFault.CANARY_CLOSED:
            return (
                f"{setting} has the key id {recorded} and does not open what table `installation` "
                f"keeps for it (given: {given}): the table was changed or copied. Restore the "
                "database, or give the key that it was made with."
            )
        case KeyFault.VALUE_CLOSED:
            return (
                f"ENCRYPTION_KEYS does not open the newest value of {refusal.where}: the key ids "
                f"given are {given}, and the database, which was sealed with another, says no id "
                f"yet. {why} Give the keys that it was made with."
            )
        case KeyFault.HASH_OF_OTHER_KEY:
            return (
                f"LOOKUP_KEY is not the one that {refusal.where} was made with: the database's key "
                f"id is {recorded}, the one given is {given}. {why} Give LOOKUP_KEY its former "
                "value."
            )
