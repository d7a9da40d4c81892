"""How do gunicorn's own lines come into our log? gunicorn.conf.py names it as `logger_class`."""

import sys
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from survey_app.logs.libraries import Printed
from survey_app.logs.lines import write_json_lines


class ServerLogger(Logger):  # type: ignore[misc]
    """gunicorn's logger on our way out, whatever it was told about files, formats and syslog."""

    def setup(self, cfg: Config) -> None:
        """Take the level, which holds for all lines of this process, from `--log-level`."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.loglevel = self.LOG_LEVELS.get(cfg.loglevel.lower(), self.LOG_LEVELS["info"])
        write_json_lines(self.loglevel)
        sys.stderr = Printed()
        self.error_log.setLevel(self.loglevel)

    def access(self, *_about: Any) -> None:
        """Nothing: an access log is made of addresses. Our own line `request` stands for it."""

    def reopen_files(self) -> None:
        """There is no file of ours to open."""
