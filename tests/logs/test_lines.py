"""All that a process has to say leaves as JSON lines, and none of them leads to a person."""

import json
import logging
import os
import sys
import threading
import warnings

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey_app.logs.faults import describe_fault
from survey_app.logs.lines import is_in_place, write_json_lines
from survey_app.logs.scrubber import removed_total
from tests.written_lines import lines

__all__ = ["lines"]

log = structlog.get_logger()
TOKEN = "23456789abcd"
LOST = "the text to 07700900123 was lost"


def removed() -> float:
    """What the last net has caught in this process."""
    return next(iter(removed_total.collect())).samples[0].value


def breaks() -> None:
    """Fail with words that must not be told, below others that must not be told either."""
    try:
        {}["PLANTED-KEY"]
    except KeyError as fault:
        raise ValueError(LOST) from fault


def test_a_line_says_when_how_grave_and_what(lines):
    log.warning("nudge-lost", fault="TimeoutError")
    (line,) = lines()
    assert list(line) == ["at", "level", "event", "fault"]
    assert line["at"].endswith("+00:00")
    assert (line["level"], line["event"]) == ("warning", "nudge-lost")


def test_a_fault_is_its_classes_and_our_frames_and_none_of_its_words(lines):
    try:
        write_json_lines(logging.DEBUG)
        structlog.make_filtering_bound_logger("no such level")
    except Exception:
        log.exception("broken", message=1)
    (line,) = lines()
    assert "no such level" not in json.dumps(line)
    assert (line["level"], line["kind"], line["at"]) == ("error", ["KeyError"], [])
    assert "time" in line


def test_frames_are_ours_by_file_line_and_function(lines):
    try:
        describe_fault("no fault")
    except AttributeError as fault:
        found = describe_fault(fault)
    assert found["at"][0].startswith("survey_app/logs/faults.py:")
    assert found["at"][0].endswith(" describe_fault")
    assert found["sqlstate"] is None


def test_what_caused_a_fault_is_named_too():
    with pytest.raises(ValueError, match="lost") as met:
        breaks()
    assert describe_fault(met.value)["kind"] == ["ValueError", "KeyError"]


def test_a_fault_of_the_database_is_known_by_its_code_and_holds_no_values(database):
    with database.read() as session, pytest.raises(DBAPIError) as met:
        session.execute(text("SELECT nothing FROM nowhere WHERE a = :a"), {"a": "PLANTED"})
    assert describe_fault(met.value)["sqlstate"] in {"42P01", "SQLITE_ERROR"}
    assert "PLANTED" not in str(met.value)


def test_a_librarys_line_is_its_template_without_what_was_to_be_put_in(lines):
    logging.getLogger("urllib9").warning("retrying %s for %s", "/s/" + TOKEN, "07700900123")
    (line,) = lines()
    assert line["template"] == "retrying %s for %s"
    assert (line["event"], line["logger"], line["level"]) == ("library", "urllib9", "warning")
    assert TOKEN not in json.dumps(line)


@pytest.mark.parametrize(
    "message",
    [
        f"{TOKEN} was not found",
        "{} was not found".format(TOKEN),  # noqa: UP032
        "Smith " + TOKEN[0:] + " was not found",
        ValueError("Smith was not found"),
        {"smith": 1},
    ],
)
def test_what_a_library_put_together_itself_is_no_template(lines, message):
    logging.getLogger("urllib9").error(message)
    (line,) = lines()
    assert line["template"] is None
    assert "mith" not in json.dumps(line)
    assert TOKEN not in json.dumps(line)


def test_a_template_is_found_through_a_librarys_own_wrappers(lines):
    def warn(message: str, *values: object) -> None:
        logging.getLogger("urllib9").warning(message, *values)

    warn("%s was not found", "PLANTED")
    assert [line["template"] for line in lines()] == ["%s was not found"]


def test_a_librarys_fault_is_classes_too(lines):
    try:
        breaks()
    except ValueError:
        logging.getLogger("huey9").exception("task %s failed", TOKEN)
    (line,) = lines()
    assert line["kind"] == ["ValueError", "KeyError"]
    assert "07700900123" not in json.dumps(line)
    assert "PLANTED" not in json.dumps(line)


def test_a_record_that_cannot_be_formatted_prints_nothing(lines):
    logging.getLogger("urllib9").warning("%d of %d", TOKEN)  # noqa: PLE1206
    assert [line["template"] for line in lines()] == ["%d of %d"]


