"""What does a text say? Neutral words, no name, nothing that gives away why it was sent.

Safety rule 4: no crime, no police, no service name unless the person agreed, no person's name; the
agreed check word where there is one, so that a nameless text is not taken for fraud. English is the
source of the catalogues. A text never mixes languages: a catalogue that misses one sentence is not
used at all.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from survey_app.domain.languages import ENGLISH, LANGUAGES, find_language
from survey_app.domain.requests import USUAL_WORDING, InvitationWording, MessageKind
from survey_app.store.catalogues import (
    TRANSLATIONS,
    WordsOf,
    catalogue_path,
    is_sound,
    read_catalogue,
    shipped_catalogues,
)


def N_(sentence: str) -> str:  # noqa: N802 (gettext's own name for "extract, translate later")
    """Mark a sentence for extraction."""
    return sentence


_HELLO = N_("Hello.")
_HELLO_FROM = N_("Hello from %(service)s.")
_CHECK_WORD = N_("Your word is %(word)s.")
_INVITATION = N_("You said we may ask how you are. It takes a few minutes: %(link)s")
_INVITATION_QUESTION_FIRST = N_("How are you now? You said we may ask. A few minutes: %(link)s")
_REMINDER = N_("A reminder: you can still tell us how you are, here: %(link)s")
_STOP = N_("No more texts? Use the same link.")

_INVITATIONS = {
    InvitationWording.PERMISSION_FIRST: _INVITATION,
    InvitationWording.QUESTION_FIRST: _INVITATION_QUESTION_FIRST,
}

SENTENCES = (_HELLO, _HELLO_FROM, _CHECK_WORD, *_INVITATIONS.values(), _REMINDER, _STOP)
"""All that a text can say, for the catalogue checks."""


@dataclass(frozen=True)
class Wording:
    """A text as written, and the language that it is really in."""

    body: str
    language: str


def link_to(base_url: str, token: str) -> str:
    """The address that a text carries (FORMATS.md: `BASE/s/TOKEN`)."""
    return f"{base_url}/s/{token}"


def write_text(
    kind: MessageKind,
    *,
    language: str,
    link: str,
    service_name: str | None = None,
    check_word: str | None = None,
    invitation: InvitationWording = USUAL_WORDING,
) -> Wording:
    """The text of this kind. `service_name` only where the person agreed to be told it.

    `invitation` says in which wording an invitation asks; a reminder has but one.

    `language` is the tag of one that the service offers (`store.offered_languages`); a text that it
    cannot say comes in English.
    """
    known = find_language(language) or ENGLISH
    catalogue = shipped_catalogues().get(known.tag)
    if not catalogue.can_text:
        catalogue = shipped_catalogues().get(ENGLISH.tag)
    say = catalogue.words[WordsOf.TEXTS].gettext
    sentences = []
    if service_name:
        sentences.append(say(_HELLO_FROM) % {"service": _one_line(service_name)})
    else:
        sentences.append(say(_HELLO))
    if check_word:
        sentences.append(say(_CHECK_WORD) % {"word": _one_line(check_word)})
    ask = _INVITATIONS[invitation] if kind is MessageKind.INVITATION else _REMINDER
    sentences.append(say(ask) % {"link": link})
    # The stop line stands on a line of its own, so that no phone takes it into the link.
    return Wording(" ".join(sentences) + "\n" + say(_STOP), catalogue.language.tag)


@cache
def stop_lines(folder: Path = TRANSLATIONS) -> tuple[str, ...]:
    """The line that says how to stop texts, as this release writes it in each language.

    From the texts' own small files alone: a reply must not wait until all catalogues are read.
    """
    lines = [_STOP]
    for language in LANGUAGES:
        file = read_catalogue(catalogue_path(folder, language.tag, WordsOf.TEXTS), None)
        message = file.get(_STOP)
        if message is not None and is_sound(message, file.num_plurals):
            lines.append(str(message.string))
    return tuple(lines)


def _one_line(words: str) -> str:
    return " ".join(words.split())
