"""Lời qua lại: an officer and a village head exchange words about one figure, report or announcement, kept with it.

It is no messenger. Each exchange is bound to its subject. One side says at most `LONGEST` letters at a time,
`IN_A_ROW` times without an answer and `MOST` times in all, and either side stops it with one press. Nobody else reads
it: not the levels above, not another village. Words about an emergency go their own way (`emergency_answers`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from markupsafe import Markup

from figures import access
from figures.due import REPORTING
from figures.view import View
from handlers import acting, asked_back, codes, exchange_sides, menu
from handlers.buttons import Button, Presses, RowId, button, choice
from handlers.menu import named
from handlers.messages import Choice, column
from handlers.navigation import (
    Command,
    ShowReport,
    WriteAboutAnnouncement,
    WriteAboutReport,
)
from handlers.screens import history
from handlers.screens.checking import CheckReport
from handlers.turn import Turn
from handlers.wording import Wording
from questionnaires.answers import yes_or_no
from storage import exchanges, people, submissions
from storage.exchanges import OFFICE, PLACE, Subject
from storage.kept import ExchangeWanted
from storage.somebodys_words import WORDS
from storage.tables import Announcement, Contact, Exchange, Remark, RoleName, Submission

pressed: Final = Presses()
LONGEST: Final = asked_back.REASON
OTHER: Final = {PLACE: OFFICE, OFFICE: PLACE}
IN_A_ROW: Final = 3
MOST: Final = 20
SHOWN: Final = 6
"""How many of the last remarks a screen shows."""
SOON: Final = timedelta(hours=1)
"""What is written later than this after words were asked for is about something else."""


@button("x:v:{exchange}", opens=True)
class ShowExchange(Button):
    """What was said."""

    exchange: RowId


@button("x:a:{exchange}", opens=True)
class AnswerExchange(Button):
    """Say something."""

    exchange: RowId


@button("x:p:{exchange}")
class SayThis(Button):
    """Pass on what was typed right under the other side's words."""

    exchange: RowId


@button("x:s:{exchange}")
class StopExchange(Button):
    """Take no more words."""

    exchange: RowId


@button("x:o:{exchange}")
class GoOnExchange(Button):
    """Let it go on; for the side that stopped it."""

    exchange: RowId


# --- who may --------------------------------------------------------------------------------------------


async def side_of(turn: Turn, place_id: int, announcement: int | None) -> str:
    """Return whether this person speaks for the place or for the office; "" for neither, whoever it is."""
    if any(role.place_id == place_id for role in access.holds(turn.view, *REPORTING)):
        return PLACE
    return await office_of(turn.view, turn.contact.person_id, place_id, announcement)


async def office_of(view: View, person_id: int | None, place_id: int, announcement: int | None) -> str:
    """Return `OFFICE` if the holder of this view speaks for the office, else ""."""
    place = await access.visible(view, place_id)
    if place is None:
        return ""
    if announcement is None:
        return OFFICE if await access.may_check(view, place) else ""
    row = await view.session.get(Announcement, announcement)
    return OFFICE if row is not None and row.created_by == person_id else ""


async def with_side(turn: Turn, number: int) -> tuple[Exchange, str] | None:
    """Return an exchange with this person's side of it; else reply and return None, alike for forbidden and missing."""
    row = await exchanges.locked(turn.session, number)
    side = await side_of(turn, row.place_id, row.announcement_id) if row else ""
    if row is not None and side:
        return row, side
    turn.expect(None)
    turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
    return None


# --- beginning ------------------------------------------------------------------------------------------


@pressed.on(WriteAboutReport)
async def on_report(turn: Turn, button: WriteAboutReport) -> None:
    """Begin words about a report, or about its figure with this number."""
    report = await turn.session.get(Submission, button.report)
    subject = await subject_of(turn, report, button.number) if report else None
    await begin(turn, subject)


