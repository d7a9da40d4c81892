"""In which words is a fault of an imported file said, and what should one do about it?"""

from survey_app.domain.file_faults import (
    FileFault,
    FileFaultCode,
    FileKind,
    Note,
    NoteCode,
    RowFault,
    RowFaultCode,
)

_DATES = "Write YYYY-MM-DD or DD/MM/YYYY"

ROW_WORDS: dict[RowFaultCode, str] = {
    RowFaultCode.EMPTY: "is empty. Fill it in: it is needed",
    RowFaultCode.BROKEN_QUOTES: 'the quotation marks do not match. Write " inside a cell as ""',
    RowFaultCode.TOO_MANY_CELLS: (
        "the row has more cells than the header. Put a cell that contains commas in quotation marks"
    ),
    RowFaultCode.TOO_LONG: "is longer than {about} characters. Shorten it",
    RowFaultCode.UNPRINTABLE: "holds control characters. Type it again",
    RowFaultCode.UNKNOWN_VALUE: "{value} is not known. Use one of: {about}",
    RowFaultCode.NONE_AND_MORE: '{value} says "none" and more. Write either none or the flags',
    RowFaultCode.NOT_A_DATE: "{value} is not a date in a form that is read. " + _DATES,
    RowFaultCode.NO_SUCH_DATE: "{value} does not exist. Check day and month. " + _DATES,
    RowFaultCode.IMPLAUSIBLE_DATE: "{value} is not between 1900 and 2100. Check the year",
    RowFaultCode.NOT_AN_INSTANT: "{value} is not a date and time. Write YYYY-MM-DDTHH:MM",
    RowFaultCode.FUTURE_DATE: "{value} is in the future (today is {about}). Check the date",
    RowFaultCode.NOT_A_TIME: "{value} is not a time of day. Write HH:MM, from 00:00 to 23:59",
    RowFaultCode.EMPTY_WINDOW: (
        "{value} is also where the time begins. Leave both empty for any time"
    ),
    RowFaultCode.NOT_A_WHOLE_NUMBER: "{value} is not a whole number. Write digits alone",
    RowFaultCode.NEGATIVE: "{value} is below zero. Write 0 or more",
    RowFaultCode.TOO_LARGE: "{value} is more than {about}. Check the number",
    RowFaultCode.NOT_A_LANGUAGE: "{value} is not a language code. Write one like en, cy or pl",
    RowFaultCode.CLOSED_BEFORE_REFERRAL: (
        "{value} is before the referral on {about}. Correct one of the two dates"
    ),
    RowFaultCode.BORN_AFTER_REFERRAL: (
        "{value} is after the referral on {about}. Correct one of the two dates"
    ),
    RowFaultCode.CASE_TWICE: ("{value} stands on line {about} already. Keep one row for each case"),
    RowFaultCode.PLACEHOLDER_KEY: (
        "{value} stands for no reference. Give the case its own, as the case system has it"
    ),
    RowFaultCode.UNKNOWN_CASE: "{value} is no case of this service. Import its case first",
    RowFaultCode.UNKNOWN_INSTRUMENT: "{value} is no instrument. Use one of: {about}",
    RowFaultCode.UNKNOWN_VERSION: "{value} is no version of {about}",
    RowFaultCode.LICENCE_NOT_RECORDED: (
        "{value} needs a licence that this service has not recorded. Record it first"
    ),
    RowFaultCode.ROWS_DISAGREE: (
        "{value} differs from {about}, which another row of the same says. Use one value"
    ),
    RowFaultCode.UNKNOWN_ITEM: "{value} is no question of this instrument. It has: {about}",
    RowFaultCode.UNKNOWN_CODE: "{value} is no answer to this question. Use one of: {about}",
    RowFaultCode.MORE_THAN_ONE: "{value} is a second answer to {about}. Keep one row for it",
    RowFaultCode.PREFER_NOT_TO_SAY_AND_MORE: (
        "{value}: prefer-not-to-say cannot stand beside other answers. Keep one of them"
    ),
    RowFaultCode.OFF_ROUTE: (
        "{value} is not asked, given the other answers: it needs {about}. Correct one of the two"
    ),
    RowFaultCode.BEFORE_REFERRAL: (
        "{value} is before the referral on {about}. Correct one of the two dates"
    ),
    RowFaultCode.BEFORE_BASELINE: (
        "{value} is before the baseline on {about}. Correct one of the two dates"
    ),
    RowFaultCode.NO_ANSWERS: "the response answers nothing. Leave its rows out",
    RowFaultCode.PART_REJECTED: (
        "another row of this response is faulty (line {about}). Correct that one"
    ),
}
"""What is wrong and what to do; `{value}` as written, in quotation marks."""

