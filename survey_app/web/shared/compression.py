"""How does a page become small on the way? Brotli where the phone takes it, else gzip.

Only for pages that repeat nothing of what was sent to them: see
docs/decisions/one-script-inside-the-phone-page.md on why that matters.
"""

import gzip
from functools import lru_cache

import brotli
from flask import Request, Response
from werkzeug.http import parse_accept_header

SMALLEST = 500
"""Bytes below which compressing gains nothing."""
BROTLI_QUALITY = 5
BROTLI_WINDOW = 16
"""Bits: 64 KB hold a whole page. The default of 4 MB is set up for each page anew, which took as
long again as packing it."""
GZIP_LEVEL = 6


VARY = "Accept-Encoding, Cookie"
"""What every page that is sent compressed depends on."""


@lru_cache(256)
def coding_of(accepted: str) -> str | None:
    """The coding to use for a browser that accepts these, from its `Accept-Encoding`."""
    return parse_accept_header(accepted).best_match(["br", "gzip"])


def compress(response: Response, request: Request) -> Response:
    """The same response in the smallest coding that the browser takes."""
    if response.direct_passthrough or response.status_code in (204, 304):
        return response
    if "Content-Encoding" in response.headers:
        return response
    # The page also depends on the session; said at once, it is not worked out twice.
    response.headers.add("Vary", VARY)
    body = response.get_data()
    coding = coding_of(request.headers.get("Accept-Encoding", ""))
    if len(body) < SMALLEST or coding is None:
        return response
    if coding == "br":
        packed = brotli.compress(
            body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY, lgwin=BROTLI_WINDOW
        )
    else:
        packed = gzip.compress(body, GZIP_LEVEL, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = coding
    return response
