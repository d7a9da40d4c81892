"""Nothing that is served to the commissioner's role holds a hidden count: not one byte of any file.

Every hidden count is given a number that occurs nowhere else, and then another one. Whatever a page
or a file makes of it (a share, a width, a sentence) would hold that number, or change with it.

Covered: every figures page, the page of every one of the eleven splits, and all their files, first
with the one number. With the other, what is stored is compared whole, then every page again; files
are made of what is stored and of nothing else, so only those of everyone are made again.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from survey_app.domain.cases import Role
from survey_app.domain.periods import Quarter
from survey_app.reporting import quarter_tables as tables_of_quarter
from survey_app.reporting import report as live
from survey_app.reporting.filters import Dimension
from survey_app.reporting.quarter_tables import PUBLISHED_BY, quarter_tables
from survey_app.reporting.suppression import Cell, View
from survey_app.store.publications import Publication
from survey_app.store.scope import Scope
from survey_app.usecases.publish_quarter import to_publish
from survey_app.web.commissioner.pages.registry import PAGES
from tests.drawn_figures import database_kind, place, world
from tests.reporting.worlds import NOW, World

__all__ = ["database_kind", "place", "world"]

QUARTER = Quarter(2018, 1)
MILLION = 1_000_000
FIRST, SECOND = (311_311, 722_722), (177_177, 933_933)
BASES = ("supported", "eligible", "base", "paired", "with_room", "with_paired_area")
MARKED = re.compile(rb"(?<!\d)\d{0,4}(?:311311|722722|177177|933933)(?!\d)")
CASES = 45
FIGURES = f"{QUARTER.code}/"
WHOLE = ("report.json", "report.csv", "report.xlsx")
LINKED = re.compile(r'href="/services/[^"]*/figures/(2018-Q1/[^"]*\.(?:csv|svg))"')
GROUPED = re.compile(rb"(?<=\d)(?:,|\xc2\xa0|\xe2\x80\xaf|&nbsp;)(?=\d{3})")
OF_ONE_REQUEST = re.compile(
    rb'nonce="[^"]*"|name="csrf_token"[^>]*|<dcterms:(?:created|modified)[^>]*>[^<]*'
)

Reveal = Callable[[View], View]


def marked(low: int, high: int, *, is_bare: bool = False) -> Reveal:
    """Every count in millions and a half; once settled, those hidden have a mark in its place.

    A base has a higher one, so that it is not less than its share. `is_bare`: nothing is hidden.
    """

    def changed(view: View) -> View:
        counts = {
            cell: n * MILLION + (_mark(cell, low, high) if cell in view.hidden else MILLION // 2)
            for cell, n in view.counts.items()
        }
        return View(counts, frozenset() if is_bare else view.hidden, view.least_base)

    return changed


def _mark(cell: Cell, low: int, high: int) -> int:
    return high if cell[3].rpartition(".")[2] in BASES else low


class Publisher:
    """Publishes the quarter, counted and settled once, with its counts changed in between."""

    def __init__(self, database, world: World, monkeypatch, split_by=PUBLISHED_BY) -> None:
        self.database, self.world, self.monkeypatch = database, world, monkeypatch
        self.split_by = split_by
        self.made: dict[str, Any] = {}

    def once(self, name: str) -> Any:
        """What a step of `quarter_tables` makes, kept from the first time."""
        step = getattr(tables_of_quarter, name)

        def kept(*given: object) -> Any:
            if name not in self.made:
                self.made[name] = step(*given)
            return self.made[name]

        return kept

    def __call__(self, change: Reveal) -> Publication:
        count, settle = self.once("_count"), self.once("_settle")
        with self.monkeypatch.context() as patch, self.database.write(Scope.worker()) as session:
            patch.setattr(tables_of_quarter, "_count", count)
            patch.setattr(
                tables_of_quarter,
                "_settle",
                lambda *given: {by: change(view) for by, view in settle(*given).items()},
            )
            service = self.world.service
            found = to_publish(
                quarter_tables(session, service, QUARTER, now=NOW, split_by=self.split_by)
            )
            publication = Publication(
                service_id=service.id,
                period=QUARTER.code,
                published_at=NOW,
                report=found.report,
                tables=found.splits,
                told=found.told,
            )
            session.add(publication)
        return publication


def served(
    client, there: str, addresses: list[str], *, with_linked: bool = False
) -> Iterator[tuple[str, bytes]]:
    """Pages and files by address; `with_linked` also the files that the pages link to."""
    waiting = list(addresses)
    for address in waiting:
        answer = client.get(f"{there}/{address}")
        assert answer.status_code == 200, address
        for part, body in parts_of(answer.data):
            yield f"{address}{part}", OF_ONE_REQUEST.sub(b"", body)
        if with_linked and answer.mimetype == "text/html":
            waiting += [each for each in LINKED.findall(answer.text) if each not in waiting]


def parts_of(body: bytes) -> Iterator[tuple[str, bytes]]:
    """A workbook is what is packed into it."""
    if not body.startswith(b"PK"):
        yield "", body
        return
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        for name in book.namelist():
            yield f" {name}", book.read(name)


PAGES_OF_IT = [f"{FIGURES}{page}" for page in PAGES] + [f"{FIGURES}by/{by}" for by in PUBLISHED_BY]
FILES = [f"{FIGURES}{name}" for name in WHOLE]
FILES_OF_SPLITS = [f"{file}?by={by}" for file in FILES for by in PUBLISHED_BY]


def distinct_numbers(body: bytes) -> list[bytes]:
    """The numbers that only hidden counts have, however their digits are grouped."""
    return MARKED.findall(GROUPED.sub(b"", body))


def kind_of(address: str) -> str:
    """What a reader would call it."""
    return "xlsx" if ".xlsx" in address else address.split("?")[0].rpartition(".")[2][:4]


def test_no_byte_holds_a_hidden_count_nor_anything_made_of_one(
    client, place, database, world, monkeypatch
):
    there = place(Role.COMMISSIONER)
    # Nobody but the service's own staff is shown what is counted live.
    monkeypatch.setattr(live, "count_parts", None)
    publish = Publisher(database, world, monkeypatch)
    one = publish(marked(*FIRST))
    first = dict(served(client, there, [*PAGES_OF_IT, *FILES, *FILES_OF_SPLITS], with_linked=True))
    other = publish(marked(*SECOND))
    second = dict(served(client, there, [*PAGES_OF_IT, *FILES]))
    assert set(one.tables) == {by.value for by in PUBLISHED_BY}
    assert all(b"[c]" in first[f"{FIGURES}by/{by}"] for by in PUBLISHED_BY)
    assert {
        address: distinct_numbers(body) for address, body in first.items() if distinct_numbers(body)
    } == {}
    assert (one.report, one.tables) == (other.report, other.tables)
    assert second.keys() <= first.keys()
    assert [address for address, body in second.items() if body != first[address]] == []


def test_the_same_reading_finds_them_in_every_kind_of_file_where_nothing_is_hidden(
    client, place, database, world, monkeypatch
):
    there = place(Role.COMMISSIONER)
    Publisher(database, world, monkeypatch, (Dimension.SEX,))(marked(*FIRST, is_bare=True))
    pages = [f"{FIGURES}{page}" for page in ("satisfaction", "by/sex")]
    found = {
        address
        for address, body in served(client, there, [*pages, *FILES], with_linked=True)
        if distinct_numbers(body)
    }
    assert set(pages) <= found
    assert {"csv", "json", "svg", "xlsx"} <= {kind_of(address) for address in found}
