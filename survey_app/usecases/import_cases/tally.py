"""What did an import of cases come to?"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class CaseTally:
    """Counts of rows; `refused_loosening` of rows by column, `not_textable` of rows by number kind.

    `too_late` are cases for which a wave's moment had passed before it could be asked.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    too_late: int = 0
    texts_cancelled: int = 0
    not_textable: Counter[str] = field(default_factory=Counter)
    refused_loosening: Counter[str] = field(default_factory=Counter)
    unknown_columns: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The counts as the command and the run's record give them."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "too_late": self.too_late,
            "texts_cancelled": self.texts_cancelled,
            "not_textable": dict(sorted(self.not_textable.items())),
            "refused_loosening": dict(sorted(self.refused_loosening.items())),
            "unknown_columns": list(self.unknown_columns),
        }
