"""An officer tells or asks their ground something: chooses whom and what, looks at it with the number of people, and
sends it.

What is asked is a questionnaire that no schedule asks ("đột xuất"): each village head gets it with a button to begin.

For more than five hundred people a second officer of the ground has to agree. While it goes out it can be stopped; the
button under it counts who has read it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final

from markupsafe import Markup

from handlers import codes, menu
from handlers.broadcasts import on_request, until
from handlers.broadcasts.announced import labels_of, letter_text, state_told, unsent_words, ways_of_unsent
from handlers.broadcasts.audiences import AUDIENCES, contacts, is_for, own_unit, own_units
from handlers.broadcasts.second_officer import (
    Confirm,
    Drop,
    office_letter,
    other_officers,
    tell_writer,
    told_waiting,
    ways_of_waiting,
)
from handlers.buttons import Button, FormName, Presses, RowId, button, choice, one_of, short_name
from handlers.letters import BROADCAST
from handlers.messages import Choice, Reply, Rows, column
from handlers.navigation import (
    MendAnnouncement,
    ShowAnnouncement,
    WithdrawAnnouncement,
    WriteAboutAnnouncement,
)
from handlers.turn import Turn
from handlers.wording import wording
from storage import announcements, outbox, places
from storage.kept import AnnouncementWanted, UntilWanted
from storage.tables import Announcement, AnnouncementState, Contact, Place, RoleName

LONGEST: Final = 800
"""The most letters of an announcement: with heading and buttons it then fits on one or two phone screens."""
LISTED: Final = 5
"""How many earlier announcements are offered."""
pressed: Final = Presses()


@button("n:p:{unit}:", opens=True)
class AskAudience(Button):
    """Ask for whom in a unit it is."""

    unit: RowId


@button("n:t:{unit}:{audience}", opens=True)
class WriteTo(Button):
    """Write to some of the people of a unit."""

    unit: RowId
    audience: Annotated[str, one_of(AUDIENCES)]


@button("n:f:{unit}:", opens=True)
class ListForms(Button):
    """Ask which questionnaire to send."""

    unit: RowId


@button("n:g:{unit}:{form}")
class AskForm(Button):
    """Send the village heads this questionnaire."""

    unit: RowId
    form: FormName


@button("n:s:{announcement}:")
class SendAnnouncement(Button):
    announcement: RowId


@button("n:e:{announcement}:")
class WriteAgain(Button):
    announcement: RowId


@button("n:x:{announcement}:")
class Stop(Button):
    announcement: RowId


@button("n:r:{announcement}:")
class HaveRead(Button):
    """A reader has read it."""

    announcement: RowId


GONE: Final = (AnnouncementState.SENT, AnnouncementState.STOPPED)
"""The states in which somebody has it, so that it can be mended or withdrawn."""


async def ask(turn: Turn) -> None:
    """Ask for whom it is; of several units, first for which unit. Words that were kept go on waiting."""
    own = await own_units(turn)
    if not own:
        turn.reply(turn.say("officer.only"), choices=menu.buttons(turn.view))
    elif len(own) == 1:
        await ask_audience(turn, own[0], *kept_words(turn))
    else:
        turn.reply(
            turn.say("announce.where"),
            choices=column(*(choice(places.own_name(unit), AskAudience(unit.id)) for unit in own)),
        )


def kept_words(turn: Turn) -> list[Markup]:
    """Say which words wait for somebody to send them to; nothing where none do."""
    words = turn.screen.announce_words
    return [turn.say("announce.kept", text=words)] if words else []


async def ask_audience(turn: Turn, place: Place, *before: Markup) -> None:
    """Show the groups of people, each with its size, and what was announced before; `before` comes first."""
    rows = await audience_buttons(turn, place)
    if rows and await on_request.forms(turn):
        rows.append(menu.named(turn.view, "announce.button.form", ListForms(place.id)))
    earlier = await announcements.of_places(turn.session, [place.id], LISTED)
    labels = await labels_of(turn, earlier)
    rows += [choice(label, ShowAnnouncement(row.id)) for label, row in zip(labels, earlier, strict=True)]
    key = "announce.ask" if rows else "announce.nobody"
    asked = turn.say(key, place=places.own_name(place))
    turn.reply(Markup("\n\n").join((*before, asked)), choices=column(*rows))


async def audience_buttons(turn: Turn, place: Place) -> list[Choice]:
    """Return one button for each audience that has somebody in it."""
    counts = {name: len(await contacts(turn, place, name)) for name in AUDIENCES}
    return [
        choice(turn.say(f"announce.to.{name}", n=count), WriteTo(place.id, name))
        for name, count in counts.items()
        if count
    ]


@pressed.on(HaveRead)
async def on_read(turn: Turn, button: HaveRead) -> None:
    """Note that somebody whom an announcement was for has read it."""
    row = await turn.session.get(Announcement, button.announcement)
    if row is None or row.sent_at is None or not await is_for(turn, row):
        await menu.old_button(turn)
        return
    if row.state == AnnouncementState.WITHDRAWN:
        turn.reply(turn.say("announce.read_withdrawn"))
        return
    new = await announcements.mark_read(turn.session, row.id, turn.contact.id, turn.now)
    turn.reply(turn.say("announce.thanks" if new else "announce.read_before"))


@pressed.on(AskAudience)
async def on_unit(turn: Turn, button: AskAudience) -> None:
    place = await own_unit(turn, button.unit)
    await (ask_audience(turn, place, *kept_words(turn)) if place else menu.old_button(turn))


@pressed.on(WriteTo)
async def write_to(turn: Turn, button: WriteTo) -> None:
    """Ask what they shall read, unless it is written already."""
    place = await own_unit(turn, button.unit)
    if place is None:
        await menu.old_button(turn)
        return
    wanted = AnnouncementWanted(button.unit, button.audience)
    await write(turn, place, wanted, turn.say("announce.write", n=LONGEST))


async def write(turn: Turn, place: Place, wanted: AnnouncementWanted, ask: Markup) -> None:
    """Show the words that wait as they will be; where none do, ask for them."""
    words = turn.screen.announce_words
    if words:
        turn.remember(announce_words="")
        await preview(turn, await draft(turn, place, wanted, words), place)
    else:
        turn.expect(wanted)
        turn.reply(ask)


@pressed.on(ListForms)
async def list_forms(turn: Turn, button: ListForms) -> None:
    """Show the questionnaires that can be sent."""
    if await own_unit(turn, button.unit) is None:
        await menu.old_button(turn)
        return
    titles = [
        choice(form.title(turn.locale), AskForm(button.unit, short_name(name)))
        for name, form in (await on_request.forms(turn)).items()
    ]
    turn.reply(turn.say("announce.which_form"), choices=column(*titles))


@pressed.on(AskForm)
async def ask_form(turn: Turn, button: AskForm) -> None:
    """Ask what they shall read above the questionnaire."""
    forms = await on_request.forms(turn)
    name = next((name for name in forms if short_name(name) == button.form), None)
    place = await own_unit(turn, button.unit)
    if name is None or place is None:
        await menu.old_button(turn)
        return
    ask = turn.say("announce.write_form", form=forms[name].title(turn.locale), n=LONGEST)
    await write(turn, place, AnnouncementWanted(button.unit, "heads", name), ask)


async def can_be_written(turn: Turn, wanted: AnnouncementWanted) -> bool:
    """Whether that audience and that questionnaire still exist."""
    if wanted.to not in AUDIENCES:
        return False
    return not wanted.form or wanted.form in await on_request.forms(turn)


async def on_words(turn: Turn) -> None:
    """Take the words of the announcement, and show them as they will be before they go."""
    asked_for = await words_asked_for(turn)
    if asked_for is None:
        turn.expect(None)
        await menu.show(turn)
        return
    text = turn.incoming.text.strip()
    if not text or len(text) > LONGEST:
        turn.reply(turn.say("announce.too_long", n=LONGEST))
        return
    place, wanted = asked_for
    turn.expect(None)
    await preview(turn, await draft(turn, place, wanted, text), place)


async def preview(turn: Turn, row: Announcement, place: Place) -> None:
    """Show it as it will be. For a questionnaire, the deadline may be chosen or typed."""
    letter = await letter_text(turn, turn.locale, place, row)
    shown = turn.say("announce.preview", n=row.total, text=letter)
    if row.form_name:
        turn.expect(UntilWanted(row.id))
        shown = Markup("\n\n").join((shown, *until.told_under(turn, row)))
    turn.reply(shown, choices=ways_of_draft(turn, row))


def ways_of_draft(turn: Turn, row: Announcement) -> Rows:
    """Return what may be done with a draft that is shown."""
    return column(*buttons(turn, row)[1:], *until.offered(turn, row))


@pressed.on(until.SetUntil)
async def set_until(turn: Turn, button: until.SetUntil) -> None:
    if draft := await row_in(turn, button.announcement, AnnouncementState.DRAFT):
        row, place = draft
        until.keep(turn, row, until.moment(turn.now.astimezone(turn.zone), button.when))
        await preview(turn, row, place)


async def words_asked_for(turn: Turn) -> tuple[Place, AnnouncementWanted] | None:
    """Return the unit and the audience whose words are waited for, if this person may still write to them."""
    wanted = turn.screen.expects
    if not isinstance(wanted, AnnouncementWanted) or not await can_be_written(turn, wanted):
        return None
    place = await own_unit(turn, wanted.place)
    return (place, wanted) if place else None


async def draft(turn: Turn, place: Place, wanted: AnnouncementWanted, text: str) -> Announcement:
    """Keep the words until their writer sends them; a deadline that they name becomes the questionnaire's."""
    by = until.of_words(text, on_request.period(turn.today), turn.now.astimezone(turn.zone))
    row = Announcement(
        place_id=place.id,
        audience=wanted.to,
        text=text,
        form_name=wanted.form,
        period=on_request.period(turn.today, by).key if wanted.form else "",
        until=by if wanted.form else None,
        created_by=turn.contact.person_id,
        total=len(await contacts(turn, place, wanted.to)),
        created_at=turn.now,
    )
    turn.session.add(row)
    await turn.session.flush()
    return row