async def subject_of(turn: Turn, report: Submission, number: int) -> Subject:
    """Return what the number of a report's figure means; 0 for the whole."""
    form = await turn.library.form(turn.session, report.form_id)
    paths = history.paths_of(form, report)
    path = paths[number - 1] if 0 < number <= len(paths) else ""
    return Subject(report.place_id, report.form_name, report.period, path)


@pressed.on(WriteAboutAnnouncement)
async def on_announcement(turn: Turn, button: WriteAboutAnnouncement) -> None:
    """Words about an announcement, by somebody who got it."""
    await begin(turn, await subject_announced(turn, button.announcement))


async def subject_announced(turn: Turn, number: int) -> Subject | None:
    """Return the subject of words about an announcement, by a head who got it; None for anybody else."""
    row = await turn.session.get(Announcement, number)
    for role in access.holds(turn.view, RoleName.VILLAGE_HEAD) if row and row.sent_at else []:
        if row and await turn.session.places.is_within(role.place_id, row.place_id, turn.today):
            return Subject(role.place_id, announcement_id=row.id)
    return None


async def begin(turn: Turn, subject: Subject | None) -> None:
    """Ask for the words, if this person may say any about it; answer alike for forbidden and missing."""
    side = await side_of(turn, subject.place_id, subject.announcement_id) if subject else ""
    if subject is None or not side:
        turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
        return
    await ask(turn, await exchanges.opened(turn.session, subject), side)


@pressed.on(AnswerExchange)
async def on_answer(turn: Turn, button: AnswerExchange) -> None:
    known = await with_side(turn, button.exchange)
    if known is not None:
        await ask(turn, *known)


async def ask(turn: Turn, row: Exchange, side: str, *before: Markup) -> None:
    """Ask for the words, unless no more are taken."""
    remarks = await exchanges.said_in(turn.session, row)
    if key := why_not(row, side, remarks):
        await show(turn, row, side, *before, turn.say(key, n=IN_A_ROW, most=MOST))
        return
    turn.expect(ExchangeWanted(row.id, turn.now))
    lines = await remark_lines(turn, row, side, remarks)
    parts = [
        *before,
        await exchange_sides.title(turn, row, turn.say),
        Markup("\n").join(lines),
        turn.say(
            f"exchange.ask_{side}", other=(await exchange_sides.sides(turn, row, turn.say))[OTHER[side]]
        ),
    ]
    turn.reply(Markup("\n\n").join(filter(None, parts)), actions=column(*leaving(turn, row, side, remarks)))


def leaving(turn: Turn, row: Exchange, side: str, remarks: Sequence[Remark]) -> list[Choice]:
    """Return the buttons to say nothing now and, if there is something to stop, to stop it."""
    not_now = named(turn.view, "exchange.button.not_now", Command("menu"))
    return [not_now, *(ways(turn, row, side) if remarks else [])]


def why_not(row: Exchange, side: str, remarks: Sequence[Remark]) -> str:
    """Return the key of the sentence that says why no more words are taken; "" if they are."""
    if row.stopped_by:
        return "exchange.you_stopped" if row.stopped_by == side else "exchange.they_stopped"
    if len(remarks) >= MOST:
        return "exchange.enough"
    return "exchange.wait" if exchanges.in_a_row(remarks, side) >= IN_A_ROW else ""


def ways(turn: Turn, row: Exchange, side: str) -> list[Choice]:
    """Return the button that stops it, or lets it go on."""
    if row.stopped_by == side:
        return [named(turn.view, "exchange.button.go_on", GoOnExchange(row.id))]
    return [] if row.stopped_by else [named(turn.view, "exchange.button.stop", StopExchange(row.id))]


# --- saying ---------------------------------------------------------------------------------------------


