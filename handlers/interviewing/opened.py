"""Begins a questionnaire that is named in a sentence: "bác muốn báo cáo nước sạch tháng này"."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from markupsafe import Markup

from figures import due
from figures.due import Due
from handlers.buttons import Button, choice
from handlers.interviewing import sent, starting
from handlers.messages import column
from handlers.named_form import called, may_call
from handlers.named_period import NamedPeriod, named_period, without_period
from handlers.navigation import BeginReport, ShowReport
from handlers.turn import Turn
from handlers.vocabulary import SAID, bare
from plans.period import Period
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from questionnaires.naming import EMPTY
from questionnaires.numbers_said import NUMBER
from questionnaires.questionnaire import Questionnaire
from questionnaires.several import PERIOD
from storage import submissions

OTHERWISE: Final = SAID.flags("opens_none")
"""Words that want something of a questionnaire other than to begin it."""
PERIODS: Final = 13
"""So many periods back, what was sent is found by its period."""
REST: Final = 2
"""How many other words may stand beside the name."""


async def open_named(turn: Turn, text: str, *, by_verb: bool) -> bool:
    """Begin the due questionnaire that `text` names and asks for; False if there is none.

    If it has already been sent, show what was sent. With `by_verb`, "báo việc làm" names one, too.
    """
    meant, period = await named_due(turn, text, by_verb=by_verb), named_period(text, turn.today)
    if meant and period is not None and not period.names(meant[0].period):
        await open_other(turn, meant, period)
    elif meant:
        await open_latest(turn, meant)
    return bool(meant)


async def open_unchanged(turn: Turn, text: str) -> bool:
    """Show last period's answers to the questionnaire that `text` names, to be sent: "nước tháng này không đổi".

    False if it names none that is due, or several.
    """
    asked = await due.asked_of_all(turn.view, await due.own_places(turn.view))
    said = fold(without_period(text))
    lengths = {one.form.name: said_of_title(said, one.form) for one in asked}
    most = max(lengths.values(), default=0)
    meant = of_one([one for one in asked if most and lengths[one.form.name] == most])
    if not meant:
        return False
    latest = max(meant, key=lambda one: one.period.end)
    await starting.start(turn, latest.place, latest.form_id, latest.period, as_before=True)
    return True


def said_of_title(said: str, form: Questionnaire) -> int:
    """Return how many words, from its first one on, of a questionnaire's title stand together in the folded words `said`."""
    most = 0
    for title in form.titles.values():
        words = fold(title).split()
        for length in range(1, len(words) + 1):
            if f" {' '.join(words[:length])} " in f" {said} " and not EMPTY.issuperset(words[:length]):
                most = max(most, length)
    return most


async def named_due(turn: Turn, text: str, *, by_verb: bool) -> Sequence[Due]:
    """The one questionnaire that `text` names and asks for, in each period for which it is asked; none if several fit.

    If it names a period for which it is asked, in that one only.
    """
    period, said = named_period(text, turn.today), PERIOD.sub(" ", without_period(text))
    if not may_call(said, by_verb=by_verb):
        return []
    own = await due.own_places(turn.view)
    asked = await due.asked_of_all(turn.view, own)
    name = called(said, map(attrgetter("form"), asked), by_verb=by_verb)
    if name is None:
        # Between two periods it is asked for none: then what was sent last is meant.
        asked = [one for place in own for one in await due.asked_of(turn.view, place, past=True) if one.sent]
        name = called(said, map(attrgetter("form"), asked), by_verb=by_verb)
    if name is None or not only_asks_for_it(name.rest):
        return []
    return of_one(in_named_period([one for one in asked if one.form.name in name.names], period))


def in_named_period(asked: list[Due], period: NamedPeriod | None) -> list[Due]:
    """What is asked for the period that is named; all of it where none is, or nothing is asked for that."""
    return [one for one in asked if period is not None and period.names(one.period)] or asked


def of_one(meant: Sequence[Due]) -> Sequence[Due]:
    """Return what is not yet sent, else all; nothing if that is of several questionnaires or places."""
    open_ones = [one for one in meant if one.sent is None] or meant
    return open_ones if len({(one.form.name, one.place.id) for one in open_ones}) == 1 else []


def only_asks_for_it(rest: str) -> bool:
    """Whether the words beside a name ask for nothing else and tell no figure."""
    words = [word for word in bare(fold(rest).split()).split() if word not in EMPTY]
    return (
        len(words) <= REST and not NUMBER.search(rest) and OTHERWISE.first_in(tokens_of(clean(rest))) is None
    )


async def open_latest(turn: Turn, meant: Sequence[Due]) -> None:
    """Begin the one asked for the latest period, continue it, or show what was sent."""
    latest = max(meant, key=lambda one: one.period.end)
    if latest.sent is not None:
        await sent.show(turn, latest.sent, turn.say("sent.already"))
    else:
        await starting.start(turn, latest.place, latest.form_id, latest.period)


async def open_other(turn: Turn, meant: Sequence[Due], period: NamedPeriod, *before: Markup) -> None:
    """Show what was sent for a period for which it is no longer asked; without that, begin it if its period was reopened,
    else say so and for which it is asked. `before` comes first."""
    one, then = meant[0], period_before(meant[0].period, period)
    report = await submissions.submission_of(
        turn.session, one.place.id, one.form.name, then.key if then else ""
    )
    if report is not None:
        await sent.show(turn, report, *before, turn.say("sent.already"))
        return
    if then is not None and await due.can_be_sent(turn.view, one.place, one.form.name, then):
        await starting.start(turn, one.place, one.form_id, then, *before)
        return
    ways = [
        choice(f"{each.form.title(turn.locale)}, {each.period.label(turn.locale)}", way_to(each))
        for each in meant
    ]
    closed = turn.say("due.not_of_period", form=one.form.title(turn.locale))
    turn.reply(Markup("\n").join([*before, closed]), choices=column(*ways))


def period_before(asked: Period, named: NamedPeriod) -> Period | None:
    """Return the period that is named, of the one that is `asked` for and those before it; None if it is none of them."""
    earlier = [asked]
    while len(earlier) < PERIODS:
        earlier.append(earlier[-1].previous())
    return next((each for each in earlier if named.names(each)), None)


def way_to(one: Due) -> Button:
    """Return what opens a report that is asked for: what was sent, else the questionnaire."""
    if one.sent is not None:
        return ShowReport(one.sent.id)
    return BeginReport(one.place.id, one.form_id, one.period)