async def row_in(turn: Turn, number: int, *states: AnnouncementState) -> tuple[Announcement, Place] | None:
    """Return the announcement with this id and its unit.

    Reply and return None if this person may not announce anything there, or if it is in none of these states any more.
    """
    row = await turn.session.get(Announcement, number)
    place = await own_unit(turn, row.place_id) if row else None
    if row is None or place is None or row.state not in states:
        await menu.old_button(turn)
        return None
    return row, place


@pressed.on(SendAnnouncement)
async def on_send(turn: Turn, button: SendAnnouncement) -> None:
    draft = await row_in(turn, button.announcement, AnnouncementState.DRAFT)
    if draft is None:
        return
    row, place = draft
    if until.is_impossible(turn, row):
        turn.expect(UntilWanted(row.id))
        doubts = [turn.say("announce.until_first"), *until.told_under(turn, row)]
        turn.reply(Markup("\n\n").join(doubts), choices=ways_of_draft(turn, row))
    else:
        await send_or_wait(turn, row, place)


@pressed.on(WriteAgain)
async def write_again(turn: Turn, button: WriteAgain) -> None:
    """Take other words: the draft is dropped, its audience kept."""
    if draft := await row_in(turn, button.announcement, AnnouncementState.DRAFT):
        row, place = draft
        row.state = AnnouncementState.DROPPED
        turn.expect(AnnouncementWanted(place.id, row.audience, row.form_name))
        turn.reply(turn.say("announce.write", n=LONGEST))