NOTE_WORDS: dict[NoteCode, str] = {
    NoteCode.PLACEHOLDER_CLIENT: "This stands for nobody, so the person is one of their own",
    NoteCode.PLACEHOLDER_DATE: "This stands for no date, so it is not recorded",
    NoteCode.BIRTH_DATE_IMPOSSIBLE: (
        "Nobody of this age was referred that day, so the date is not recorded"
    ),
    NoteCode.COMMON_BIRTH_DATE: "Many rows have this date: a system may have filled it in",
    NoteCode.PLANNED: "This day has not come yet, so it is not recorded as done",
    NoteCode.NEAR_TWIN: "This looks like {about} and is not the same. Check which is meant",
    NoteCode.REPEATED: "The case {about} stands above with the same words: one row counts",
    NoteCode.JOINED: (
        "The case {about} stands above with other flags or yes/no words: all of them count"
    ),
    NoteCode.DIGITS_LOST: "A spreadsheet cut the number's last digits. Type the number again",
    NoteCode.TWO_NUMBERS: "There is more than one number. Keep the one that is safe",
    NoteCode.NOTE_BESIDE_NUMBER: "Something stands beside the number. Keep the number alone",
    NoteCode.INVALID_NUMBER: "This is not a telephone number",
    NoteCode.UK_LANDLINE: "A landline cannot be texted",
    NoteCode.UK_PREMIUM: "A premium number is not texted",
    NoteCode.FOREIGN: "A number outside the United Kingdom is not texted",
    NoteCode.BLANK_WORD: "This word says nothing, so the answer is a blank",
    NoteCode.HELD: "Facts contradict ({about}): the person is held until somebody decides",
}
"""What is to be known of a row that landed; never the value itself."""

FILE_WORDS: dict[FileFaultCode, str] = {
    FileFaultCode.EMPTY: "The file is empty. Export it again, with its header row.",
    FileFaultCode.NOT_CSV: (
        "This cannot be read as CSV from here on. Save the file as CSV (comma separated, UTF-8)."
    ),
    FileFaultCode.UNCLOSED_QUOTE: (
        "A quotation mark opened here is never closed, so the rest of the file would be one cell. "
        "Close it."
    ),
    FileFaultCode.WRONG_DELIMITER: (
        "The columns are separated by {about}. Save the file with commas between them."
    ),
    FileFaultCode.COLUMN_TWICE: (
        "The header has the column {about} twice. Rename or remove one of them."
    ),
    FileFaultCode.COLUMN_MISSING: (
        "The header lacks a required column: {about}. Add it; spelling counts, order does not."
    ),
    FileFaultCode.OTHER_SERVICE: (
        "column service: this row belongs to {about}. Import one service's file at a time, with "
        "--service and its own slug."
    ),
}

_KIND_WORDS: dict[str, str] = {
    FileKind.UTF_16: 'The file is in UTF-16 ("Unicode text"). Save it as "CSV UTF-8".',
    FileKind.WINDOWS_1252: (
        "The file is not in UTF-8 but in an older encoding, most likely Windows-1252 (Latin 1). "
        'Save it as "CSV UTF-8".'
    ),
    FileKind.EXCEL: 'The file is an Excel workbook. Save it as "CSV UTF-8".',
    FileKind.BINARY: "The file is no text. Export it as CSV in UTF-8.",
}

_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "upright bars"}


def row_reason(fault: RowFault) -> str:
    """What is wrong with a row and what to do, without file and line."""
    words = ROW_WORDS[fault.code].format(value=f'"{fault.value}"', about=fault.about)
    return f"{fault.column}: {words}." if fault.column else f"{words[0].upper()}{words[1:]}."


def note_reason(note: Note) -> str:
    """What is to be known of a row that landed, without file and line."""
    return f"{NOTE_WORDS[note.code].format(about=note.about)}."


def row_message(file_name: str, fault: RowFault) -> str:
    """A row fault with file and line."""
    return f"{file_name}, line {fault.line}, {row_reason(fault)}"


def file_message(file_name: str, fault: FileFault) -> str:
    """A file fault with file, line where there is one, and remedy."""
    if fault.code is FileFaultCode.NOT_UTF_8:
        words = _KIND_WORDS[fault.about]
    else:
        words = FILE_WORDS[fault.code].format(about=_DELIMITERS.get(fault.about, fault.about))
    place = f"{file_name}, line {fault.line}" if fault.line else file_name
    return f"{place}: {words} Nothing was imported. No word on safety was heard."
