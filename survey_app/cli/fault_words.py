"""How is a fault of a definition said in words?"""

from survey_app.domain.definitions import FaultCode

FAULT_WORDS: dict[FaultCode, str] = {
    FaultCode.UNREADABLE: "cannot be read as YAML: {detail}",
    FaultCode.MISSING_VALUE: "{detail} is missing",
    FaultCode.UNKNOWN_KEY: "there is no key {detail}; check its spelling",
    FaultCode.WRONG_VALUE: "has a wrong value at {detail}",
    FaultCode.DUPLICATE_ITEM: "two items have the id {detail}",
    FaultCode.DUPLICATE_CODE: "{detail} stands twice",
    FaultCode.DUPLICATE_SCALE_VALUE: "two options have the value {detail}",
    FaultCode.DUPLICATE_MEASURE: "two items or entries feed the measure {detail}",
    FaultCode.DUPLICATE_OUTCOME: "two items are read as the area {detail}",
    FaultCode.DUPLICATE_VERSION: "is defined twice: {detail}",
    FaultCode.UNKNOWN_CODE: "names a code that is none of the options: {detail}",
    FaultCode.CONDITION_ON_UNKNOWN_ITEM: "its condition names {detail}, which is no item",
    FaultCode.CONDITION_ON_LATER_ITEM: (
        "its condition looks at {detail}, which is not asked before it"
    ),
    FaultCode.SCALE_VALUE_MISSING: "the option {detail} of the scale needs a value",
    FaultCode.POLARITY_MISSING: ("a scale needs its {detail}: higher-is-better or lower-is-better"),
    FaultCode.OUTCOME_NOT_ON_SCALE: "is read as the area {detail}, so its type must be scale",
    FaultCode.DOING_WELL_OFF_SCALE: "doing_well_from is {detail}, which no option has as value",
    FaultCode.PREFER_NOT_TO_SAY_MISSING: "every closed question needs the option {detail}",
    FaultCode.RESERVED_CODE_HAS_VALUE: "the option {detail} is no step of the scale: no value",
    FaultCode.RESERVED_CODE_IN_BASE: "a code that is never in the base is not outside: {detail}",
    FaultCode.OUTSIDE_NOT_RESERVED: (
        "only does-not-apply, prefer-not-to-say and not-needed may be outside: {detail}"
    ),
    FaultCode.POSITIVE_AND_OUTSIDE: "a code is both positive and outside: {detail}",
    FaultCode.TEXT_WITH_CODES: "a text question has no options, measures or alert_when",
    FaultCode.NOT_YES_NO: "a yes-no question has the codes yes and no, not: {detail}",
    FaultCode.UNKNOWN_TIER: "names a tier that the tier table does not have: {detail}",
    FaultCode.RANGE_BACKWARDS: "{detail} comes before where it begins",
    FaultCode.UNKNOWN_INSTRUMENT: "names an instrument that no file defines: {detail}",
    FaultCode.READING_NOT_STAR: "a reading is of a star instrument, which this is not: {detail}",
    FaultCode.STAR_IN_LINK: "a star is scored as a reading, not answered in a link: {detail}",
    FaultCode.NOTHING_ASKED: "asks nothing: give instruments, a reading or both",
    FaultCode.NO_CHANNEL: "asks something in a link but names no channel",
    FaultCode.REMINDERS_OUT_OF_ORDER: (
        "reminders are different days, in order, all before the request expires: see {detail}"
    ),
    FaultCode.USED_VERSION_CHANGED: (
        "version {detail} is in use and has changed: put it back, and add a new version"
    ),
    FaultCode.LEFT_OUT_IN_HALVES: (
        "leaves out {detail}: leave out the question that leads to it as well, or neither"
    ),
    FaultCode.NOTHING_LEFT: "leaves out every question of {detail}",
    FaultCode.UNKNOWN_ITEM: "leaves out an item that the instrument does not have: {detail}",
    FaultCode.LICENCE_NOT_RECORDED: ("uses {detail}, whose licence is required and not recorded"),
}
"""Words for each fault; `{detail}` is what it is about."""
