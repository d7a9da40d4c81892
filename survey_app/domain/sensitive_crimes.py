"""Which crime categories count as a flag in a service that has not said otherwise?

Default deny (DOMAIN.md, safety rule 1): a category that plainly names such a crime counts as its
flag even where nobody ticked the flag. A service may change its own map.
"""

from collections.abc import Mapping

from survey_app.domain.cases import Flag

_NAMES: Mapping[Flag, tuple[str, ...]] = {
    Flag.DOMESTIC_ABUSE: (
        "coercive control",
        "domestic abuse",
        "domestic violence",
        "honour-based abuse",
    ),
    Flag.SEXUAL_VIOLENCE: (
        "rape",
        "rape and sexual offences",
        "sexual abuse",
        "sexual assault",
        "sexual offence",
        "sexual offences",
        "sexual violence",
    ),
    Flag.STALKING: ("stalking", "stalking and harassment", "harassment and stalking"),
    Flag.HATE_CRIME: ("hate crime", "hate incident"),
    Flag.HOMICIDE: ("homicide", "manslaughter", "murder"),
}

USUAL_SENSITIVE_CRIMES: Mapping[str, Flag] = {
    spelling: flag
    for flag, names in _NAMES.items()
    for name in names
    for spelling in (name, name.replace(" ", "-"))
}
"""Crime category, case-folded, to the flag it counts as."""
