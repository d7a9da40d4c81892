"""What might someone answer? Codes follow a person's mood, so that the figures tell a story."""

import random

from survey_app.domain.items import Item, ItemType
from survey_app.domain.requests import Wave

COMMENTS = (
    "Everyone was kind. I felt listened to for the first time.",
    "It took a long time before somebody rang me back.",
    "thank u so much, my worker was brilliant",
    "I still do not sleep well but I know who to call now.",
    "Could have done with more help with the housing people",
    "The alarm for the door made the biggest difference.",
    "Not sure who you are but the lady on the phone was nice",
    "Nobody told me what was happening with the case.",
)


def invent_code(rng: random.Random, item: Item, mood: float, wave: str) -> str | None:
    """A code of the item, free text for a text item, or None: the question is skipped."""
    if item.type is ItemType.TEXT:
        return rng.choice(COMMENTS) if rng.random() < 0.2 else None
    chance = rng.random()
    if chance < 0.03:
        return None
    if chance < 0.05:
        return "prefer-not-to-say"
    if item.outcome is not None:
        return _scale_code(rng, item, mood, wave)
    return _choice_code(rng, item, mood)


def _scale_code(rng: random.Random, item: Item, mood: float, wave: str) -> str:
    """Baselines sit low on the scale; support moves people up by their mood, and some down."""
    codes = sorted(item.values, key=lambda code: item.values[code])
    level = mood if wave != Wave.BASELINE else mood * 0.45 + 0.1
    place = round((len(codes) - 1) * min(max(level + rng.gauss(0, 0.16), 0), 1))
    return codes[place]


def _choice_code(rng: random.Random, item: Item, mood: float) -> str:
    codes = [code for code in item.codes if code != "prefer-not-to-say"]
    if item.id == "contact-me":
        return "yes" if rng.random() < 0.12 else "no"
    if not item.measures:
        return codes[0] if rng.random() < 0.45 else codes[1]
    positive = [code for code in item.measures[0].positive if code in codes]
    if rng.random() < 0.35 + 0.6 * mood:
        return rng.choices(positive, range(1, len(positive) + 1))[0]
    return rng.choice([code for code in codes if code not in positive])
