"""How many of those supported were asked, reached and answered, and who sees which of it?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy.orm import Session

from survey_app.domain.circuits import Gap, Sum
from survey_app.domain.ladder import (
    ALL_TIERS,
    NO_TIER,
    STEPS,
    TIERS,
    NotAsked,
    ladder,
    tier_in_ladder,
)
from survey_app.domain.statistics import Rate
from survey_app.domain.tiers import NotEligibleReason
from survey_app.reporting.ladder_facts import TEXTS, CountedFacts, count_facts
from survey_app.reporting.population import Population
from survey_app.reporting.suppression import Cell, Count, Section, View

_ROWS = (*TIERS, ALL_TIERS)
_COUNTS = (*STEPS, "opted_out", "expired")
_NO_DELIVERY = f"not_asked.{NotAsked.NO_DELIVERY}"
_NOT_ELIGIBLE = frozenset(f"not_asked.{reason}" for reason in NotEligibleReason)
_ONLY_NONE = frozenset(
    f"not_asked.{reason}"
    for reason in (
        NotEligibleReason.NO_DELIVERY,
        NotEligibleReason.CARE_UNIT,
        NotEligibleReason.NO_TIER,
    )
)


@dataclass(frozen=True)
class LadderRow:
    """One tier of the ladder. `target` is per cent completed of supported, None without one."""

    group: str | None
    tier: str
    supported: Count
    eligible: Count
    contactable: Count
    asked: Count
    reached: Count
    started: Count
    completed: Count
    texts: Mapping[str, Count]
    opted_out: Count
    expired: Count
    not_asked: Mapping[str, Count]
    completed_by_mode: Mapping[str, Count]
    completed_of_eligible: Rate
    completed_of_supported: Rate
    target: float | None


def count_ladder(
    session: Session, population: Population, *, with_texts: bool = True, with_ties: bool = True
) -> Section:
    """The ladder's cells, for everyone and for each group, and how they add up where asked.

    Without `with_texts` the numbers of texts are of no use.
    """
    by_group: dict[str | None, list[CountedFacts]] = {None: []}
    for counted in count_facts(session, population, with_texts=with_texts):
        for group in (None, *counted.groups):
            by_group.setdefault(group, []).append(counted)
    counts: dict[Cell, int] = {}
    for group, facts in by_group.items():
        counts |= _cells_of_group(group, facts)
    counts = _with_noughts(counts)
    rows = [(group, (tier,)) for group in sorted(by_group, key=str) for tier in _ROWS]
    if not with_ties:
        return Section(counts, rows=tuple(rows))
    return Section(
        counts,
        tuple(tie for group, (tier,) in rows for tie in _sums(counts, group, tier)),
        tuple(gap for group, (tier,) in rows for gap in _gaps(counts, group, tier)),
        frozenset(cell for cell in counts if cell[2] == (ALL_TIERS,)),
        rows=tuple(rows),
    )


def ladder_rows(view: View, section: Section, targets: Mapping[str, float]) -> list[LadderRow]:
    """The ladder as its audience sees it, tiers in their order within each group."""
    return [_row(view, group, tier, targets) for group, (tier,) in section.rows]


def _cell(group: str | None, tier: str, key: str) -> Cell:
    return "ladder", group, (tier,), key


def _cells_of_group(group: str | None, facts: Iterable[CountedFacts]) -> dict[Cell, int]:
    facts = list(facts)
    counts: Counter[Cell] = Counter()
    for row in ladder((counted.facts, counted.cases) for counted in facts):
        counts.update({_cell(group, row.tier, key): getattr(row, key) for key in _COUNTS})
        for part, values in (("not_asked", row.not_asked), ("mode", row.completed_by_mode)):
            counts.update({_cell(group, row.tier, f"{part}.{k}"): n for k, n in values.items()})
    for counted in facts:
        for tier in (tier_in_ladder(counted.facts), ALL_TIERS):
            counts.update({_cell(group, tier, f"texts.{k}"): counted.texts[k] for k in TEXTS})
    return dict(counts)


def _with_noughts(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """Every count that a row could have. Where nobody can be, there is no cell to hide or to move.

    That is a row without any case, a step beyond support in tier `none`, and in a tier the
    reasons that put a case into `none`.
    """
    peopled = {cell[1:3] for cell, count in counts.items() if count}
    keys = {cell[3] for cell in counts}
    cells = {("ladder", *row, key) for row in peopled for key in keys if _may_be(row[1][0], key)}
    return {cell: counts.get(cell, 0) for cell in sorted(cells, key=str)}


def _may_be(tier: str, key: str) -> bool:
    if tier == ALL_TIERS or key.startswith("texts."):
        return True
    return key == "supported" or (key in _ONLY_NONE) == (tier == NO_TIER)


def _sums(counts: Mapping[Cell, int], group: str | None, tier: str) -> Iterator[Sum]:
    """Tiers add up to all; reasons and modes add up to those they explain."""
    keys = [cell[3] for cell in counts if cell[1:3] == (group, (tier,))]
    reasons = [key for key in keys if key.startswith("not_asked.") and key != _NO_DELIVERY]
    explained = {
        "supported": ["asked", *reasons],
        "completed": [key for key in keys if key.startswith("mode.")],
        "eligible": ["asked", *(key for key in reasons if key not in _NOT_ELIGIBLE)],
    }
    for whole, parts in explained.items():
        yield from _if_true(
            counts, _cell(group, tier, whole), (_cell(group, tier, k) for k in parts)
        )
    if tier == ALL_TIERS:
        for key in keys:
            by_tier = (_cell(group, one, key) for one in TIERS)
            yield from _if_true(counts, _cell(group, ALL_TIERS, key), by_tier)


def _if_true(counts: Mapping[Cell, int], whole: Cell, parts: Iterable[Cell]) -> Iterator[Sum]:
    """A tie, unless a reason of the contact rule is also one of closing, so that it fails."""
    parts = tuple(cell for cell in parts if cell in counts)
    if whole in counts and counts[whole] == sum(counts[cell] for cell in parts):
        yield Sum((whole,), parts)


def _gaps(counts: Mapping[Cell, int], group: str | None, tier: str) -> Iterator[Gap]:
    shares = {("eligible", "completed"), ("supported", "completed")}
    contained = {
        *pairwise(STEPS),
        ("eligible", "opted_out"),
        ("asked", "expired"),
        ("texts.sent", "texts.delivered"),
        *shares,
    }
    for whole, part in sorted(contained):
        gap = Gap(_cell(group, tier, whole), _cell(group, tier, part), (whole, part) in shares)
        if gap.whole in counts and gap.part in counts:
            yield gap


def _row(view: View, group: str | None, tier: str, targets: Mapping[str, float]) -> LadderRow:
    def cell(key: str) -> Cell:
        return _cell(group, tier, key)

    def part(name: str) -> dict[str, Count]:
        keys = [key for key in view.keys_of_row(cell("")) if key.startswith(f"{name}.")]
        shown = {key.removeprefix(f"{name}."): view.count(cell(key)) for key in sorted(keys)}
        return {key: count for key, count in shown.items() if count}

    return LadderRow(
        group=group,
        tier=tier,
        texts={key: view.count(cell(f"texts.{key}")) for key in TEXTS},
        not_asked=part("not_asked"),
        completed_by_mode=part("mode"),
        completed_of_eligible=view.rate(cell("completed"), cell("eligible")),
        completed_of_supported=view.rate(cell("completed"), cell("supported")),
        target=targets.get(tier),
        **{key: view.count(cell(key)) for key in _COUNTS},
    )
