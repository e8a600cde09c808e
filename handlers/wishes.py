"""What people say they want that has no screen of its own: who this is, whom to ask, what was sent, "as last month".

Each is answered, with a button that leads to it. The words are in `handlers/words/goi-viec.toml`.
"""

import re
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from figures import due
from figures.due import period_of_key
from handlers import acting, menu, whom_to_call
from handlers.buttons import choice
from handlers.messages import Choice, column
from handlers.navigation import Command, GiveNumber, ShowDue, ShowReport, WriteAboutReport
from handlers.screens import due as due_screen
from handlers.turn import Turn
from questionnaires.answers.text import clean, fold, stands_for
from questionnaires.naming import EMPTY
from storage import interviews, places, submissions
from storage.tables import Level, Place, Submission

ASIDE: Final = 2
"""How many of the questionnaires laid aside are offered."""
FEW: Final = 2
"""If no more words than this stand beside "báo cáo" and the like, they are about a questionnaire."""
SENT: Final = 8
"""How many of the latest reports are listed."""
CORRECTED: Final = 16
"""How many that can still be corrected are: a village answers about a dozen questionnaires."""


async def bot(turn: Turn) -> None:
    """Say who this is, and what it can do."""
    turn.reply(turn.say("wish.bot"), choices=menu.buttons(turn.view))


async def rest(turn: Turn) -> None:
    """Stop, while nothing is open."""
    turn.reply(turn.say("wish.rest"), choices=menu.buttons(turn.view))


async def forwarded(turn: Turn) -> None:
    """Answer a forwarded notice to many: nothing that it says is done."""
    turn.reply(turn.say("wish.forwarded"), choices=menu.buttons(turn.view))


async def nothing_open(turn: Turn) -> None:
    """Answer a wish about a questionnaire while none is open: show them."""
    turn.reply(turn.say("wish.nothing_open"), choices=column(*await laid_aside(turn), list_button(turn)))


async def laid_aside(turn: Turn) -> list[Choice]:
    """Return buttons to the questionnaires that this person has laid aside, the one touched last first."""
    rows = await interviews.list_open(turn.session, turn.contact.person_id or 0)
    return [await due_screen.row_button(turn.view, row, "due.button.go_on") for row in rows[:ASIDE]]


async def same(turn: Turn) -> None:
    """Answer "as last time" while none is open: which one, and how to send all of it in two taps."""
    turn.reply(turn.say("wish.same"), choices=column(list_button(turn)))


def list_button(turn: Turn) -> Choice:
    """What is to be sent."""
    return choice(turn.say("menu.button.baocao"), ShowDue())


async def history(turn: Turn) -> None:
    """Show what was sent lately, newest first."""
    await show_sent(turn, "wish.history")


async def correct(turn: Turn) -> None:
    """Show the reports that can still be corrected, newest first; without any, what was sent lately."""
    asked = [
        one
        for place in await due.own_places(turn.view)
        for one in await due.asked_of(turn.view, place, past=True)
    ]
    open_ones = [one.sent for one in asked if one.sent is not None and not one.locked]
    await show_sent(turn, "wish.correct", sorted(open_ones, key=lambda one: one.sent_at, reverse=True))


async def show_sent(turn: Turn, key: str, some: Sequence[Submission] = ()) -> None:
    """These reports, or the latest ones of this person's places, as buttons under the sentence `key`."""
    own = {place.id: place for place in await due.own_places(turn.view)}
    reports = list(some) or await submissions.sent_last(turn.session, own)
    if not reports:
        turn.reply(turn.say("wish.none_sent"), choices=column(list_button(turn)))
        return
    reports = (await those_named(turn, reports))[: CORRECTED if some else SENT]
    buttons = [await report_button(turn, report, own, several=len(own) > 1) for report in reports]
    turn.reply(turn.say(key), choices=column(*buttons))


async def those_named(turn: Turn, reports: list[Submission]) -> list[Submission]:
    """Return the reports whose questionnaire most words of the message name; all if none does."""
    said = [word for word in clean(turn.incoming.text).split() if fold(word) not in EMPTY]
    named = [
        words_named(said, (await turn.library.form(turn.session, report.form_id)).title(turn.locale))
        for report in reports
    ]
    most = max(named)
    return [report for report, words in zip(reports, named, strict=True) if words == most]


