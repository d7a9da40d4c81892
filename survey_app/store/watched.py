"""Which columns of which tables do the figures of closed cases hang on, and how is the case found?

A column that a figure reads and that does not stand here would make kept figures stale; a test
reads from the mapped statements which do (`tests/store/test_move_marks`).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Watched:
    """A table: what of it counts, and the way from a row of it to its case.

    `way` is the rest of a FROM clause that ends in `cases AS c`, with {key} for the row's `key`.
    """

    columns: tuple[str, ...]
    key: str
    way: str
    events: tuple[str, ...] = ("insert", "update", "delete")


_BY_CASE = "cases AS c WHERE c.id {is_key}"

WATCHED: Mapping[str, Watched] = {
    "cases": Watched(
        (
            *("service_id", "person_id", "closed_on", "closure_reason", "closure_code"),
            *("support_level", "deliveries", "crime_category", "flags", "local_authority"),
            *("referral_source", "age_band", "first_attempt_on", "first_attempt_at"),
            *("first_contact_on", "first_contact_at", "needs_assessment_on", "support_plan_on"),
            "review_on",
        ),
        "id",
        "",
    ),
    "people": Watched(
        (
            *("sex", "gender_identity", "ethnicity", "disability", "sexuality", "religion"),
            *(
                "birth_not_given",
                "language",
                "number_kind",
                "sms_consent",
                "sms_safe",
                "safety_checked_on",
            ),
        ),
        "id",
        "cases AS c WHERE c.person_id {is_key}",
        # Nobody comes or goes with a case already.
        ("update",),
    ),
    "requests": Watched(
        (
            *("case_id", "wave", "tier", "programme_version_id", "state", "end_reason", "due_at"),
            *("deferred_until", "refusal", "is_contactable", "first_text_accepted_at"),
            *("call_made_at", "handed_over_at", "reached_at", "started_at", "opted_out_at"),
        ),
        "case_id",
        _BY_CASE,
    ),
    "messages": Watched(
        ("request_id", "state", "sent_at"),
        "request_id",
        "requests AS q JOIN cases AS c ON c.id = q.case_id WHERE q.id {is_key}",
    ),
    "responses": Watched(
        (
            *("case_id", "wave", "instrument_id", "is_complete", "counts_on", "superseded_by_id"),
            *("mode", "language", "left_out"),
        ),
        "case_id",
        _BY_CASE,
    ),
    "answers": Watched(
        ("response_id", "item", "code"),
        "response_id",
        # Those of an open request do not count yet; that they come to count changes the response.
        "responses AS r JOIN cases AS c ON c.id = r.case_id "
        "WHERE r.counts_on IS NOT NULL AND r.id {is_key}",
    ),
    "pairs": Watched(
        (
            *("case_id", "kind", "instrument", "area", "status", "first_value", "last_value"),
            *("outcome", "has_room", "is_review_last", "first_mode", "last_mode"),
            *("last_language", "last_on"),
        ),
        "case_id",
        _BY_CASE,
    ),
}
"""Every table that figures on the basis *closed* are counted from."""
