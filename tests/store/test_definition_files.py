"""What is read from definition files, and how are their faults reported?"""

from pathlib import Path

import pytest
import yaml

from survey_app.domain.definitions import Fault, FaultCode, content_hash
from survey_app.store.definition_files import (
    DefinitionFaults,
    FileFault,
    changed_versions,
    load_instruments,
    load_programmes,
    read_folder,
)
from tests.domain.definitions import a_programme_of, raw_instrument, raw_programme, yes_no

SMALL = """
key: small
version: 1.10
kind: survey
title: Small # a comment
audience: any
licence: own
items:
  - id: well
    type: yes-no
    text: Are you well?
    options: &options
      - {code: yes, text: Yes}
      - {code: no, text: No}
      - {code: prefer-not-to-say, text: I would rather not say}
  - id: sure
    type: yes-no
    text: Are you sure?
    ask_when: {item: well, codes: [yes]}
    options: *options
"""


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def write_raw(folder: Path, name: str, raw: object) -> None:
    write(folder, name, yaml.safe_dump(raw))


def faults_of(folder: Path) -> tuple[FileFault, ...]:
    with pytest.raises(DefinitionFaults) as refused:
        load_instruments(folder)
    return refused.value.faults


def test_what_people_write_is_what_is_read(tmp_path: Path) -> None:
    write(tmp_path, "small.yaml", SMALL)
    instrument = load_instruments(tmp_path)["small", "1.10"]
    assert instrument.item("sure").codes == ("yes", "no", "prefer-not-to-say")
    assert instrument.item("well").options[0].text == "Yes"
    assert instrument.item("sure").ask_when is not None


def test_formatting_does_not_change_the_hash(tmp_path: Path) -> None:
    write(tmp_path / "a", "small.yaml", SMALL)
    as_read = yaml.load(SMALL, Loader=yaml.BaseLoader)
    write_raw(tmp_path / "b", "other-name.yaml", as_read)
    (one,) = load_instruments(tmp_path / "a").values()
    (other,) = load_instruments(tmp_path / "b").values()
    assert content_hash(one) == content_hash(other)


def test_a_time_of_day_needs_no_quotes(tmp_path: Path) -> None:
    text = yaml.safe_dump(raw_programme(baseline={}, review={}, closure={}))
    text = text.replace("'20:00'", "20:00").replace("'09:00'", "09:00")
    assert "20:00\n" in text
    write(tmp_path, "small.yaml", text)
    contact = load_programmes(tmp_path, {})["small"].contact
    assert (contact.hours_from.hour, contact.hours_until.hour) == (9, 20)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("items: [", "line 1: expected the node content, but found '<stream end>'"),
        ("key: a\nkey: b\n", "line 2: the key key stands twice"),
        ("key: !!python/object:os.system a", "line 1: could not determine a constructor"),
        ("- one\n- two\n", "not a list of keys and values"),
        ("", "not a list of keys and values"),
        ("[a, b]: c", "line 1: found unhashable key"),
    ],
)
def test_a_file_that_is_no_definition_is_named_with_its_line(
    tmp_path: Path, text: str, detail: str
) -> None:
    write(tmp_path, "bad.yaml", text)
    (found,) = faults_of(tmp_path)
    assert (found.file, found.fault.code) == ("bad.yaml", FaultCode.UNREADABLE)
    assert found.fault.detail.startswith(detail)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(SMALL.encode("utf-16"))
    (found,) = faults_of(tmp_path)
    assert found.fault.code is FaultCode.UNREADABLE


def test_every_fault_of_every_file_is_listed(tmp_path: Path) -> None:
    write_raw(tmp_path, "a.yaml", raw_instrument(yes_no("q"), yes_no("q"), key="a"))
    write_raw(tmp_path, "b.yaml", raw_instrument(yes_no("q", colour="red"), key="b"))
    write(tmp_path, "c.yaml", SMALL)
    assert faults_of(tmp_path) == (
        FileFault("a.yaml", Fault("q", FaultCode.DUPLICATE_ITEM, "q")),
        FileFault("b.yaml", Fault("q", FaultCode.UNKNOWN_KEY, "colour")),
    )


def test_the_error_names_file_item_and_fault(tmp_path: Path) -> None:
    write_raw(tmp_path, "a.yaml", raw_instrument(yes_no("q"), yes_no("q")))
    with pytest.raises(DefinitionFaults, match=r"a\.yaml: q: duplicate-item: q"):
        load_instruments(tmp_path)


def test_one_version_in_two_files_is_a_fault_of_the_second(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", SMALL)
    write(tmp_path, "b.yaml", SMALL)
    assert faults_of(tmp_path) == (
        FileFault("b.yaml", Fault(None, FaultCode.DUPLICATE_VERSION, "small 1.10 (a.yaml)")),
    )


def test_two_versions_of_an_instrument_stand_side_by_side(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", SMALL)
    write(tmp_path, "b.yaml", SMALL.replace("1.10", "2"))
    assert set(load_instruments(tmp_path)) == {("small", "1.10"), ("small", "2")}


def test_a_programme_that_names_no_instrument_of_ours_is_refused(tmp_path: Path) -> None:
    write_raw(tmp_path, "small.yaml", raw_programme())
    with pytest.raises(DefinitionFaults) as refused:
        load_programmes(tmp_path, {})
    assert (
        FileFault("small.yaml", Fault("closure.1", FaultCode.UNKNOWN_INSTRUMENT, "sus-tier-1"))
        in refused.value.faults
    )


def test_two_programmes_of_one_key_are_a_fault(tmp_path: Path) -> None:
    raw = raw_programme(baseline={}, review={}, closure={})
    write_raw(tmp_path, "a.yaml", raw)
    write_raw(tmp_path, "b.yaml", raw)
    with pytest.raises(DefinitionFaults) as refused:
        load_programmes(tmp_path, {})
    assert refused.value.faults == (
        FileFault("b.yaml", Fault(None, FaultCode.DUPLICATE_VERSION, "small")),
    )


def test_a_good_programme_is_read_by_its_key(tmp_path: Path) -> None:
    raw = raw_programme(baseline={}, review={}, closure={})
    write_raw(tmp_path, "any-name.yaml", raw)
    expected = a_programme_of(baseline={}, review={}, closure={})
    assert load_programmes(tmp_path, {}) == {"small": expected}


def test_a_folder_keeps_the_good_files_beside_the_faults(tmp_path: Path) -> None:
    write(tmp_path, "good.yaml", SMALL)
    write(tmp_path, "bad.yaml", "")
    write_raw(tmp_path / "programmes", "small.yaml", raw_programme())
    folder = read_folder(tmp_path)
    assert set(folder.instruments) == {("small", "1.10")}
    assert {found.file for found in folder.faults} == {"bad.yaml", "small.yaml"}


def test_a_used_version_that_changed_is_named_by_its_file(tmp_path: Path) -> None:
    write(tmp_path, "first.yaml", SMALL)
    write(tmp_path, "second.yaml", SMALL.replace("1.10", "2"))
    before = {
        used: content_hash(instrument) for used, instrument in load_instruments(tmp_path).items()
    }
    gone = {("gone", "1"): "0"}
    assert changed_versions(read_folder(tmp_path), before | gone) == ()
    write(tmp_path, "second.yaml", SMALL.replace("1.10", "2").replace("Are you well?", "Well?"))
    assert changed_versions(read_folder(tmp_path), before | gone) == (
        FileFault("second.yaml", Fault(None, FaultCode.USED_VERSION_CHANGED, "2")),
    )