def words_named(said: Sequence[str], title: str) -> int:
    """Return how many words of a title were said.

    A single word from its middle, without its marks among other words, may be about anything: "xa nhan duoc chua" does
    not name "Hôn nhân, phụ nữ".
    """
    words = re.findall(r"[^\W\d_]+", clean(title))
    named = [word for word in words if any(stands_for(one, word) for one in said)]
    sure = len(named) != 1 or named[0] in (words[0], *said) or len(said) <= FEW
    return len(named) if sure else 0


async def report_button(turn: Turn, report: Submission, own: dict[int, Place], *, several: bool) -> Choice:
    """Return the button of a report that was sent: questionnaire, period, and the place if there are several."""
    form = await turn.library.form(turn.session, report.form_id)
    names = [form.title(turn.locale), period_of_key(report.period).label(turn.locale)]
    if several:
        names.append(places.own_name(own[report.place_id]))
    return choice(", ".join(names), ShowReport(report.id))


async def officers(turn: Turn) -> None:
    """Say whom to call in the commune, those who gave a number for that, and how to write there. If nobody gave one, the
    officers are told that somebody wanted to call."""
    own = [place.id for place in await due.own_places(turn.view)]
    told = await numbers_told(turn, own)
    write = await writing_to_commune(turn, own)
    if write:
        told.append(turn.say("wish.officers_write"))
    if turn.contact.interview_id is not None:
        told.append(turn.say("wish.officers_within"))
    turn.reply(Markup("\n").join(told), choices=(*column(*write), *menu.buttons(turn.view)))


async def numbers_told(turn: Turn, own: Sequence[int]) -> list[Markup]:
    """Return whom to call in the commune; if nobody gave a number, ask its officers for one, and say so."""
    lines = await whom_to_call.numbers(turn.session, own, turn.today, turn.say)
    if lines:
        return [turn.say("wish.officers"), *lines]
    told = [turn.say("wish.no_officers")]
    if await ask_for_numbers(turn, own):
        told.append(turn.say("wish.officers_told"))
    return told


async def ask_for_numbers(turn: Turn, own: Sequence[int]) -> bool:
    """Ask the commune's officers, once a month, for a number on which heads may call; return whether any can be told."""
    places_of_own = [await turn.session.places.get(place_id) for place_id in own]
    chats = {
        chat.id: (chat, place)
        for place in filter(None, places_of_own)
        if place.level == Level.VILLAGE
        for chat in await acting.nearest_checkers(turn, place)
    }
    for chat, place in chats.values():
        say = acting.words_for(chat, officer=True)
        text = say("wish.number_wanted", place=places.name_of(place))
        give = choice(say("account.button.number"), GiveNumber())
        await acting.tell_once(turn, chat, f"number-wanted-{turn.today:%Y-%m}", [text], column(give))
    return bool(chats)


async def writing_to_commune(turn: Turn, own: Sequence[int]) -> list[Choice]:
    """Return the button that begins words to the commune, kept with the report that was sent last; none without one."""
    report = next(iter(await submissions.sent_last(turn.session, own)), None)
    place = await turn.session.places.get(report.place_id) if report else None
    if report is None or place is None or place.level != Level.VILLAGE:
        return []
    commune = turn.say(f"progress.level.{Level.COMMUNE}")
    return [choice(turn.say("exchange.button.to", who=commune), WriteAboutReport(report.id))]


async def figure_elsewhere(turn: Turn) -> None:
    """Say that figures of the commune and of other villages are for officers; those of one's own village are one press
    away."""
    own = choice(turn.say("menu.button.tinhhinh"), Command("tinhhinh"))
    turn.reply(turn.say("wish.figure_elsewhere"), choices=column(own))


async def moved(turn: Turn) -> None:
    """Say how it is changed that somebody has another village, or is no longer its head."""
    leave = menu.named(turn.view, "account.button.leave", Command("roi"))
    turn.reply(
        turn.say("wish.moved"), choices=column(choice(turn.say("menu.button.toi"), Command("toi")), leave)
    )
