"""A CSV file is read row by row; what cannot be read is said with its line."""

import pytest

from survey_app.domain.file_faults import FileFault, FileFaultCode, FileKind
from survey_app.usecases.csv_files import UnreadableFile, open_csv

KNOWN, REQUIRED, FREE_TEXT = {"a", "b", "c"}, ("a", "b"), frozenset({"b"})


@pytest.fixture
def opened(tmp_path):
    def _opened(content):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_csv(path, KNOWN, REQUIRED, FREE_TEXT)

    return _opened


def rows_of(file):
    return [(row.line, row.cells) for row in file.rows()]


def test_rows_know_their_line_however_many_lines_they_take(opened):
    file = opened('a,b\r\n1,"two\r\nlines"\r\n\r\n,,\r\n 3 ,4\r\n')
    assert rows_of(file) == [
        (2, {"a": "1", "b": "two\r\nlines"}),
        (6, {"a": "3", "b": "4"}),
    ]


def test_cells_stand_in_their_one_form(opened):
    unseen = "\u200b\ufeff\u00ad\u2800"
    row = f"\u00a0x{unseen}\u2003 1,\u200bjoin\u200ded\u00a0Zoe\u0308"
    file = opened(f"a{unseen}, b\u00a0\n{row}\n{unseen},{unseen}")
    first, second = rows_of(file)
    assert first == (2, {"a": "x 1", "b": "join\u200ded Zo\u00eb"})
    assert second == (3, {"a": "", "b": ""})


def test_every_byte_order_mark_is_dropped(opened):
    assert rows_of(opened(b"\xef\xbb\xbf\xef\xbb\xbfa,b\n1,2\n")) == [(2, {"a": "1", "b": "2"})]


def test_a_row_can_be_fetched_again_by_its_place(opened):
    file = opened('\ufeffa,b\n1,"x\ny"\nž,4\n5,6')
    rows = list(file.rows())
    places = [(row.offset, row.line) for row in rows]
    assert list(file.rows_at(places)) == rows
    assert list(file.rows_at(places[::-1])) == rows[::-1]


def test_header_names_are_read_in_any_case_and_order(opened):
    file = opened("Notes, B ,A\nn,2,1\n")
    assert (file.columns, file.unknown_columns) == (("b", "a"), ("Notes",))
    assert rows_of(file) == [(2, {"b": "2", "a": "1"})]


def test_the_columns_of_a_rejected_file_are_ours_and_not_unknown(opened):
    assert opened("a,b,line,column,reason,z\n").unknown_columns == ("z",)
    assert opened("a,b,line\n").unknown_columns == ("line",)


def test_cells_that_a_short_row_lacks_say_nothing(opened):
    assert rows_of(opened("a,b,c\n1,2\n")) == [(2, {"a": "1", "b": "2"})]


def test_surplus_cells_are_noticed_unless_empty(opened):
    file = opened("a,b\n1,2,,\n1,2,3\n")
    assert [row.has_surplus for row in file.rows()] == [False, True]


def test_wrong_quotes_break_their_row_alone(opened):
    file = opened('a,b\n"x"y,2\n3,4\n')
    assert [(row.line, row.is_broken) for row in file.rows()] == [(2, True), (3, False)]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault(FileFaultCode.EMPTY)),
        (b"\xef\xbb\xbf\n \n", FileFault(FileFaultCode.EMPTY)),
        ("a,b\n".encode("utf-16"), FileFault(FileFaultCode.NOT_UTF_8, FileKind.UTF_16)),
        ("a,b\n".encode("utf-16-le"), FileFault(FileFaultCode.NOT_UTF_8, FileKind.UTF_16, 1)),
        (b"PK\x03\x04....", FileFault(FileFaultCode.NOT_UTF_8, FileKind.EXCEL)),
        (b"a,b,A\n", FileFault(FileFaultCode.COLUMN_TWICE, "a", 1)),
        (b"a,c\n", FileFault(FileFaultCode.COLUMN_MISSING, "b", 1)),
        (b"\nx\n", FileFault(FileFaultCode.COLUMN_MISSING, "a b", 2)),
        (b"a;b;c\n1;2;3\n", FileFault(FileFaultCode.WRONG_DELIMITER, ";", 1)),
        (b"a\tb\n", FileFault(FileFaultCode.WRONG_DELIMITER, "\t", 1)),
    ],
)
def test_a_header_that_cannot_be_used_is_a_file_fault(opened, content, fault):
    assert opened(content) == fault


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a,b\n1,2\nJos\xe9,3\n", FileFault(FileFaultCode.NOT_UTF_8, FileKind.WINDOWS_1252, 3)),
        (b"a,b\n1,\xff\0\n", FileFault(FileFaultCode.NOT_UTF_8, FileKind.BINARY, 2)),
        (b'a,b\n1,2\n3,"open\n5,6\n', FileFault(FileFaultCode.UNCLOSED_QUOTE, "", 3)),
        (b"a,b\n1,2\r3,4\n", FileFault(FileFaultCode.NOT_CSV, "", 2)),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", FileFault(FileFaultCode.NOT_CSV, "", 2)),
    ],
)
def test_a_body_that_cannot_be_read_is_a_file_fault(opened, content, fault):
    file = opened(content)
    with pytest.raises(UnreadableFile) as caught:
        list(file.rows())
    assert caught.value.fault == fault