@pressed.on(SayThis)
async def on_say_this(turn: Turn, button: SayThis) -> None:
    """Pass on the words that wait for a yes; if others are awaited by now, ask for them."""
    wanted = turn.screen.expects
    if isinstance(wanted, ExchangeWanted) and wanted.exchange == button.exchange and wanted.words:
        turn.incoming = replace(turn.incoming, text=wanted.words)
        turn.expect(ExchangeWanted(button.exchange, turn.now))
        await on_words(turn)
    else:
        await on_answer(turn, AnswerExchange(button.exchange))


async def on_words(turn: Turn) -> None:
    """Keep the words, and pass them on to the other side."""
    wanted = turn.screen.expects
    if not isinstance(wanted, ExchangeWanted) or turn.now - wanted.since > SOON:
        turn.expect(None)
        await menu.show(turn)
        return
    if wanted.words:
        # Only a yes or a no comes here while words wait for one.
        if yes_or_no(turn.incoming.text, turn.today):
            await on_say_this(turn, SayThis(wanted.exchange))
        else:
            turn.expect(None)
            await menu.show(turn)
        return
    known = await with_side(turn, wanted.exchange)
    if known is None:
        return
    row, side = known
    words = asked_back.in_own_words(turn.incoming.text)
    turn.expect(None)
    remarks = await exchanges.said_in(turn.session, row)
    if why_not(row, side, remarks):
        await ask(turn, row, side)
    elif key := unfit(words):
        await ask(turn, row, side, turn.say(key, n=len(words), most=LONGEST))
    else:
        await keep(turn, row, side, remarks, words)


def unfit(words: str) -> str:
    """Return the key of the sentence that says why words cannot be passed on; "" if they can: "63" is an answer."""
    return "" if words.isdecimal() else asked_back.unfit(words)


async def keep(turn: Turn, row: Exchange, side: str, remarks: Sequence[Remark], words: str) -> None:
    """Keep what one side says, pass it on to the other, and tell the writer whether anybody got it."""
    by = await acting.actor(turn, row.place_id, checks=side == OFFICE)
    remark = await exchanges.say(turn.session, row, side, by, words, turn.now)
    await codes.note(turn, "exchange.said", f"place:{row.place_id}")
    told = [await pass_on(turn, row, side, remark, chat) for chat in await others(turn, row, side, remarks)]
    other = (await exchange_sides.sides(turn, row, turn.say))[OTHER[side]]
    turn.reply(
        passed_on(turn, told, other),
        choices=column(named(turn.view, "exchange.button.show", ShowExchange(row.id))),
    )


def passed_on(turn: Turn, chats: Sequence[Contact], other: str) -> Markup:
    """Return the sentence that the words are with the `other` side, when they will be, or that they cannot be."""
    if not chats:
        return turn.say("exchange.nobody")
    if turn.quiet_until is None:
        return turn.say("exchange.said", other=other)
    return turn.say("exchange.kept", told=acting.told(turn, "level", chats, level=other))


async def officers_heard(turn: Turn, row: Exchange, remarks: Sequence[Remark]) -> list[int | None]:
    """Return the officers who wrote, the last first; then whoever wrote the announcement that it is about."""
    wrote = [remark.person_id for remark in reversed(remarks) if remark.side == OFFICE]
    if row.announcement_id is not None:
        announcement = await turn.session.get(Announcement, row.announcement_id)
        wrote += [announcement.created_by] if announcement else []
    return wrote


async def others(turn: Turn, row: Exchange, side: str, remarks: Sequence[Remark]) -> list[Contact]:
    """Return the reachable chats of the other side: officers who already wrote, else those who look after the place."""
    place = await turn.session.places.get(row.place_id)
    if place is None:
        return []
    if side == OFFICE:
        return await acting.reporters(turn, place)
    for person_id in filter(None, await officers_heard(turn, row, remarks)):
        view = await acting.view_of(turn, person_id)
        if await office_of(view, person_id, row.place_id, row.announcement_id):
            return acting.reachable(turn, await people.contacts_of(turn.session, person_id))
    return await acting.checkers(turn, place)