@pressed.on(Drop)
async def drop(turn: Turn, button: Drop) -> None:
    """Drop the announcement."""
    unsent = await row_in(turn, button.announcement, AnnouncementState.DRAFT, AnnouncementState.WAITING)
    if unsent:
        row, _ = unsent
        row.state = AnnouncementState.DROPPED
        turn.reply(turn.say("announce.dropped"), choices=menu.buttons(turn.view))
        await tell_writer(turn, row, "announce.refused")


@pressed.on(Confirm)
async def confirm(turn: Turn, button: Confirm) -> None:
    """Send it, since a second officer, who did not write it, agrees."""
    waiting = await row_in(turn, button.announcement, AnnouncementState.WAITING)
    if waiting is None:
        return
    row, place = waiting
    # Two people answer for what so many read.
    if row.created_by == turn.contact.person_id:
        await menu.old_button(turn)
        return
    row.confirmed_by = turn.contact.person_id
    await send(turn, row, place)
    await tell_writer(turn, row, "announce.agreed")


@pressed.on(Stop)
async def on_stop(turn: Turn, button: Stop) -> None:
    if sent := await row_in(turn, button.announcement, AnnouncementState.SENT):
        await stop(turn, *sent)


@pressed.on(ShowAnnouncement)
async def on_show(turn: Turn, button: ShowAnnouncement) -> None:
    if announced := await row_in(turn, button.announcement, *AnnouncementState):
        await show(turn, *announced)


