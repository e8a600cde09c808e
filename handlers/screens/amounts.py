"""What a plan allots to a unit, line by line: capital, works, households to support; what was reached, and what is due
by today.

In words, as a picture, and as a spreadsheet. Only the unit that a plan was made for has such lines.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from markupsafe import Markup

from figures.programmes import holdings_on
from figures.progress import progress_of
from handlers.buttons import Button, Leads, Position, ShortId, button, choice
from handlers.menu import named
from handlers.messages import Document, Picture, Reply, column
from handlers.navigation import ShowAmounts, ShowTargets
from handlers.screens import progress as progress_screen
from handlers.screens.paging import paged
from handlers.viewer import Viewer
from plans.target import CommitmentKind
from reports.amounts import Amount, amounts_of, are_dated, expected_text, picture_data, row_text, table
from reports.progress import PlaceProgress
from storage.tables import Place

PAGE: Final = 8
"""How many lines fit on one screen, and into one picture."""
MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@button("t:{place}:ap[:{first}]", opens=True, leads_to=Leads.PICTURE)
class DrawAmounts(Button):
    """The lines of a screen as a picture."""

    place: ShortId
    first: Position = 0


@button("t:{place}:ax", opens=True, leads_to=Leads.FILE)
class SheetAmounts(Button):
    """All lines as a spreadsheet."""

    place: ShortId


async def rows_of(viewer: Viewer, place: Place) -> tuple[PlaceProgress, list[Amount]]:
    """How the place stands, and the lines that plans made for it allot to it."""
    known = await progress_of(viewer, place)
    way = [place, *await viewer.session.places.ancestors(place.id, viewer.today)]
    own = [holding.programme for holding in await holdings_on(viewer, way) if holding.is_owned(place)]
    names = {id: indicator.name(viewer.locale) for id, indicator in viewer.plans.indicators.items()}
    return known, amounts_of(known, own, names)


async def page(viewer: Viewer, place: Place, first: int = 0) -> Reply:
    """Return the lines from the one numbered `first` on; if a place has none, how it stands without."""
    known, rows = await rows_of(viewer, place)
    if not rows:
        stands = await progress_screen.page(viewer, place)
        return replace(
            stands, text=viewer.say("amounts.none", place=known.place) + Markup("\n\n") + stands.text
        )
    part = paged(rows, first, PAGE)
    parts = [
        Markup("\n").join(
            [
                heading(viewer, known, rows),
                *expected_text(rows, viewer.say),
                *(() if first else ends_of(viewer, rows)),
            ]
        ),
        *grouped(viewer, part.here, rows),
        *part.told(viewer, "amounts.page"),
    ]
    turning = part.turning(
        viewer, "targets.button.before", "targets.button.after", partial(ShowAmounts, place.id)
    )
    ways = (
        choice(viewer.say("progress.button.picture"), DrawAmounts(place.id, part.first)),
        choice(viewer.say("amounts.button.sheet"), SheetAmounts(place.id)),
    )
    table_of_targets = choice(viewer.say("targets.button.table"), ShowTargets(place.id))
    return Reply(Markup("\n\n").join(parts), (*turning, ways, *column(table_of_targets)))


def ends_of(viewer: Viewer, rows: Sequence[Amount]) -> list[Markup]:
    """Return the lines with the lowest and the highest share of what is allotted, if several have one; they keep the
    plan's order."""
    known = [row for row in rows if row.share is not None and not row.kept_back]
    if len(known) < 3:
        return []
    low, high = min(known, key=share_of), max(known, key=share_of)
    facts = {"low": low.name, "low_share": low.share, "high": high.name, "high_share": high.share}
    return [viewer.say("amounts.ends", **facts)]


def share_of(row: Amount) -> Decimal:
    return row.share or Decimal(0)


async def lines_of(viewer: Viewer, place: Place, indicators: Collection[str]) -> Reply | None:
    """Return the lines of some indicators, with a button to all of them; None unless plans made for the place allot each."""
    known, every = await rows_of(viewer, place)
    rows = [row for row in every if row.target.indicator in indicators]
    if not {row.target.indicator for row in rows}.issuperset(indicators):
        return None
    parts = [heading(viewer, known, rows), *grouped(viewer, rows, every)]
    return Reply(
        Markup("\n\n").join(parts), column(named(viewer, "targets.button.amounts", ShowAmounts(place.id)))
    )


def heading(viewer: Viewer, known: PlaceProgress, rows: Sequence[Amount]) -> Markup:
    """Return whose lines these are, by which plans, on which day; for a former unit's plan, that they are about that
    part alone."""
    plans = dict.fromkeys(viewer.plans.programmes[row.target.plan].title(viewer.locale) for row in rows)
    title = viewer.say("amounts.title", place=known.place, plans="; ".join(plans), day=known.as_of)
    parts = dict.fromkeys(row.goal.part for row in rows if row.goal and row.goal.part)
    return Markup("\n").join([title, *(viewer.say("amounts.part", part=part) for part in parts)])


def grouped(viewer: Viewer, rows: Sequence[Amount], every: Sequence[Amount]) -> list[Markup]:
    """Return some of the lines (`every`) in words, each kind under its heading; with days where a kind has several."""
    blocks = []
    for kind in dict.fromkeys(row.target.kind for row in rows):
        dated = are_dated(of_kind(every, kind))
        lines = [row_text(row, viewer.say, dated=dated) for row in of_kind(rows, kind)]
        blocks.append(Markup("\n").join([viewer.say(f"amounts.group.{kind}"), *lines]))
    return blocks


def of_kind(rows: Sequence[Amount], kind: CommitmentKind) -> list[Amount]:
    """Return those of some lines that are of one kind."""
    return [row for row in rows if row.target.kind is kind]


async def picture_page(viewer: Viewer, place: Place, first: int) -> Reply:
    """The lines of a screen as a picture."""
    known, rows = await rows_of(viewer, place)
    part = paged(rows, first, PAGE)
    picture = Picture("progress", picture_data(known, part.here, viewer.say))
    whole = choice(viewer.say("amounts.button.list"), ShowAmounts(place.id, part.first))
    return Reply(heading(viewer, known, rows), column(whole), picture=picture)


async def sheet(viewer: Viewer, place: Place) -> Reply:
    """All lines as a spreadsheet."""
    known, rows = await rows_of(viewer, place)
    title = heading(viewer, known, rows)
    body = {
        "front": [[viewer.say("amounts.sheet").striptags(), title.striptags()]],
        "front_title": viewer.say("asking.sheet.front").striptags(),
        "tables": [table(rows, known.as_of, viewer.say)],
    }
    name = f"von-cong-trinh-{viewer.today:%Y-%m-%d}.xlsx"
    return Reply(title, document=Document("", name, MEDIA, body))
