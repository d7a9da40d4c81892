"""Nothing that is served to the commissioner's role holds a hidden count: not one byte of any file.

Every hidden count is given a number that occurs nowhere else, and then another one. Whatever a page
or a file makes of it (a share, a width, a sentence) would hold that number, or change with it.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from random import Random

import pytest

from survey_app.domain.cases import Role
from survey_app.domain.periods import Quarter
from survey_app.reporting import quarter_tables as tables_of_quarter
from survey_app.reporting import report as live
from survey_app.reporting.filters import Dimension
from survey_app.reporting.quarter_tables import quarter_tables
from survey_app.reporting.suppression import Cell, View
from survey_app.store.publications import Publication
from survey_app.store.scope import Scope
from survey_app.usecases.publish_quarter import to_publish
from survey_app.web.commissioner.pages.registry import PAGES
from tests.reporting.worlds import NOW, World, fill
from tests.staff import an_account, sign_in

QUARTER = Quarter(2018, 1)
MILLION = 1_000_000
FIRST, SECOND = (311_311, 722_722), (177_177, 933_933)
BASES = ("supported", "eligible", "base", "paired", "with_room", "with_paired_area")
MARKED = re.compile(rb"(?<!\d)\d{0,4}(?:311311|722722|177177|933933)(?!\d)")
SPLITS = (Dimension.SEX, Dimension.FLAG, Dimension.TIER)
"""One of each sort: a partition, groups that overlap, and what is in the table of everyone too."""
FIGURES = f"{QUARTER.code}/"
WHOLE = ("report.json", "report.csv", "report.xlsx")
LINKED = re.compile(r'href="/services/[^"]*/figures/(2018-Q1/[^"]*\.(?:csv|svg))"')
GROUPED = re.compile(rb"(?<=\d)(?:,|\xc2\xa0|\xe2\x80\xaf|&nbsp;)(?=\d{3})")
OF_ONE_REQUEST = re.compile(
    rb'nonce="[^"]*"|name="csrf_token"[^>]*|<dcterms:(?:created|modified)[^>]*>[^<]*'
)

Reveal = Callable[[View], View]


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def world(database) -> World:
    with database.write(Scope.worker()) as session:
        world = World(session, Random(9))
        fill(world, 60)
        return world


@pytest.fixture
def client(database, world, client):
    """The commissioner, signed in."""
    with database.write(Scope.worker()) as session:
        account = an_account(session, (world.service, Role.COMMISSIONER))
    sign_in(client, account.email)
    return client


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


def publish(database, world: World, monkeypatch: pytest.MonkeyPatch, change: Reveal) -> None:
    """Publish the quarter with the hidden counts changed after they were settled."""
    settle = tables_of_quarter._settle
    with monkeypatch.context() as patch, database.write(Scope.worker()) as session:
        patch.setattr(
            tables_of_quarter,
            "_settle",
            lambda *given: {by: change(view) for by, view in settle(*given).items()},
        )
        found = to_publish(
            quarter_tables(session, world.service, QUARTER, now=NOW, split_by=SPLITS)
        )
        session.add(
            Publication(
                service_id=world.service.id,
                period=QUARTER.code,
                published_at=NOW,
                report=found.report,
                tables=found.splits,
                told=found.told,
            )
        )


def served(client, world: World, waiting: list[str]) -> Iterator[tuple[str, bytes]]:
    """Pages and files of the quarter by address, and the files that the pages link to."""
    for address in waiting:
        answer = client.get(f"/services/{world.service.slug}/figures/{address}")
        assert answer.status_code == 200, address
        for part, body in parts_of(answer.data):
            yield f"{address}{part}", OF_ONE_REQUEST.sub(b"", body)
        if answer.mimetype == "text/html":
            waiting += [each for each in LINKED.findall(answer.text) if each not in waiting]


def parts_of(body: bytes) -> Iterator[tuple[str, bytes]]:
    """A workbook is what is packed into it."""
    if not body.startswith(b"PK"):
        yield "", body
        return
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        for name in book.namelist():
            yield f" {name}", book.read(name)


def everything() -> list[str]:
    """All that the commissioner's role is offered of the quarter, but for what pages link to."""
    pages = [f"{FIGURES}{page}" for page in PAGES] + [f"{FIGURES}by/{by}" for by in SPLITS]
    files = [f"{FIGURES}{name}" for name in WHOLE]
    return [*pages, *files, *(f"{file}?by={by}" for file in files for by in SPLITS)]


def distinct_numbers(body: bytes) -> list[bytes]:
    """The numbers that only hidden counts have, however their digits are grouped."""
    return MARKED.findall(GROUPED.sub(b"", body))


def kind_of(address: str) -> str:
    """What a reader would call it."""
    return "xlsx" if ".xlsx" in address else address.split("?")[0].rpartition(".")[2][:4]


def test_no_byte_holds_a_hidden_count_nor_anything_made_of_one(
    client, database, world, monkeypatch
):
    # Nobody but the service's own staff is shown what is counted live.
    monkeypatch.setattr(live, "count_parts", None)
    publish(database, world, monkeypatch, marked(*FIRST))
    first = dict(served(client, world, everything()))
    publish(database, world, monkeypatch, marked(*SECOND))
    second = dict(served(client, world, everything()))
    assert sum(b"[c]" in body for body in first.values()) > 20
    assert {
        address: distinct_numbers(body) for address, body in first.items() if distinct_numbers(body)
    } == {}
    assert first.keys() == second.keys()
    assert [address for address, body in first.items() if body != second[address]] == []


def test_the_same_reading_finds_them_in_every_kind_of_file_where_nothing_is_hidden(
    client, database, world, monkeypatch
):
    publish(database, world, monkeypatch, marked(*FIRST, is_bare=True))
    pages = [f"{FIGURES}{page}" for page in ("satisfaction", "by/sex")]
    some = [*pages, *(f"{FIGURES}{name}" for name in WHOLE)]
    found = {address for address, body in served(client, world, some) if distinct_numbers(body)}
    assert set(pages) <= found
    assert {"csv", "json", "svg", "xlsx"} <= {kind_of(address) for address in found}
