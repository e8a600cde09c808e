"""A weekly summary as it is put together: paragraphs, buttons, and the marks of what is told only once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from markupsafe import Markup

from handlers.messages import Reply, Rows
from handlers.viewer import Viewer
from storage.tables import Place

LONGEST: Final = 40
"""The most lines of a summary; its buttons lead to the rest."""
LEAST: Final = 12
"""The fewest lines for each place, however many places there are."""


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
        """Return it with a note under its heading."""
        head, *others = self.parts
        return replace(self, parts=(head + Markup("\n") + note, *others))


def together(viewer: Viewer, summaries: Sequence[Summary]) -> Summary:
    """Return the summaries of a person's places as one, under the first place's name; each as long as there is room."""
    room = max(LONGEST // len(summaries), LEAST)
    return Summary(
        summaries[0].place,
        tuple(part for one in summaries for part in fitting(viewer, one.parts, room)),
        tuple(dict.fromkeys(chain.from_iterable(one.buttons for one in summaries))),
        tuple(dict.fromkeys(chain.from_iterable(one.marks for one in summaries))),
    )


def fitting(viewer: Viewer, parts: Iterable[Markup], room: int) -> list[Markup]:
    """Return the first paragraphs, as many as there is room for, and that there are more."""
    kept: list[Markup] = []
    for part in filter(None, parts):
        room -= len(part.split("\n"))
        if kept and room < 0:
            return [*kept, viewer.say("weekly.more_parts")]
        kept.append(part)
    return kept


def lines(rows: Iterable[Markup | None]) -> Markup:
    """Return a paragraph of the rows that are not None."""
    return Markup("\n").join(row for row in rows if row)


def carried(marks: Iterable[str], told: Collection[str]) -> tuple[str, ...]:
    """Return those of the marks that were told before: they are kept as long as what they stand for is unchanged."""
    return tuple(mark for mark in marks if mark in told)
