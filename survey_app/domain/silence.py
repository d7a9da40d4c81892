"""What could those who did not answer change? The widest that a share can be moved by them.

Bounds without any assumption (C. F. Manski, "Partial Identification of Probability Distributions",
2003): once as if every silent person had said no, once as if every one had said yes.
"""

from survey_app.domain.statistics import Rate, rate


def bounds(share: Rate, everyone: int) -> tuple[Rate, Rate] | None:
    """The share if all the silent of `everyone` said no, and if all said yes.

    None where nobody answered, where the share is suppressed, and where more answered than there
    were to ask: the base is then another than `everyone`.
    """
    if share.numerator is None or not share.denominator or share.denominator > everyone:
        return None
    silent = everyone - share.denominator
    return rate(share.numerator, everyone), rate(share.numerator + silent, everyone)