async def send_or_wait(turn: Turn, row: Announcement, place: Place) -> None:
    """Send it, or first ask a second officer if it is for many. Its readers may be others than when it was written."""
    row.total = len(await contacts(turn, place, row.audience))
    if not row.total:
        row.state = AnnouncementState.DROPPED
        turn.reply(turn.say("announce.nobody_left"), choices=menu.buttons(turn.view))
        return
    if row.total <= announcements.ALONE:
        await send(turn, row, place)
        return
    row.state = AnnouncementState.WAITING
    asked = await ask_to_agree(turn, row, place)
    key = "announce.waiting" if asked else "announce.nobody_to_agree"
    turn.reply(turn.say(key, n=row.total), choices=column(*buttons(turn, row)))


async def ask_to_agree(turn: Turn, row: Announcement, place: Place) -> bool:
    """Ask the unit's other officers whether to send it. False if there are none."""
    others = await other_officers(turn, place)
    letters = []
    for contact in others:
        say = wording(contact.locale, officer=True)
        text = say("announce.confirm", n=row.total, text=await letter_text(turn, contact.locale, place, row))
        agree = choice(say("announce.button.agree"), Confirm(row.id))
        drop = choice(say("announce.button.drop"), Drop(row.id))
        letters.append(office_letter(turn, contact, row, "confirm", Reply(text, column(agree, drop))))
    await outbox.insert_many(turn.session, letters)
    return bool(others)


async def send(turn: Turn, row: Announcement, place: Place) -> None:
    """Put it into the outbox for everybody, once."""
    row.state, row.sent_at = AnnouncementState.SENT, turn.now
    readers = await contacts(turn, place, row.audience)
    row.total = len(readers)
    buttons_of = await on_request.buttons(turn, row, place)
    locales = {contact.locale for contact in readers}
    texts = {locale: await letter_text(turn, locale, place, row) for locale in locales}
    rows = [
        letter_row(turn, row, texts[contact.locale], contact, buttons_of.get(contact.id, ()))
        for contact in readers
    ]
    await outbox.insert_many(turn.session, rows)
    await codes.note(turn, "announce.sent", f"place:{place.id}", {"to": row.audience, "total": row.total})
    key = "announce.sent_later" if turn.quiet_until else "announce.sent"
    look = menu.named(turn.view, "announce.button.look", ShowAnnouncement(row.id))
    turn.reply(
        turn.say(key, n=row.total, at=turn.quiet_until),
        choices=column(look, menu.named(turn.view, "announce.button.stop", Stop(row.id))),
    )