async def pass_on(turn: Turn, row: Exchange, side: str, remark: Remark, chat: Contact) -> Contact:
    """Write the words to a chat of the other side, and return that chat."""
    say = await exchange_sides.words_to(turn, row, OTHER[side], chat)
    who = (await exchange_sides.sides(turn, row, say))[side].capitalize()
    text = say(
        f"exchange.from_{side}", about=await exchange_sides.title(turn, row, say), who=who, text=remark.text
    )
    answer = choice(say("exchange.button.answer"), AnswerExchange(row.id))
    stop = choice(say("exchange.button.stop"), StopExchange(row.id))
    about = await report_button(turn, row, OTHER[side], say)
    await acting.tell_once(turn, chat, f"said-{remark.id}", [text], column(*about, answer, stop), slot=WORDS)
    return chat


async def report_button(turn: Turn, row: Exchange, side: str, say: Wording) -> list[Choice]:
    """Return the button to the report that the words are about, for one side; none for an announcement."""
    report = await submissions.submission_of(turn.session, row.place_id, row.form_name, row.period)
    if report is None:
        return []
    if side == OFFICE:
        return [choice(say("check.button.open"), CheckReport(report.id))]
    return [choice(say("sent.button.look"), ShowReport(report.id))]


# --- looking and stopping -------------------------------------------------------------------------------


@pressed.on(ShowExchange)
async def on_show(turn: Turn, button: ShowExchange) -> None:
    known = await with_side(turn, button.exchange)
    if known is not None:
        await show(turn, *known)


async def show(turn: Turn, row: Exchange, side: str, *before: Markup) -> None:
    """What was said, and what may be done."""
    remarks = await exchanges.said_in(turn.session, row)
    lines = await remark_lines(turn, row, side, remarks)
    parts = [
        *before,
        await exchange_sides.title(turn, row, turn.say),
        Markup("\n").join(lines) or turn.say("exchange.none"),
    ]
    more = (
        []
        if why_not(row, side, remarks)
        else [named(turn.view, "exchange.button.more", AnswerExchange(row.id))]
    )
    about = await report_button(turn, row, side, turn.say)
    turn.reply(Markup("\n\n").join(parts), choices=column(*about, *more, *ways(turn, row, side)))


async def remark_lines(turn: Turn, row: Exchange, side: str, remarks: Sequence[Remark]) -> list[Markup]:
    """The last words: "20/11 08:00, xã: …"."""
    names = await exchange_sides.sides(turn, row, turn.say)
    return [
        turn.say(
            "exchange.line",
            at=remark.at.astimezone(turn.zone),
            who=turn.say("exchange.me")
            if remark.side == side
            else await exchange_sides.writer(turn, row, names, remark),
            text=remark.text or turn.say("exchange.erased"),
        )
        for remark in remarks[-SHOWN:]
    ]


@pressed.on(StopExchange)
async def on_stop(turn: Turn, button: StopExchange) -> None:
    """Take no more words from either side; the other side reads that once."""
    known = await with_side(turn, button.exchange)
    if known is None:
        return
    row, side = known
    turn.expect(None)
    if not row.stopped_by:
        row.stopped_by = side
        turn.session.add(row)
        remarks = await exchanges.said_in(turn.session, row)
        for chat in await others(turn, row, side, remarks) if remarks else []:
            say = await exchange_sides.words_to(turn, row, OTHER[side], chat)
            told = say("exchange.stopped", about=await exchange_sides.title(turn, row, say))
            await acting.tell_once(turn, chat, f"stopped-{row.id}", [told])
    await show(
        turn,
        row,
        side,
        turn.say("exchange.you_stopped" if row.stopped_by == side else "exchange.they_stopped"),
    )


@pressed.on(GoOnExchange)
async def on_go_on(turn: Turn, button: GoOnExchange) -> None:
    known = await with_side(turn, button.exchange)
    if known is None:
        return
    row, side = known
    if row.stopped_by == side:
        row.stopped_by = ""
        turn.session.add(row)
    await ask(turn, row, side)
