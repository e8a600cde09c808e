"""A weekly summary as it is put together: paragraphs, buttons, and the marks of what it tells once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from markupsafe import Markup

from handlers.messages import Reply, Rows
from storage.tables import Place


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of one place."""

    place: Place
    parts: tuple[Markup, ...]
    buttons: Rows = ()
    marks: tuple[str, ...] = ()

    @property
    def reply(self) -> Reply:
        return Reply(Markup("\n\n").join(filter(None, self.parts)), self.buttons)

    def below(self, note: Markup) -> "Summary":
        """With a note under its heading."""
        head, *others = self.parts
        return replace(self, parts=(head + Markup("\n") + note, *others))


def lines(rows: Iterable[Markup | None]) -> Markup:
    """A paragraph of the rows that there are."""
    return Markup("\n").join(row for row in rows if row)


def carried(marks: Iterable[str], told: Collection[str]) -> tuple[str, ...]:
    """Those of the marks that were told before: they are kept as long as what they stand for stays as it is."""
    return tuple(mark for mark in marks if mark in told)
