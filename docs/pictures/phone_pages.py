"""Every kind of page on the phone in three languages, as the tests walk through them, on sheets.

It needs no demonstration: the pages are of an invented service in a database of their own.
"""

import base64
import re
import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page

from survey_app.app import create_app
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.migrations import upgrade
from survey_app.store.scope import Scope
from survey_app.store.sealed import use_keys
from tests.links import a_link
from tests.phone_pages import ADULT, FACTS, Seen, Walk
from tests.world import TEST_KEYS, SetClock

LANGUAGES = {"en": "english", "cy": "welsh", "ur": "urdu"}
SHEETS = {
    "questions": (
        "start",
        "scale",
        "choice",
        "yes or no",
        "free text",
        "error",
        "answers dropped",
        "unsafe, with help lines",
        "wrong word",
        "young scale with faces",
    ),
    "around": (
        "finish",
        "thanks, with all that may follow",
        "about you",
        "about",
        "accessibility",
        "stop",
        "stopped",
        "code",
        "taken back",
        "nothing here",
    ),
}
WIDTH, GAP, SCALE = 360, 16, 0.6
"""Of a phone and between two, in pixels; and how much smaller they stand on a sheet."""


def phone_pages(browser: Browser, folder: Path) -> None:
    """Write a sheet for each language and half of the pages."""
    with tempfile.TemporaryDirectory() as place:
        app = _an_app(Path(place))
        for tag, name in LANGUAGES.items():
            pages = {page.kind: page for page in _walk(app, tag)}
            for half, kinds in SHEETS.items():
                chosen = [pages[kind] for kind in kinds]
                _sheet(browser, app, chosen, folder / f"phone-{half}-{name}.png")


def _an_app(place: Path) -> Flask:
    use_keys(TEST_KEYS)
    url = f"sqlite:///{place}/pictures.db"
    database = Database(url)
    upgrade(database)
    database.close()
    return create_app(Settings(keys=TEST_KEYS, database_url=url, data_dir=place), SetClock())


def _walk(app: Flask, tag: str) -> Iterator[Seen]:
    facts = FACTS | {"service": FACTS["service"] | {"draft_languages": list(LANGUAGES)[1:]}}
    with app.extensions["runtime"].database.write(Scope.worker()) as session:
        adult = a_link(session, *ADULT, **facts)[1]
        young = a_link(session, *ADULT, case={"is_young_person": True}, **facts)[1]
    yield from Walk(app, adult, tag).adult()
    yield from Walk(app, young, tag).young()


def _sheet(browser: Browser, app: Flask, pages: list[Seen], target: Path) -> None:
    # Each is drawn small: a picture made smaller has ten times as many colours.
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 640}, device_scale_factor=SCALE
    )
    phone = context.new_page()
    pictures = [_picture(phone, app, page) for page in pages]
    context.close()
    desk = browser.new_page()
    width, colours, pixels = desk.evaluate(LAY_OUT, [pictures, GAP, COLOURS])
    desk.close()
    target.write_bytes(_png(width, bytes(colours), base64.b64decode(pixels)))


def _png(width: int, colours: bytes, pixels: bytes) -> bytes:
    """A picture of few colours, a byte a pixel: a fifth of what a browser's own picture weighs."""
    rows = [pixels[at : at + width] for at in range(0, len(pixels), width)]
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    parts = ((b"IHDR", head), (b"PLTE", colours), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


COLOURS = 128
LAY_OUT = """
async ([pictures, gap, most]) => {
  const images = await Promise.all(pictures.map(async (each) => {
    const image = new Image();
    image.src = `data:image/png;base64,${each}`;
    await image.decode();
    return image;
  }));
  const sheet = document.createElement("canvas");
  sheet.width = images.reduce((sum, { width }) => sum + width + gap, gap);
  sheet.height = Math.max(...images.map(({ height }) => height)) + 2 * gap;
  const brush = sheet.getContext("2d");
  brush.fillStyle = "#d8c8ad";
  brush.fillRect(0, 0, sheet.width, sheet.height);
  let left = gap;
  for (const image of images) {
    brush.drawImage(image, left, gap);
    left += image.width + gap;
  }
  const { data } = brush.getImageData(0, 0, sheet.width, sheet.height);
  const count = new Map();
  const key = (at) => ((data[at] >> 3) << 10) | ((data[at + 1] >> 3) << 5) | (data[at + 2] >> 3);
  const drawn = new Map();
  for (let at = 0; at < data.length; at += 4) {
    count.set(key(at), (count.get(key(at)) ?? 0) + 1);
    if (!drawn.has(key(at))) drawn.set(key(at), [data[at], data[at + 1], data[at + 2]]);
  }
  const often = [...count].sort((a, b) => b[1] - a[1]).slice(0, most);
  const kept = often.map(([each]) => drawn.get(each));
  const far = (a, b) => a.reduce((sum, value, at) => sum + (value - b[at]) ** 2, 0);
  const nearest = new Map([...drawn].map(([each, colour]) => {
    const distances = kept.map((other) => far(colour, other));
    return [each, distances.indexOf(Math.min(...distances))];
  }));
  let pixels = "";
  for (let at = 0; at < data.length; at += 4) pixels += String.fromCharCode(nearest.get(key(at)));
  return [sheet.width, kept.flat(), btoa(pixels)];
}
"""


def _picture(phone: Page, app: Flask, page: Seen) -> str:
    found = re.search(r'<link rel="stylesheet" href="([^"]+)">', page.text)
    assert found is not None
    sheet = app.test_client().get(found[1]).get_data(as_text=True)
    phone.set_content(page.text.replace(found[0], f"<style>{sheet}</style>"))
    return base64.b64encode(phone.screenshot(full_page=True)).decode()
