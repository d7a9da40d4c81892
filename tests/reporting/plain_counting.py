"""The figures of a world counted a second time: case by case over plain rows, with no database.

Written from FORMATS.md ("Definitions that no two surfaces may differ on"), not from the code.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

from survey_app.store.cases import Case
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from tests.reporting.worlds import NOW, QUARTER_END, QUARTER_START, World

OUTSIDE = ("does-not-apply", "prefer-not-to-say", "not-needed")


def in_quarter(day: date | None) -> bool:
    return day is not None and QUARTER_START <= day <= QUARTER_END


def standing_request(world: World, case: Case) -> SurveyRequest | None:
    request = world.requests.get(case.id)
    return None if request is None or request.end_reason == "no-longer-eligible" else request


def tier(world: World, case: Case) -> str:
    request = standing_request(world, case)
    if request is not None:
        return request.tier or "none"
    if case.support_level == "care-unit" or case.deliveries == 0:
        return "none"
    if case.support_level == "caseworker":
        return "3"
    return "1" if case.deliveries <= 2 else "2"


def counting(world: World) -> list[Response]:
    return [r for r in world.responses if r.counts_on is not None and r.superseded_by_id is None]


def instrument_of(world: World, response: Response) -> str:
    return next(k for k, s in world.snapshots.items() if s.id == response.instrument_id)


def ladder(world: World, keep: Callable[[Case], bool]) -> dict[str, Counter[str]]:
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for case in world.cases:
        if in_quarter(case.closed_on) and keep(case):
            counts = ladder_of_case(world, case)
            own = tier(world, case) if case.deliveries else "none"
            rows[own].update(counts)
            rows["all"].update(counts)
    return rows


def ladder_of_case(world: World, case: Case) -> Counter[str]:
    counts: Counter[str] = Counter()
    for case_id, message in world.messages:
        if case_id == case.id:
            counts["sent"] += message.state in ("accepted", "delivered")
            counts["delivered"] += message.state == "delivered"
            counts["failed"] += message.state == "failed"
    if not case.deliveries:
        counts["not_asked.no-delivery"] += 1
        return counts
    counts["supported"] += 1
    if tier(world, case) == "none":
        counts["not_asked.care-unit"] += 1
        return counts
    if case.closure_reason in ("declined", "no-contact", "transferred"):
        counts[f"not_asked.{case.closure_reason}"] += 1
        return counts
    counts["eligible"] += 1
    count_steps(world, case, counts)
    return counts


def count_steps(world: World, case: Case, counts: Counter[str]) -> None:
    kept = world.requests.get(case.id)
    request = standing_request(world, case)
    closing = [
        r
        for r in world.responses
        if r.case_id == case.id
        and r.wave == "closure"
        and r.superseded_by_id is None
        and instrument_of(world, r) != "adult-star"
    ]
    done = [
        r
        for r in closing
        if r.counts_on and r.is_complete and instrument_of(world, r) != "self-assessment"
    ]
    completed = bool(done)
    started = completed or bool(closing) or bool(kept and kept.started_at)
    reached = started or bool(kept and kept.reached_at)
    asked = reached or bool(kept and (kept.first_text_accepted_at or kept.call_made_at))
    contactable = asked or bool(request and request.is_contactable)
    counts["contactable"] += contactable
    counts["asked"] += asked
    counts["reached"] += reached
    counts["started"] += started
    counts["completed"] += completed
    if done:
        counts[f"mode.{max(done, key=lambda r: r.id).mode}"] += 1
    counts["opted_out"] += bool(kept and kept.opted_out_at)
    counts["expired"] += asked and bool(kept and kept.state == "expired")
    if not asked:
        counts[f"not_asked.{why_not(kept, request)}"] += 1


def why_not(kept: SurveyRequest | None, request: SurveyRequest | None) -> str:
    if request is None or kept is None:
        return "too-late"
    if kept.refusal:
        return kept.refusal
    if kept.deferred_until is not None:
        return "deferred"
    return "not-sent" if kept.due_at <= NOW else "not-yet-due"


def satisfaction(
    world: World, basis: str, keep: Callable[[Case, Response], bool]
) -> dict[tuple[str, str, str], Counter[str]]:
    rows: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    cases = {case.id: case for case in world.cases}
    for response in counting(world):
        case = cases[response.case_id]
        day = case.closed_on if basis == "closed" else response.counts_on
        if not in_quarter(day) or not keep(case, response):
            continue
        key = instrument_of(world, response)
        given = world.answers[response.id]
        for item in world.instruments[key].items:
            is_asked = item.ask_when is None or given.get(item.ask_when.item) == "yes"
            code = given.get(item.id, "")
            for measure in item.measures:
                row = rows[tier(world, case), key, measure.key]
                row["n"] += code in measure.positive
                row["d"] += bool(code) and code not in OUTSIDE
                row["blank"] += is_asked and not code
                for outside in OUTSIDE:
                    row[outside.replace("-", "_")] += code == outside
                if item.ask_when is not None:
                    row["asked"] += given.get(item.ask_when.item, "") in ("yes", "no")
    return rows


def readings(world: World, key: str) -> dict[tuple[int, str], list[tuple[date, int, str, int]]]:
    """Day, response, wave and value of each answered area, by case and area, oldest first."""
    found: dict[tuple[int, str], list[tuple[date, int, str, int]]] = defaultdict(list)
    for response in counting(world):
        if instrument_of(world, response) == key:
            for area, code in world.answers[response.id].items():
                if code.isdigit():
                    reading = response.counts_on, response.id, response.wave, int(code)
                    found[response.case_id, area].append(reading)
    return {place: sorted(values) for place, values in found.items()}


def outcomes(world: World, basis: str, keep: Callable[[Case], bool]) -> dict[str, Counter[str]]:
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    cases = {case.id: case for case in world.cases}
    for (case_id, area), values in readings(world, "self-assessment").items():
        base = [v for v in values if v[2] == "baseline"]
        close = [v for v in values if v[2] == "closure"]
        review = [v for v in values if v[2] == "review"]
        first, last = (base or [None])[0], (close or review or [None])[-1]
        newest = last if last is not None and (first or close) else first
        if newest is None:
            continue
        day = cases[case_id].closed_on if basis == "closed" else newest[0]
        if in_quarter(day) and keep(cases[case_id]):
            rows[area].update(outcome_of(first, last if close or first else None, bool(close)))
    return rows


def outcome_of(first: tuple | None, last: tuple | None, has_closure: bool) -> Counter[str]:
    if first is None:
        return Counter(closure_only=1)
    if last is None:
        return Counter(baseline_only=1)
    step = last[3] - first[3]
    kind = "improved" if step > 0 else "declined" if step < 0 else "sustained_low"
    if step == 0 and last[3] >= 4:
        kind = "sustained_well"
    return Counter(
        {"paired": 1, kind: 1, "with_room": first[3] < 5, "paired_with_review": not has_closure}
    )


def stars(
    world: World, basis: str, keep: Callable[[Case], bool]
) -> tuple[dict[str, Counter[str]], dict[str, list[tuple[int, int]]], dict[int, bool]]:
    """Per area the counts and the paired values; per case with a paired area whether one rose."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    values: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rose: dict[int, bool] = {}
    cases = {case.id: case for case in world.cases}
    ranks = {"together": 0, "worker": 1, None: 3}
    scorers = {r.id: ranks[r.scored_by] for r in world.responses if r.scored_by in ranks}
    for (case_id, area), given in readings(world, "adult-star").items():
        occasions: dict[tuple[date, str], tuple[date, int, str, int]] = {}
        for value in sorted(given, key=lambda v: (scorers[v[1]], -v[1]), reverse=True):
            occasions[value[0], value[2]] = value
        order = sorted(occasions.values(), key=lambda v: (v[0], v[1]))
        day = cases[case_id].closed_on if basis == "closed" else order[-1][0]
        if not in_quarter(day) or not keep(cases[case_id]):
            continue
        if len(order) < 2:
            rows[area]["one_reading_only"] += 1
            continue
        first, last = order[0][3], order[-1][3]
        move = "increased" if last > first else "decreased" if last < first else "maintained"
        rows[area].update({"paired": 1, move: 1})
        values[area].append((first, last))
        rose[case_id] = rose.get(case_id, False) or move == "increased"
    return rows, values, rose
