"""A line of the commune's own above its villages' weekly summary: written, shown, and only then kept.

It is for the next summaries that go out, those of one week. Writing another line replaces it.
"""

from typing import Final

from figures import access
from handlers import menu
from handlers.buttons import Button, Presses, RowId, button, choice
from handlers.letters import WEEK, rings, week_of
from handlers.messages import Choice, column
from handlers.navigation import WriteOwnLine
from handlers.turn import Turn
from storage import choices, places, weekly_lines
from storage.kept import LineText, OwnLineWanted
from storage.tables import Place, RoleName

LONGEST: Final = 200
"""The most letters of the line above the summary, which is to fit on one phone screen."""
pressed: Final = Presses()


@button("y:w:{commune}")
class WriteFor(Button):
    """Write for the villages of this commune."""

    commune: RowId


@button("y:d:{commune}")
class DropLine(Button):
    """Take the line back that is kept."""

    commune: RowId


@button("y:k:{commune}")
class KeepLine(Button):
    """Keep what was written."""

    commune: RowId


@button("y:f:{commune}")
class ForgetLine(Button):
    """Forget what was written."""

    commune: RowId


def own_communes(turn: Turn) -> list[int]:
    """The ids of the communes for whose villages this person may write."""
    return list(dict.fromkeys(role.place_id for role in access.holds(turn.view, RoleName.COMMUNE_OFFICER)))


async def own_commune(turn: Turn, number: int | None) -> Place | None:
    """The commune with this id, if this person may write for its villages."""
    return await turn.session.places.get(number) if number in own_communes(turn) else None


def next_week(turn: Turn) -> str:
    """Return the week of the next summaries, for those who have not chosen another day: 2026-W48."""
    last = rings(choices.DEFAULT, turn.now.astimezone(turn.zone))
    return week_of(last.monday + WEEK)


async def begin(turn: Turn) -> None:
    """Ask what the villages shall read; of several communes, first for which."""
    ids = own_communes(turn)
    if len(ids) < 2:
        await ask(turn, next(iter(ids), None))
        return
    communes = [place for id in ids if (place := await turn.session.places.get(id))]
    buttons = [choice(places.own_name(place), WriteFor(place.id)) for place in communes]
    turn.reply(turn.say("own_line.which"), choices=column(*buttons))


async def ask(turn: Turn, number: int | None) -> None:
    """Ask what the villages of this commune shall read."""
    place = await own_commune(turn, number)
    if place is None:
        await menu.old_button(turn)
        return
    kept = await weekly_lines.of_place(turn.session, place.id, next_week(turn))
    rows = [menu.named(turn.view, "own_line.button.drop", DropLine(place.id))] if kept else []
    turn.expect(OwnLineWanted(place.id))
    key = "own_line.ask_again" if kept else "own_line.ask"
    turn.reply(turn.say(key, place=places.own_name(place), n=LONGEST, text=kept or ""), choices=column(*rows))


async def on_words(turn: Turn) -> None:
    """Show the line as the villages will read it; it is kept once its writer agrees."""
    expects = turn.screen.expects
    place = await own_commune(turn, expects.place if isinstance(expects, OwnLineWanted) else None)
    text = " ".join(turn.incoming.text.split())
    if place is None:
        turn.expect(None)
        await menu.show(turn)
    elif not text or len(text) > LONGEST:
        turn.reply(turn.say("own_line.too_long", n=LONGEST))
    else:
        turn.remember(own_line=LineText(place.id, text))
        shown = turn.say("weekly.own_line", place=places.own_name(place), text=text)
        keep = menu.named(turn.view, "own_line.button.keep", KeepLine(place.id))
        drop = menu.named(turn.view, "own_line.button.forget", ForgetLine(place.id))
        turn.reply(turn.say("own_line.preview", line=shown), choices=column(keep, drop))


@pressed.on(WriteOwnLine)
async def on_write(turn: Turn, _: WriteOwnLine) -> None:
    await begin(turn)


@pressed.on(WriteFor)
async def on_commune(turn: Turn, button: WriteFor) -> None:
    await ask(turn, button.commune)


@pressed.on(DropLine)
async def drop(turn: Turn, button: DropLine) -> None:
    """Take back the line that is kept, and forget one that was only written."""
    place = await own_commune(turn, button.commune)
    if place is None:
        await menu.old_button(turn)
        return
    turn.remember(own_line=None)
    await weekly_lines.drop(turn.session, place.id, next_week(turn))
    turn.reply(turn.say("own_line.dropped"))


@pressed.on(KeepLine)
async def keep(turn: Turn, button: KeepLine) -> None:
    """Keep what was written."""
    place = await own_commune(turn, button.commune)
    text = written(turn, place) if place else None
    if place is None or not text:
        await menu.old_button(turn)
        return
    turn.remember(own_line=None)
    week, person = next_week(turn), turn.contact.person_id
    await weekly_lines.keep(turn.session, place.id, week, text, person, turn.now)
    turn.reply(turn.say("own_line.kept"))


@pressed.on(ForgetLine)
async def forget(turn: Turn, button: ForgetLine) -> None:
    """Forget what was written."""
    if await own_commune(turn, button.commune) is None:
        await menu.old_button(turn)
        return
    turn.remember(own_line=None)
    turn.reply(turn.say("own_line.forgotten"))


def written(turn: Turn, place: Place) -> str | None:
    """Return what was written for a commune and is neither kept nor forgotten yet."""
    draft = turn.screen.own_line
    return draft.text if draft is not None and draft.place == place.id else None


def way_here(turn: Turn) -> tuple[Choice, ...]:
    """Return the button that leads here, for those who may."""
    if not access.holds(turn.view, RoleName.COMMUNE_OFFICER):
        return ()
    return (menu.named(turn.view, "own_line.button.write", WriteOwnLine()),)
