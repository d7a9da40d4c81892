"""What could no product beat? A bare Flask page, and a bare Flask journey that keeps every answer.

The journey does only what any survey must: find the token, commit one row an answer, fill one small
template. No session, no form token, no routing, no languages, no ways out. It is as durable as the
product is: SQLite with a write-ahead log and `synchronous=FULL`, PostgreSQL as it comes.
"""

import os
import sqlite3
from functools import cache
from typing import Any

import psycopg
from flask import Flask, abort, redirect, render_template, request
from werkzeug.wrappers import Response

QUESTIONS = 10
URL = "FLOOR_DATABASE"
TABLES = (
    "CREATE TABLE floor_links (id INTEGER PRIMARY KEY, token TEXT UNIQUE)",
    "CREATE TABLE floor_answers (link_id INTEGER, number INTEGER, code TEXT)",
    "CREATE INDEX floor_answers_of_link ON floor_answers (link_id)",
)
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Questions</title></head><body>
<h1>Question {{ number }} of {{ of }}</h1>
<form method="post" action="{{ action }}">
{% for code, text in options %}<label><input type="radio" name="code" value="{{ code }}">{{ text }}
</label>{% endfor %}<button>Continue</button></form></body></html>
"""
OPTIONS = [("a", "Very satisfied"), ("b", "Satisfied"), ("c", "Neither"), ("d", "Not satisfied")]


class Sqlite:
    """One connection a process, as durable as the product's."""

    mark = "?"

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self.connection.execute(f"PRAGMA {pragma}")

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query finds."""
        return self.connection.execute(query, values).fetchall()

    def write(self, query: str, *values: Any) -> None:
        """One committed statement."""
        self.connection.execute(query, values)


class Postgresql:
    """One connection a process, with the server's own durability."""

    mark = "%s"

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query finds."""
        return self.connection.execute(query, values).fetchall()

    def write(self, query: str, *values: Any) -> None:
        """One committed statement."""
        self.connection.execute(query, values)


def open_floor(address: str) -> Sqlite | Postgresql:
    """The floor's database: a `postgresql://` address, or the path of an SQLite file."""
    return Postgresql(address) if address.startswith("postgresql") else Sqlite(address)


@cache
def _database() -> Sqlite | Postgresql:
    """Opened in the worker: a connection does not survive a fork."""
    return open_floor(os.environ[URL])


def _link_of(token: str) -> int:
    rows = _database().rows(f"SELECT id FROM floor_links WHERE token = {_database().mark}", token)
    return int(rows[0][0]) if rows else abort(404)


def _keep(token: str, number: int) -> None:
    marks = ", ".join([_database().mark] * 3)
    _database().write(
        f"INSERT INTO floor_answers VALUES ({marks})", _link_of(token), number, request.form["code"]
    )


def create_floor() -> Flask:
    """The bare page `/`, and the bare journey `/s/TOKEN`, which answers each post with the next
    question; `/r/TOKEN` redirects to it, as the product does, so that a reload sends nothing."""
    app = Flask("floor")
    template = app.jinja_env.from_string(PAGE)

    def page(action: str, number: int) -> str:
        if number > QUESTIONS:
            return "<p>Thank you"
        return render_template(
            template, number=number, of=QUESTIONS, options=OPTIONS, action=action
        )

    @app.get("/")
    def bare() -> str:
        return page("/", 1)

    @app.get("/s/<token>")
    @app.get("/r/<token>")
    def start(token: str) -> str:
        _link_of(token)
        return page(f"{request.path}/1", 1)

    @app.post("/s/<token>/<int:number>")
    def answer(token: str, number: int) -> str:
        _keep(token, number)
        return page(f"/s/{token}/{number + 1}", number + 1)

    @app.get("/r/<token>/<int:number>")
    def question(token: str, number: int) -> str:
        _link_of(token)
        return page(f"/r/{token}/{number}", number)

    @app.post("/r/<token>/<int:number>")
    def answer_and_redirect(token: str, number: int) -> Response:
        _keep(token, number)
        return redirect(f"/r/{token}/{number + 1}", code=303)

    return app
