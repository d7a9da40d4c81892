"""On what do people knock? Product and floor side by side, each behind its web server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processor import backends_of
from bench.victim.links import Links
from bench.victim.servers import Server, serve
from faults.databases import fresh_database


@contextmanager
def served(kind: str, folder: Path) -> Iterator[tuple[Server, Server, Links]]:
    """The product and the floor, each behind gunicorn on the same fresh database."""
    with fresh_database(kind, folder) as url, backends_of(url) as backends:
        # The floor has tables of other names: one PostgreSQL database holds both.
        floor_url = url.replace("+psycopg", "") if kind != "sqlite" else str(folder / "floor.db")
        links = Links(url, floor_url, folder)
        with (
            serve("wsgi:app", backends, DATABASE_URL=url, DATA_DIR=str(folder)) as product,
            serve("bench.victim.floor:create_floor()", backends, FLOOR_DATABASE=floor_url) as floor,
        ):
            yield product, floor, links
        links.close()
