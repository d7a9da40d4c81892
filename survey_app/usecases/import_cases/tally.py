"""What did an import of cases come to?"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class CaseTally:
    """Counts of rows; `refused_loosening` of rows by column, `not_textable` of rows by number kind.

    `repeated` and `joined` are rows that were part of one before: they said the same, or only more
    flags and yes/no words. `placeholder_clients` name nobody; `planned` are days that have not come
    and so are not recorded; `near_twins` have a reference that looks like another one. `too_late`
    are cases for which a wave's moment had passed before it could be asked; `held` the people, by
    id, who are held from now on.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    repeated: int = 0
    joined: int = 0
    placeholder_clients: int = 0
    near_twins: int = 0
    planned: int = 0
    held: set[int] = field(default_factory=set, repr=False)
    too_late: int = 0
    texts_cancelled: int = 0
    not_textable: Counter[str] = field(default_factory=Counter)
    refused_loosening: Counter[str] = field(default_factory=Counter)
    unknown_columns: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The counts as the command and the run's record give them."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {
            "held": len(self.held),
            "not_textable": dict(sorted(self.not_textable.items())),
            "refused_loosening": dict(sorted(self.refused_loosening.items())),
            "unknown_columns": list(self.unknown_columns),
        }
