"""How do built files reach the browser: compressed, under a name that never changes its content?"""

from flask import Flask
from whitenoise import WhiteNoise

from survey_app.web.shared.assets import (
    STATIC_PREFIX,
    STATIC_ROOT,
    asset_url,
    inline_script,
    is_immutable,
)


def serve_built_files(app: Flask) -> None:
    """Serve `web/static` ahead of the app, for ever where the name carries the content's hash."""
    app.jinja_env.globals.update(asset_url=asset_url, inline_script=inline_script)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=STATIC_ROOT,
        prefix=STATIC_PREFIX,
        immutable_file_test=is_immutable,
        allow_all_origins=False,
    )