def test_levels_of_a_librarys_own_do_not_break_it(lines):
    logging.getLogger("urllib9").log(35, "between two levels")
    logging.getLogger("urllib9").log(99, "above all")
    assert [line["level"] for line in lines()] == ["warning", "critical"]


def test_libraries_say_warnings_and_worse_alone_and_addresses_never(lines):
    logging.getLogger("urllib9").info("connecting")
    logging.getLogger("werkzeug").error("GET /s/%s", TOKEN)
    logging.getLogger("gunicorn.access").critical("GET /s/%s", TOKEN)
    assert lines() == []


def test_loggers_that_had_a_way_of_their_own_take_ours(lines, capfd):
    own = logging.getLogger("of-its-own")
    own.addHandler(logging.StreamHandler(sys.stderr))
    own.propagate = False
    write_json_lines(logging.INFO)
    own.warning("%s", TOKEN)
    assert [line["template"] for line in lines()] == ["%s"]


def test_a_warning_of_pythons_is_its_class_and_its_line(lines):
    # What `warnings.warn` calls; in a test it would be an error.
    from_file = "/home/somebody/lib/sqlalchemy/session.py"
    warnings.showwarning(UserWarning(LOST), UserWarning, from_file, 12)
    (line,) = lines()
    assert (line["kind"], line["where"]) == (["UserWarning"], "sqlalchemy/session.py:12")
    assert "07700900123" not in json.dumps(line)


def test_what_nobody_caught_is_a_line_wherever_it_happened(lines):
    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()
    try:
        breaks()
    except ValueError as fault:
        sys.excepthook(ValueError, fault, fault.__traceback__)

    class Ends:
        def __del__(self) -> None:
            breaks()

    Ends()
    said = lines()
    assert [(line["event"], line["kind"]) for line in said] == [
        ("fault", ["ValueError", "KeyError"])
    ] * 3
    assert len({line["id"] for line in said}) == 3


@pytest.mark.parametrize(
    "telling",
    [
        f"/s/{TOKEN}",
        f"GET https://answers.example.org/s/{TOKEN}/3",
        "/account/link/Zk3-_abcdefgh",
        "+447700900123",
        "+44 7700 900123",
        "07700 900 123",
        "sent to 447700900123.",
        "somebody.else@example.org",
        "postgresql://survey:hidden@db/survey",
        "Bearer abcdefgh12345678",
        "/services/fir/cases?starts_with=Smith",
        ["deep", {"down": f"/s/{TOKEN}"}],
        447700900123,
    ],
)
def test_the_last_net_takes_out_what_tells_and_counts_it(lines, telling):
    before = removed()
    log.info("careless", about=telling)
    (line,) = lines()
    assert "[removed]" in json.dumps(line)
    for word in (TOKEN, "7700", "else", "hidden", "abcdefgh", "Smith"):
        assert word not in json.dumps(line)
    assert removed() == before + 1


@pytest.mark.parametrize(
    "usual",
    [
        "/s/<token>",
        "/s/<token>/<int:number>",
        "/account/link/<token>",
        "survey_app/web/shared/errors.py:71 _page",
        "0123456789" * 6 + "abcd",
        "2026-12-01T03:25:35.763+00:00",
        "no-leave-to-send",
        {"sent": 200, "left": 0},
    ],
)
def test_the_last_net_lets_pass_what_we_say(lines, usual):
    before = removed()
    log.info("round", about=usual)
    assert lines()[0]["about"] == usual
    assert removed() == before


def test_what_a_line_cannot_say_is_said_by_its_class(lines):
    log.info("careless", about=ValueError(LOST), more={1: object()})
    (line,) = lines()
    assert (line["about"], line["more"]) == ("ValueError", {"1": "object"})


def test_a_full_disk_under_the_log_costs_nobody_a_page(lines, monkeypatch):
    def full(*_written: object) -> int:
        raise OSError("no space left")

    monkeypatch.setattr(os, "write", full)
    log.info("round")
    monkeypatch.undo()
    assert lines() == []


def test_the_level_holds_for_our_lines_and_asking_again_leaves_it(lines):
    write_json_lines(logging.WARNING)
    write_json_lines()
    log.info("request")
    log.warning("nudge-lost")
    assert [line["event"] for line in lines()] == ["nudge-lost"]
    assert is_in_place()
