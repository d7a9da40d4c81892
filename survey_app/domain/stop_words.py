"""With which words does somebody ask for no more texts, in each language that we text in?

The languages other than English are to be confirmed by people who speak them (docs/guides/
stop-words.md, which says where the words come from). Whatever is not here reaches staff as an
alert, so a missing word delays a stop and loses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StopWords:
    """Words of one language. `first`: means stop even when more follows. `alone`: means stop when
    nothing else is said, for it also begins other sentences; may be several words."""

    first: tuple[str, ...]
    alone: tuple[str, ...]


STOP_WORDS: Mapping[str, StopWords] = {
    "en": StopWords(
        ("stop", "stopall", "unsubscribe", "optout"),
        ("cancel", "end", "quit", "revoke"),
    ),
    "cy": StopWords(
        ("stopio", "stopiwch"),
        ("stopia", "peidiwch", "canslo", "dim mwy", "dim rhagor", "dim tecst"),
    ),
    "pl": StopWords(
        (),
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
        ("بند", "روکو", "روکیں"),
        ("سٹاپ", "اسٹاپ", "رک جاؤ", "رک جائیں", "مت بھیجو", "مت بھیجیں", "ختم کریں"),
    ),
    "pa": StopWords(
        (),
        ("ਬੰਦ", "ਬੰਦ ਕਰੋ", "ਬੰਦ ਕਰ ਦਿਓ", "ਰੋਕੋ", "ਰੁਕੋ", "ਸਟਾਪ", "ਨਾ ਭੇਜੋ"),
    ),
    "ar": StopWords(
        ("توقف",),
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
        (),
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
        (),
        ("বন্ধ", "বন্ধ করুন", "বন্ধ করো", "বন্ধ কর", "থামুন", "থামো", "থামান", "স্টপ", "বাতিল"),
    ),
    "uk": StopWords(
        (),
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
        (),
        ("jooji", "joojiya", "joojin", "jooji fariimaha", "ha soo dirin", "ha ii soo dirin"),
    ),
}
"""By language tag. A word of one language counts in a reply of any."""
