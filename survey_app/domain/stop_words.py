"""With which words does somebody ask for no more texts, in each language that we text in?

The languages other than English are to be confirmed by people who speak them (docs/guides/
stop-words.md, which says where the words come from). Whatever is not here reaches staff as an
alert, so a missing word delays a stop and loses nothing.

Words are added and never taken out: somebody may answer a text of last year. What the stop line of
our own texts says stands here for every line that ever left; that of this release is also read from
its catalogue (`stop_line_phrases`), so that a changed line counts from the day it is changed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StopWords:
    """Words of one language. `first`: means stop even when more follows. `alone`: means stop when
    nothing else is said, for it also begins other sentences. Either may be several words."""

    first: tuple[str, ...]
    alone: tuple[str, ...]


STOP_WORDS: Mapping[str, StopWords] = {
    "en": StopWords(
        ("stop", "stopall", "unsubscribe", "optout", "no more texts"),
        ("cancel", "end", "quit", "revoke"),
    ),
    "cy": StopWords(
        ("stopio", "stopiwch", "dim mwy o negeseuon"),
        ("stopia", "peidiwch", "canslo", "dim mwy", "dim rhagor", "dim tecst"),
    ),
    "pl": StopWords(
        ("bez SMS-ów",),
        (
            "koniec",
            "zatrzymaj",
            "przestań",
            "przestańcie",
            "rezygnuję",
            "anuluj",
            "wypisz",
            "wypisz mnie",
            "nie pisz",
            "nie piszcie",
        ),
    ),
    "ur": StopWords(
        ("بند", "روکو", "روکیں", "مزید پیغام نہیں"),
        ("سٹاپ", "اسٹاپ", "رک جاؤ", "رک جائیں", "مت بھیجو", "مت بھیجیں", "ختم کریں"),
    ),
    "pa": StopWords(
        ("ਹੋਰ ਸੁਨੇਹੇ ਨਹੀਂ",),
        ("ਬੰਦ", "ਬੰਦ ਕਰੋ", "ਬੰਦ ਕਰ ਦਿਓ", "ਰੋਕੋ", "ਰੁਕੋ", "ਸਟਾਪ", "ਨਾ ਭੇਜੋ"),
    ),
    "ar": StopWords(
        ("توقف", "لا مزيد من الرسائل"),
        (
            "قف",
            "توقفوا",
            "أوقف",
            "أوقفوا",
            "إيقاف",
            "إلغاء",
            "إلغاء الاشتراك",
            "ستوب",
            "لا ترسل",
            "كفى",
        ),
    ),
    "ro": StopWords(
        ("fără mesaje",),
        (
            "opriți",
            "oprește",
            "oprire",
            "opriți-vă",
            "dezabonare",
            "anulare",
            "anulează",
            "renunț",
            "nu mai scrieți",
            "nu mai trimiteți",
        ),
    ),
    "bn": StopWords(
        ("আর মেসেজ নয়",),
        ("বন্ধ", "বন্ধ করুন", "বন্ধ করো", "বন্ধ কর", "থামুন", "থামো", "থামান", "স্টপ", "বাতিল"),
    ),
    "uk": StopWords(
        ("більше не писати",),
        (
            "стоп",
            "зупинити",
            "зупиніть",
            "зупини",
            "припинити",
            "припиніть",
            "відписатися",
            "відписка",
            "скасувати",
            "не пишіть",
            "не пиши",
            "досить",
        ),
    ),
    "so": StopWords(
        ("fariimo dambe maya",),
        ("jooji", "joojiya", "joojin", "jooji fariimaha", "ha soo dirin", "ha ii soo dirin"),
    ),
}
"""By language tag. A word of one language counts in a reply of any."""

_QUESTION = re.compile("[?\N{ARABIC QUESTION MARK}]")


def stop_line_phrases(line: str) -> tuple[str, ...]:
    """What somebody repeats who takes the stop line of a text ("No more texts? ...") for what they
    are to reply: its question, and the line as it stands."""
    asked = _QUESTION.split(line)[0].strip()
    return tuple(phrase for phrase in (asked, line.strip()) if phrase)
