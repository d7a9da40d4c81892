"""After each of these tests the rows behind figures are proved."""

from tests.figures import figures_hold

__all__ = ["figures_hold"]
