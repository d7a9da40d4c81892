"""What did an import of responses come to?"""

from dataclasses import dataclass
from typing import Any


@dataclass
class ResponseTally:
    """Counts of responses; `rejected_rows` of rows. `updated`: a corrected response superseded one.

    A row of which nobody can tell to which response it belongs counts as a rejected response.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejected_rows: int = 0
    requests_ended: int = 0
    alerts_raised: int = 0
    unknown_columns: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The counts as the command and the run's record give them."""
        counts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return counts | {"unknown_columns": list(self.unknown_columns)}
