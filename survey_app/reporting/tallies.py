"""What is counted for a report, row by row: partly as kept by month, the rest in the database now.

A *tally* is one such question. Its rows are keys and sums; the rows of several months are the rows
of all of them together, so that what is made of them cannot tell kept from live.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.periods import days_of, quarter_of
from survey_app.reporting.filters import NOT_RECORDED, OF_TIME, Dimension
from survey_app.reporting.population import Basis, Population, named_by
from survey_app.store.kept_months import find_kept_months, read_kept_rows

ROWS_VERSION = 1
"""Goes up when a tally comes to count something else under the same names."""

EVERYONE = ""
"""As dimension: the rows of everyone, not split."""

CountedRow = Mapping[Any, Any]
Live = Callable[[Session, Population], Iterable[CountedRow]]


@dataclass(frozen=True)
class Tally:
    """The names of what tells rows apart and of what is summed up; `tier_key` makes the tier."""

    name: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]


Only = tuple[str, Collection[str]]
"""A key, and what it may be."""


def counted_rows(
    session: Session, population: Population, tally: Tally, live: Live, only: Only | None = None
) -> Iterator[CountedRow]:
    """The rows of a tally that pass the filter by tier: that rule is the domain's own.

    `live` counts what is not kept, and no others than `only` names.
    """
    for row in _all_rows(session, population, tally, live, only):
        if population.has_tier_of(row):
            yield row


def _all_rows(
    session: Session, population: Population, tally: Tally, live: Live, only: Only | None
) -> Iterator[CountedRow]:
    if population.kept:
        yield from _kept_rows(session, population, tally, only)
    if population.is_live:
        yield from live(session, population)


def asked_once(live: Live) -> Live:
    """The same, remembering what it found: for several tallies of one question."""
    found: list[CountedRow] | None = None

    def rows(session: Session, population: Population) -> list[CountedRow]:
        nonlocal found
        if found is None:
            found = list(live(session, population))
        return found

    return rows


def counted_as(population: Population) -> str:
    """How a population's months are counted today: what is kept otherwise is of no use."""
    return f"{ROWS_VERSION}:{population.highest_deliveries}"


def with_kept_months(session: Session, population: Population) -> Population:
    """The population with its live months taken as kept, where they are kept and have not moved,
    and where the question is one that a kept month answers."""
    if _place(population) is None or not population.live_months:
        return population
    months, how = population.live_months, counted_as(population)
    kept = find_kept_months(
        session, population.service_id, months[0], months[-1], how, population.now
    )
    return replace(
        population, kept=kept, live_months=tuple(month for month in months if month not in kept)
    )


def _place(population: Population) -> tuple[str, str | None] | None:
    """Under which dimension and value the answer is kept; value None is every value."""
    if population.basis is not Basis.CLOSED or population.filters.instrument is not None:
        return None
    by = {population.by} - {None, *OF_TIME}
    asked = by | population.filters.only.keys()
    if not asked:
        return EVERYONE, None
    if len(asked) > 1:
        return None
    [dimension] = asked
    assert dimension is not None
    return dimension.value, population.filters.only.get(dimension)


def _kept_rows(
    session: Session, population: Population, tally: Tally, only: Only | None
) -> Iterator[CountedRow]:
    """The rows of all kept months as one table."""
    asked = _place(population)
    assert asked is not None
    dimension, value = asked
    keys = tally.keys
    if dimension == Dimension.TIER:
        # Every row of a tally by tier can be asked for its tier already.
        dimension, keys = (EVERYONE, keys) if "tier_key" in keys else (dimension, _with_tier(tally))
        value = None
    found = read_kept_rows(
        session,
        population.kept.values(),
        tally.name,
        dimension,
        None if dimension == Dimension.FLAG else _recorded(value),
    )
    month_of = {month_id: month for month, month_id in population.kept.items()}
    totals: dict[tuple[Any, ...], list[int]] = {}
    for month_id, group, content in found:
        if not _is_wanted(dimension, group, value):
            continue
        extra = _extra(population, month_of[month_id], group)
        rows = unpacked(content)
        if only is not None:
            place, wanted = keys.index(only[0]), only[1]
            rows = [row for row in rows if row[place] in wanted]
        for row in rows:
            _add(totals, (*extra, *row[: len(keys)]), row[len(keys) :])
    names = (*_extra_names(population), *keys)
    for key, sums in totals.items():
        yield dict(zip((*names, *tally.sums), (*key, *sums), strict=True))


