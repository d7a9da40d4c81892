"""What stands where a sealed value does not open, so that one row's fault is not its batch's?

A column that raised while rows are loaded would take every other row of its query down with it. So
a sealed value that does not open is loaded as an `Unreadable`, which raises only when something
uses it (docs/decisions/unreadable-values-are-values.md). Whoever sends, plans or lists asks
`is_unreadable` first.
"""

from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

CANNOT_BE_READ = "This cannot be read: tell your administrator."
"""What a page for staff shows in the place of the value."""


class UnreadableValueUsed(Exception):
    """A sealed value that does not open was about to be used. Never holds the value."""


def _refuse(*_args: object, **_options: object) -> NoReturn:
    raise UnreadableValueUsed


class Unreadable:
    """A sealed value that does not open. It is no text, no date and no mapping: it can be handed
    on, compared and shown to staff, and everything else raises `UnreadableValueUsed`."""

    __slots__ = ()

    __str__ = __format__ = __len__ = __iter__ = __contains__ = __getitem__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = _refuse
    __int__ = __float__ = __bytes__ = __mod__ = _refuse

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise UnreadableValueUsed

    def __bool__(self) -> bool:
        """There is something, and nobody can say what: never taken for a blank."""
        return True

    def __repr__(self) -> str:
        return "<unreadable>"

    def __html__(self) -> str:
        """What a template shows: a list with such a value is shown whole."""
        return CANNOT_BE_READ


UNREADABLE_VALUE = Unreadable()


def is_unreadable(*values: object) -> bool:
    """Whether one of these values was sealed and does not open."""
    return any(isinstance(value, Unreadable) for value in values)


def readable_or_none(value: T | None) -> T | None:
    """The value; None where it does not open. Only where a blank has no meaning of its own."""
    return None if is_unreadable(value) else value


def in_words(value: Any) -> Any:
    """The value; the words for staff where it does not open."""
    return CANNOT_BE_READ if is_unreadable(value) else value
