"""What does each figure mean: in words, as a formula, and since which version?"""

from flask_babel import gettext as _

from survey_app.web.commissioner.blocks import Block, Table


def definitions_blocks(version: str) -> list[Block]:
    """Every figure of the other pages, in their order."""
    return [
        _block("people", _("Who is counted"), _people(), version),
        _block("shares", _("Shares and chance"), _shares(), version),
        _block("satisfaction", _("Satisfaction"), _satisfaction(), version),
        _block("outcomes", _("Outcomes and stars"), _outcomes(), version),
        _block("tests", _("Comparing and trends"), _tests(), version),
    ]


def _block(place: str, title: str, rows: list[list[str]], version: str) -> Block:
    return Block(
        id=place,
        title=title,
        sentence=_("Definitions version %(version)s.", version=version),
        tables=(
            Table(
                title,
                [_("Figure"), _("What it means"), _("How it is worked out")],
                rows,
                words=3,
                has_many_words=True,
            ),
        ),
    )


def _people() -> list[list[str]]:
    return [
        [
            _("Period"),
            _("A quarter of the financial year: Q1 is April to June."),
            _("The day the case closed; on the other basis, the day of the answer."),
        ],
        [_("Supported"), _("A closed case with support given."), _("Deliveries of 1 or more.")],
        [
            _("Eligible"),
            _("Of those, whom the programme asks."),
            _("Tier 1 to 3, and not a closing reason that the programme leaves out."),
        ],
        [
            _("Contactable"),
            _("Somebody could safely be asked."),
            _("The contact rule said yes once, or another channel could be used."),
        ],
        [_("Asked"), _("A text, a call or a form."), _("Accepted by the provider, or made.")],
        [_("Reached"), _("It arrived."), _("Text delivered, call answered, or in person.")],
        [_("Started"), _("The first page was left."), _("Start pressed, or answers imported.")],
        [
            _("Completed"),
            _("A satisfaction survey came to its end."),
            _("End or Finish reached with one answer or more, or imported."),
        ],
        [
            _("Provisional"),
            _("Figures may still move."),
            _("A survey of this period is still open."),
        ],
    ]


def _shares() -> list[list[str]]:
    return [
        [
            _("Share"),
            _("Per cent of valid answers to one question."),
            _(
                "Numerator / denominator. Blank, does not apply, prefer not to say and needed no "
                "help are not in it, and stand beside it."
            ),
        ],
        [
            _("Likely"),
            _("Where the true share lies, 19 times in 20."),
            _("Wilson's interval, at 95 per cent."),
        ],
        [_("No data"), _("Nobody is in the base."), _("Never shown as nought per cent.")],
        [
            "[c]",
            _("Kept back, because it is about very few people."),
            _("Counts, bases and gaps of 1 to 4, and what would give them away."),
        ],
    ]


def _satisfaction() -> list[list[str]]:
    return [
        [
            _("Satisfied or very satisfied"),
            _("How people felt about the support as a whole."),
            _("The two best of five answers / all five."),
        ],
        [
            _("Affected"),
            _("The crime touched this part of life."),
            _("Yes / (yes + no)."),
        ],
        [
            _("Helped, of those affected"),
            _("The service helped to cope with that."),
            _("Yes / (yes + no), among those affected; needed no help stands beside."),
        ],
        [
            _("Helped, of all asked"),
            _("The same, of everyone asked whether they were affected."),
            _("Yes / all who answered the question before."),
        ],
        [
            _("If all others were, or were not"),
            _("What the silent could change at most."),
            _("(Yes + silent) / eligible, and yes / eligible."),
        ],
    ]


def _outcomes() -> list[list[str]]:
    return [
        [
            _("Pair"),
            _("A first and a last answer of one case on one scale."),
            _("Earliest at the start with latest at closing, else the latest review."),
        ],
        [
            _("Improved, declined"),
            _("Moved by at least the smallest step that means something."),
            _("Last − first, against the questionnaire's minimum change."),
        ],
        [
            _("Sustained, doing well"),
            _("Stayed, and at a good level."),
            _("Not moved, and last at or above “doing well”."),
        ],
        [
            _("Sustained, low"),
            _("Stayed, and not at a good level."),
            _("Not moved, last below it."),
        ],
        [
            _("With room to improve"),
            _("Not at the best answer to begin with."),
            _("Improved / pairs whose first value was not the best."),
        ],
        [
            _("First only, last only"),
            _("Answered once: nothing to compare."),
            _("Counted, in no share."),
        ],
        [
            _("Any area up"),
            _("A star with one area or more that rose."),
            _("Cases with a risen area / cases with a paired area."),
        ],
        [
            _("Median"),
            _("Where the person in the middle stood."),
            _("Before means, because steps are an order and not a measure."),
        ],
    ]


def _tests() -> list[list[str]]:
    return [
        [
            _("More than chance"),
            _("A change or difference that chance alone makes in 1 of 20 cases or fewer."),
            _(
                "Newcombe's interval of two shares leaves out nought; for many groups at once it "
                "is widened (Bonferroni)."
            ),
        ],
        [
            _("Usual variation"),
            _("How far a figure wobbles from period to period with nothing behind it."),
            _("Mean ± 2.66 × the average step between neighbours (XmR chart)."),
        ],
        [
            _("Signal"),
            _("More than usual variation."),
            _("A point outside, eight in a row on one side, or six in a row in one direction."),
        ],
        [
            _("Funnel"),
            _("Where shares of places lie if all are alike; small places wobble more."),
            _("Exact binomial limits, 95 and 99.8 per cent."),
        ],
        [
            _("Loss at a step"),
            _("Who came so far and no further."),
            _("One step's count − the next one's; later steps lose as they do now."),
        ],
    ]