def letter_row(
    turn: Turn, row: Announcement, text: Markup, contact: Contact, begin: Sequence[on_request.Begin]
) -> outbox.QueuedLetter:
    """Return the message to one chat, with buttons that begin a questionnaire if one is asked."""
    say = wording(contact.locale)
    read = choice(say("announce.button.read"), HaveRead(row.id))
    to_heads = RoleName.VILLAGE_HEAD in AUDIENCES[row.audience]
    ask = [choice(say("exchange.button.ask"), WriteAboutAnnouncement(row.id))] if to_heads else []
    body = Reply(text, column(*(asked.button(say) for asked in begin), read, *ask)).to_json()
    number = contact.id
    key = f"announce:{row.id}:{number}"
    return outbox.QueuedLetter(
        key, number, body, BROADCAST, turn.now, turn.quiet_until, slot=announcements.slot_of(row)
    )


async def stop(turn: Turn, row: Announcement, place: Place) -> None:
    """Let nobody else get it; if everybody already has it, say so."""
    taken = await announcements.stop(turn.session, row, turn.now)
    if not taken:
        await show(turn, row, place)
        return
    await codes.note(turn, "announce.stopped", f"place:{place.id}", {"taken": taken})
    turn.reply(turn.say("announce.stopped", n=taken), choices=column(*buttons(turn, row)))


async def show(turn: Turn, row: Announcement, place: Place, *before: Markup) -> None:
    """Show how far it has gone, who has read it, and who has answered."""
    far = await announcements.going(turn.session, row)
    going = far.sent + far.failed + far.withdrawn < far.total
    state = state_told(turn, row, far.sent, going=going)
    counts = {"total": far.total, "sent": far.sent, "failed": far.failed, "read": far.read}
    text = turn.say("announce.going", text=row.text, state=state, **counts)
    for name, count in (("unreachable", far.unreachable), ("held_back", far.withdrawn)):
        if count:
            text += Markup(" ") + turn.say(f"announce.{name}", n=count)
    if row.form_name and row.sent_at:
        text += Markup("\n") + await until.answered(turn.view, row, place)
    unsent = unsent_words(turn, row)
    told = [] if unsent is None else [turn.say("announce.unsent", text=unsent)]
    ways = [
        *ways_of_unsent(turn, row),
        *ways_of_waiting(turn, row),
        *until.ways_to_answers(turn.view, row),
        *buttons(turn, row, going=going),
    ]
    said = [*before, text, *told, *told_waiting(turn, row)]
    turn.reply(Markup("\n\n").join(said), choices=column(*ways))


OFFERED: Final[Mapping[str, tuple[tuple[str, Callable[[int], Button]], ...]]] = {
    AnnouncementState.DRAFT: (("send", SendAnnouncement), ("again", WriteAgain), ("drop", Drop)),
    AnnouncementState.WAITING: (("agree", Confirm), ("drop", Drop)),
    AnnouncementState.SENT: (
        ("stop", Stop),
        ("again", MendAnnouncement),
        ("withdraw", WithdrawAnnouncement),
    ),
    AnnouncementState.STOPPED: (("again", MendAnnouncement), ("withdraw", WithdrawAnnouncement)),
}
"""What may be done with an announcement, by its state."""


def buttons(turn: Turn, row: Announcement, *, going: bool = False) -> list[Choice]:
    """Return the buttons for what may be done with an announcement; `going`: not everybody has it yet."""
    withheld = withheld_from(turn, row, going)
    offered = [("look", ShowAnnouncement), *OFFERED.get(row.state, ())]
    return [
        menu.named(turn.view, f"announce.button.{key}", make(row.id))
        for key, make in offered
        if key not in withheld
    ]


def withheld_from(turn: Turn, row: Announcement, going: bool) -> set[str]:
    """Return what this person cannot do: agree to their own words, or stop what everybody has."""
    withheld = set()
    if row.created_by == turn.contact.person_id:
        withheld.add("agree")
    if not going:
        withheld.add("stop")
    return withheld
