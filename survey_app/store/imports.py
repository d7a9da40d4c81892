"""Which files landed, with what result?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base, OfService


class ImportRun(OfService, Base):
    """One run of an import: what it counted. Never holds a row's content."""

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """`cases` or `responses`."""
    file_name: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
