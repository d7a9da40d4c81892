"""How does a page become small on the way? Brotli where the phone takes it, else gzip.

Only for pages that repeat nothing of what was sent to them: see
docs/decisions/one-script-inside-the-phone-page.md on why that matters.
"""

import gzip

import brotli
from flask import Request, Response

SMALLEST = 500
"""Bytes below which compressing gains nothing."""
BROTLI_QUALITY = 5
BROTLI_WINDOW = 16
"""Bits: a window of 64 KB holds a whole page. The default of 4 MB is set up for each page anew, which
took as long again as packing it."""
GZIP_LEVEL = 6


def compress(response: Response, request: Request) -> Response:
    """The same response in the smallest coding that the browser takes."""
    if response.direct_passthrough or response.status_code in (204, 304):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    coding = request.accept_encodings.best_match(["br", "gzip"])
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
