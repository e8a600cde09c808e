"""The figures of places and the units below them as a spreadsheet, with a front sheet that says what it holds."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from figures.counting import Counted, Source, Span
from handlers.asking.asked import Asked
from handlers.asking.ranking import around, ask_narrower, in_order
from handlers.messages import Document, Reply
from storage import places
from storage.tables import Place

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS: Final = ("place", "value", "unit", "numerator", "denominator", "known", "expected", "period")


async def show(asked: Asked, found: Sequence[Place], sources: Sequence[Source]) -> Reply:
    """The figures of the places and the units below them as a spreadsheet."""
    viewer = asked.viewer
    tables = []
    for source in sources:
        span = asked.span(source)
        units = await around(asked, found, source)
        if narrower := await ask_narrower(asked, units, source):
            return narrower
        known, without, hidden = await in_order(asked, units, source, span)
        listed = {place.id for place, _ in known}
        total: list[tuple[Place, Counted]] = []
        for place in found:
            counted = await asked.counted(source, place, span)
            if await asked.is_kept_back(source, place, span, counted):
                hidden = [*hidden, *([] if place in hidden else [place])]
            elif place.id not in listed:
                total.append((place, counted))
        tables.append(table(asked, source, span, [*total, *known], [*hidden, *without]))
    names = ", ".join([await viewer.session.places.full_name(place, viewer.today) for place in found])
    front = [
        ["what", ", ".join(asked.name(source.indicator).striptags() for source in sources)],
        ["where", names],
        ["boundaries", (await asked.about(found[0])).striptags()],
        ["when", viewer.say.moment(viewer.now)],
    ]
    body = {
        "front": [[viewer.say(f"asking.sheet.{head}").striptags(), text] for head, text in front],
        "front_title": viewer.say("asking.sheet.front").striptags(),
        "tables": tables,
    }
    document = Document("", f"so-lieu-{viewer.today:%Y-%m-%d}.xlsx", MEDIA, body)
    return Reply(viewer.say("asking.exported", place=names), document=document)


def table(
    asked: Asked, source: Source, span: Span, rows: Sequence[tuple[Place, Counted]], without: Sequence[Place]
) -> dict[str, object]:
    """One indicator's sheet as JSON values: the units with a figure, then those without one."""
    viewer, period = asked.viewer, asked.label(span)
    unit = source.indicator.unit_name(viewer.locale)
    cells: list[list[str | int | None]] = []
    for place, counted in rows:
        figure = counted.figure
        value, part, whole = map(exact, (figure.value, figure.numerator, figure.denominator))
        cells.append(
            [places.own_name(place), value, unit, part, whole, counted.known, counted.expected, period]
        )
    cells += [[places.own_name(place), None, unit, *[None] * 4, period] for place in without]
    return {
        "title": asked.name(source.indicator).striptags(),
        "heads": [viewer.say(f"asking.sheet.{head}").striptags() for head in HEADS],
        "numbers": [1, 3, 4],
        "rows": cells,
    }


def exact(number: Decimal | None) -> str | None:
    """A number as exact text."""
    return None if number is None else str(number)