def _with_tier(tally: Tally) -> tuple[str, ...]:
    return (*tally.keys, "tier_key")


def _recorded(value: str | None) -> str | None:
    return "" if value == NOT_RECORDED else value


def _is_wanted(dimension: str, group: str, value: str | None) -> bool:
    if dimension != Dimension.FLAG or value is None:
        return True
    return value in group.split(";") if group else value == NOT_RECORDED


def _extra_names(population: Population) -> tuple[str, ...]:
    if population.by is None or population.by is Dimension.TIER:
        return ()
    return ("month_key",) if population.by in OF_TIME else ("group_key",)


def _extra(population: Population, month: str, group: str) -> tuple[Any, ...]:
    """What tells the group of a row."""
    if population.by is None or population.by is Dimension.TIER:
        return ()
    if population.by is Dimension.MONTH:
        return (month,)
    if population.by is Dimension.QUARTER:
        # All months of a quarter are one group: any of them names it.
        return (quarter_of(days_of(month)[0]).months[0],)
    return (group,)


def rows_to_keep(tally: Tally, rows: Iterable[CountedRow]) -> Iterator[tuple[str, str, bytes]]:
    """Dimension, value and packed rows, of everyone and of each value of each dimension.

    `rows` are told apart by every dimension at once (`Population.is_to_keep`).
    """
    # Rows alike but for their dimensions get one number, so that counting hashes no long keys.
    kinds: dict[tuple[Any, ...], int] = {}
    numbers: list[int] = []
    has_own_tier = "tier_key" in tally.keys
    keys = tally.keys if has_own_tier else (*tally.keys, "tier_key")
    rows = list(rows)
    for row in rows:
        kind = (*(row[name] for name in keys), *(int(row[name] or 0) for name in tally.sums))
        numbers.append(kinds.setdefault(kind, len(kinds)))
    if not rows:
        return
    everyone = Counter(numbers)
    known = list(kinds)
    yield EVERYONE, "", _table(known, everyone, len(keys), len(tally.keys))
    if not has_own_tier:
        yield Dimension.TIER.value, "", _table(known, everyone, len(keys), len(keys))
    for dimension, column in _COLUMNS.items():
        if column in rows[0]:
            groups: dict[str, dict[int, int]] = defaultdict(dict)
            for (value, number), count in Counter(
                zip((row[column] for row in rows), numbers, strict=True)
            ).items():
                groups[value or ""][number] = groups[value or ""].get(number, 0) + count
            for value, counts in groups.items():
                yield dimension, value, _table(known, counts, len(keys), len(tally.keys))


def _table(
    kinds: Sequence[tuple[Any, ...]], counts: Mapping[int, int], begin: int, wanted: int
) -> bytes:
    """So many rows of each kind, packed: the first `wanted` keys, and the sums, which `begin`."""
    table: dict[tuple[Any, ...], list[int]] = {}
    for number, count in counts.items():
        kind = kinds[number]
        _add(table, kind[:wanted], [count * n for n in kind[begin:]])
    return packed((*key, *sums) for key, sums in table.items())


_COLUMNS = {
    dimension.value: named_by(dimension)
    for dimension in Dimension
    if dimension not in OF_TIME and dimension is not Dimension.TIER
}


def _add(table: dict[tuple[Any, ...], list[int]], key: tuple[Any, ...], sums: list[int]) -> None:
    known = table.get(key)
    table[key] = sums if known is None else [a + b for a, b in zip(known, sums, strict=True)]


def packed(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """Rows of keys and sums as they are stored: sorted JSON, compressed."""
    text = json.dumps(sorted(rows, key=repr), separators=(",", ":"), ensure_ascii=False)
    return zlib.compress(text.encode())


def unpacked(content: bytes) -> list[list[Any]]:
    """The rows that were packed."""
    rows: list[list[Any]] = json.loads(zlib.decompress(content))
    return rows
