"""What people say they want that has no screen of its own: who this is, whom to ask, what was sent, "as last month".

Each is answered, with the way to it as a button. The words stand in `handlers/words/goi-viec.toml`.
"""

import re
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from figures import due
from figures.due import period_of_key
from handlers import menu
from handlers.buttons import choice
from handlers.messages import Choice, column
from handlers.navigation import Command, ShowDue, ShowReport
from handlers.screens import due as due_screen
from handlers.turn import Turn
from questionnaires.answers.text import clean, fold, stands_for
from questionnaires.naming import EMPTY
from storage import interviews, people, places, submissions
from storage.roster import shown_phone
from storage.tables import Place, RoleName, Submission

ASIDE: Final = 2
"""How many of the questionnaires laid aside to offer."""
FEW: Final = 2
"""So few words besides "báo cáo" and the like are of a questionnaire."""
SENT: Final = 8
"""How many of the latest reports are listed."""


async def bot(turn: Turn) -> None:
    """Who this is, and what it can do."""
    turn.reply(turn.say("wish.bot"), choices=menu.buttons(turn.view))


async def rest(turn: Turn) -> None:
    """Stop, while nothing is open."""
    turn.reply(turn.say("wish.rest"), choices=menu.buttons(turn.view))


async def forwarded(turn: Turn) -> None:
    """A notice to many, passed on: nothing is done as it says."""
    turn.reply(turn.say("wish.forwarded"), choices=menu.buttons(turn.view))


async def nothing_open(turn: Turn) -> None:
    """Something of a questionnaire, while none is open: here they are."""
    turn.reply(turn.say("wish.nothing_open"), choices=column(*await laid_aside(turn), list_button(turn)))


async def laid_aside(turn: Turn) -> list[Choice]:
    """The ways on with the questionnaires that this person has laid aside, the one touched last first."""
    rows = await interviews.list_open(turn.session, turn.contact.person_id or 0)
    return [await due_screen.row_button(turn.view, row, "due.button.go_on") for row in rows[:ASIDE]]


async def same(turn: Turn) -> None:
    """As last time, while none is open: which, and how all of it is sent in two taps."""
    turn.reply(turn.say("wish.same"), choices=column(list_button(turn)))


def list_button(turn: Turn) -> Choice:
    """What is to be sent."""
    return choice(turn.say("menu.button.baocao"), ShowDue())


async def history(turn: Turn) -> None:
    """What was sent lately, the newest first."""
    await show_sent(turn, "wish.history")


async def correct(turn: Turn) -> None:
    """What was sent lately, to correct one of them."""
    await show_sent(turn, "wish.correct")


async def show_sent(turn: Turn, key: str) -> None:
    """The latest reports of this person's places as buttons, under the sentence `key`."""
    own = {place.id: place for place in await due.own_places(turn.view)}
    reports = await submissions.sent_last(turn.session, own)
    if not reports:
        turn.reply(turn.say("wish.none_sent"), choices=column(list_button(turn)))
        return
    reports = (await those_named(turn, reports))[:SENT]
    buttons = [await report_button(turn, report, own, several=len(own) > 1) for report in reports]
    turn.reply(turn.say(key), choices=column(*buttons))


async def those_named(turn: Turn, reports: list[Submission]) -> list[Submission]:
    """The reports whose questionnaire most words of the message name; all where none does."""
    said = [word for word in clean(turn.incoming.text).split() if fold(word) not in EMPTY]
    forms = [await turn.library.form(turn.session, report.form_id) for report in reports]
    named = [words_named(said, form.title(turn.locale)) for form in forms]
    most = max(named)
    return [report for report, words in zip(reports, named, strict=True) if words == most]


def words_named(said: Sequence[str], title: str) -> int:
    """How many words of a title were said. A single one in its middle, without its marks among other words, may be said of
    anything: "xa nhan duoc chua" names no "Hôn nhân, phụ nữ"."""
    words = re.findall(r"[^\W\d_]+", clean(title))
    named = [word for word in words if any(stands_for(one, word) for one in said)]
    sure = len(named) != 1 or named[0] in (words[0], *said) or len(said) <= FEW
    return len(named) if sure else 0


async def report_button(turn: Turn, report: Submission, own: dict[int, Place], *, several: bool) -> Choice:
    """The button of a report that was sent: questionnaire, period, and the place where there are several."""
    form = await turn.library.form(turn.session, report.form_id)
    names = [form.title(turn.locale), period_of_key(report.period).label(turn.locale)]
    if several:
        names.append(places.own_name(own[report.place_id]))
    return choice(", ".join(names), ShowReport(report.id))


async def officers(turn: Turn) -> None:
    """Whom to call in the commune: who gave a number to be called on."""
    numbers: dict[str, Markup] = {}
    for place in await due.own_places(turn.view):
        for officer in await people.officers_of(turn.session, place.id, RoleName.COMMUNE_OFFICER, turn.today):
            if officer.person.phone:
                number = shown_phone(officer.person.phone)
                name = officer.person.name or turn.say("wish.officer_nameless")
                numbers[number] = turn.say("wish.officer_line", name=name, number=number)
    lines = list(numbers.values())
    told = [turn.say("wish.officers"), *lines] if lines else [turn.say("wish.no_officers")]
    if turn.contact.interview_id is not None:
        told.append(turn.say("wish.officers_within"))
    turn.reply(Markup("\n").join(told), choices=menu.buttons(turn.view))


async def figure_elsewhere(turn: Turn) -> None:
    """Figures of the commune and of other villages are for officers; those of the own village are one press away."""
    own = choice(turn.say("menu.button.tinhhinh"), Command("tinhhinh"))
    turn.reply(turn.say("wish.figure_elsewhere"), choices=column(own))


async def moved(turn: Turn) -> None:
    """Another village, or no longer its head: how that is changed."""
    leave = menu.named(turn.view, "account.button.leave", Command("roi"))
    turn.reply(
        turn.say("wish.moved"), choices=column(choice(turn.say("menu.button.toi"), Command("toi")), leave)
    )
