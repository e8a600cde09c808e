"""A whole report in one message while no question is open: "Thôn Nà Hin: tổng 120 hộ; HVS 109; thiếu nước 6".

It is for the due questionnaire with the most answers in it; if two are equally likely, for none. That questionnaire
begins and shows what it understood. Nothing is stored before the person confirms it.

Numbers alone name no questionnaire. Those of one that is due may fit another that was sent, if one of them is a slip. So
they correct nothing that was sent while something unsent has about as many questions. Under a report that was sent, with
its button to correct it, they are for that report, or else it is asked for which.
"""

from collections.abc import Sequence
from typing import Final

from figures import due
from figures.due import Due
from handlers.interviewing import flow, opened, sent, several, starting, to_correct, understood
from handlers.interviewing.sent import CorrectReport
from handlers.messages import clip
from handlers.named_period import NamedPeriod, named_period
from handlers.screens.progress import ShowDomain, ShowDomains
from handlers.turn import Turn
from questionnaires.interview import Context, Interview, begin, questions
from questionnaires.numbers_said import LONGEST, in_figures, is_number
from questionnaires.several import FEW, Several, pieces_of, read_several
from storage import interviews, places

LEAST: Final = 2
"""The fewest answers that make a report."""
PROGRESS: Final = ShowDomain.wire.pattern(), ShowDomains.wire.pattern()
"""The buttons under where a village stands."""
NEARLY: Final = 1
"""So many numbers may be left out of a report, or be too many, and it may still be meant."""


async def begin_with(turn: Turn, text: str) -> bool:
    """Begin the questionnaire that `text` answers, with those answers; False if it answers none.

    If it answers more of a report that was already sent, it corrects that: the person looks at it and sends it anew.
    What names a period is for no other.
    """
    text = in_figures(text)
    if not several.ANOTHER.search(text):
        return False
    period, shown = named_period(text, turn.today), await shown_to_correct(turn, text)
    if shown is not None and asked_for([shown], period):
        return await correct_shown(turn, shown, text)
    every = await asked_now(turn)
    asked = asked_for(every, period)
    if are_under_progress(turn, text):
        return ask_any(turn, asked, text)
    meant = meant_of(turn, asked, text)
    if meant is None:
        told = await is_of_other_period(turn, every, text, period) or ask_which(turn, asked, text)
        return told or await ask_each(turn, asked, text) or await show_named(turn, asked, text)
    may_be = others(turn, asked, meant, text)
    if are_of_one_form(may_be) and not fits_by_chance(turn, meant, text):
        return await take_up(turn, likeliest(turn, may_be, text)[0] or may_be[0], text)
    to_correct.offer(turn, may_be, turn.say("several.which_form"))
    return True


async def shown_to_correct(turn: Turn, text: str) -> Due | None:
    """Return the report that the chat shows with the button to correct it, if `text` says nothing but numbers."""
    start = CorrectReport.wire.text.partition("{")[0]
    shown = {button.data for button in turn.screen.buttons if button.data.startswith(start)}
    if len(shown) != 1:
        return None
    own = await due.own_places(turn.view)
    asked = [one for place in own for one in await due.asked_of(turn.view, place, past=True)]
    meant = (one for one in asked if one.sent is not None and str(CorrectReport(one.sent.id)) in shown)
    return next((one for one in meant if says_numbers(one, text)), None)


async def correct_shown(turn: Turn, shown: Due, text: str) -> bool:
    """Open the report that is shown, given as many numbers as it has questions; given others, ask which one they are for."""
    if takes_all(turn, shown, text):
        return await take_up(turn, shown, text)
    unsent = [one for one in await asked_now(turn) if one.sent is None and takes_nearly(turn, one, text)]
    to_correct.offer(turn, [shown, *unsent], turn.say("several.which_form"))
    return True


def are_under_progress(turn: Turn, text: str) -> bool:
    """Whether `text` is numbers alone, under what a village has reported: that names many questionnaires, or
    another than the numbers fit."""
    words = text.split()
    alone = len(words) >= FEW and all(map(is_number, words))
    return alone and any(one.fullmatch(button.data) for button in turn.screen.buttons for one in PROGRESS)


def ask_any(turn: Turn, asked: Sequence[Due], text: str) -> bool:
    """Ask which unsent report numbers alone are for, whichever they fit; False if none is open."""
    unsent = unsent_behind(asked, text)
    if unsent:
        to_correct.offer(turn, nearly_taking(turn, unsent, text) or unsent, turn.say("several.which_form"))
    return bool(unsent)


def asked_for(every: Sequence[Due], period: NamedPeriod | None) -> list[Due]:
    """Those of some questionnaires that a named period may be for; all if none is named."""
    return [one for one in every if period is None or period.may_be(one.period)]


def are_of_one_form(dues: Sequence[Due]) -> bool:
    """Whether there are some, all of one questionnaire and one place."""
    return len({(one.form_id, one.place.id) for one in dues}) == 1


def first_in_time(turn: Turn, dues: Sequence[Due]) -> Due:
    """The first that is not late yet, else the last."""
    return next((one for one in dues if not one.late(turn.view.now)), dues[-1])


def meant_of(turn: Turn, asked: Sequence[Due], text: str) -> Due | None:
    """Return the report that `text` is for; one that was already sent only if more of it is answered than of any other."""
    meant, told = likeliest(turn, [one for one in asked if one.sent is None], text)
    of_sent, told_of_sent = likeliest(turn, [one for one in asked if one.sent is not None], text)
    return of_sent if told_of_sent > told else meant


def others(turn: Turn, asked: Sequence[Due], meant: Due, text: str) -> Sequence[Due]:
    """Return the reports that `text` may be for, though most of it answers `meant`; `meant` alone if it is in no doubt.

    Only numbers alone are in doubt: if `meant` was sent, or does not take them all.
    """
    if meant.sent is None and not heard(turn, meant, text).doubtful:
        return [meant]
    unsent = unsent_behind(asked, text)
    exact = [one for one in unsent if takes_all(turn, one, text)]
    if meant.sent is None:
        return exact if meant in exact else [meant]
    rest = [one for one in asked if one is not meant]
    return exact or [*nearly_taking(turn, unsent, text), *sent_taking(turn, rest, text), meant]


def fits_by_chance(turn: Turn, meant: Due, text: str) -> bool:
    """Whether `text` is numbers alone, behind no name, and more than one of them fits no question of this report: one may be
    a slip."""
    if not says_numbers(meant, text) or len(numbers_in(meant, text)) < len(text.split()):
        return False
    return len(heard(turn, meant, text).refused) > NEARLY or not takes_all(turn, meant, text)


def unsent_behind(asked: Sequence[Due], text: str) -> list[Due]:
    """Return the reports that were not sent, and that the numbers of `text`, or the words before them, may be for."""
    return [one for one in asked if one.sent is None and says_numbers(one, text)]


def sent_taking(turn: Turn, asked: Sequence[Due], text: str) -> list[Due]:
    """Return the reports that were sent and have a question for each of the numbers that `text` is."""
    reports = [one for one in asked if one.sent is not None and says_numbers(one, text)]
    return [one for one in reports if takes_all(turn, one, text)]


def nearly_taking(turn: Turn, unsent: Sequence[Due], text: str) -> list[Due]:
    """Return those of some reports that have about as many questions as `text` has numbers."""
    return [one for one in unsent if takes_nearly(turn, one, text)]


def says_numbers(one: Due, text: str) -> bool:
    """Whether `text` says nothing but numbers, several of them, behind words that may name this very report."""
    words = numbers_in(one, text)
    return len(words) >= FEW and all(map(is_number, words))


def numbers_in(one: Due, text: str) -> list[str]:
    """The words of `text` without a heading that names this report: its numbers, if it says nothing else."""
    return " ".join(pieces_of(text[:LONGEST], one.form, places.own_name(one.place))).split()


def takes_all(turn: Turn, one: Due, text: str) -> bool:
    """Whether a report has a question for each number, even if it does not take one of them."""
    read = heard(turn, one, text)
    return len(read.answers) + len(read.refused) == len(numbers_in(one, text))


def takes_nearly(turn: Turn, one: Due, text: str) -> bool:
    """Whether a report has about as many questions as `text` has numbers."""
    asked = questions(one.form, *fresh(turn, one))
    return abs(len(asked) - len(numbers_in(one, text))) <= NEARLY


async def take_up(turn: Turn, meant: Due, text: str) -> bool:
    """Correct what was sent, go on with what was begun, or begin, with the answers in `text`."""
    if meant.sent is not None:
        await starting.correct(turn, meant.sent, said=text)
        return True
    if meant.mine is not None:
        await starting.resume(turn, meant.mine, said=text)
        return True
    sitting, _ = await starting.fresh(turn, meant.place, meant.form_id, meant.period)
    return several.offer(sitting, text)


async def ask_each(turn: Turn, asked: Sequence[Due], text: str) -> bool:
    """Begin the one questionnaire that is named before numbers alone, if they are not as many as its questions.

    Nobody knows which is which then, so nothing is taken.
    """
    named = [one for one in asked if one.sent is None and says_numbers(one, text)]
    if not are_of_one_form(named):
        return False
    one = first_in_time(turn, named)
    say = turn.say("several.which")
    if one.mine is not None:
        await starting.resume(turn, one.mine, say)
        return True
    sitting, _ = await starting.fresh(turn, one.place, one.form_id, one.period)
    flow.again(sitting, say)
    return True


def ask_which(turn: Turn, asked: Sequence[Due], text: str) -> bool:
    """Ask which report numbers alone are for, of several sent ones that have a question for each; False for none."""
    taking = sent_taking(turn, asked, text)
    if taking:
        unsent = [one for one in asked if one.sent is None and says_numbers(one, text)]
        to_correct.offer(turn, [*nearly_taking(turn, unsent, text), *taking], turn.say("several.which_form"))
    return bool(taking)


async def show_named(turn: Turn, asked: Sequence[Due], text: str) -> bool:
    """Show the sent report that is named before numbers which are not as many as its questions, and say that they were not
    noted; False if none is named, or several are."""
    reports = [one for one in asked if one.sent is not None and says_numbers(one, text)]
    named = [one for one in reports if len(numbers_in(one, text)) < len(text.split())]
    report = max(named, key=lambda one: one.period.end).sent if are_of_one_form(named) else None
    if report is None:
        return False
    await sent.show(turn, report, turn.say("interview.words_not_noted", words=clip(text, understood.SHOWN)))
    return True


async def is_of_other_period(turn: Turn, every: Sequence[Due], text: str, period: NamedPeriod | None) -> bool:
    """Whether `text` reports for a period for which it is not asked: then say so and that it was not noted."""
    if period is None:
        return False
    unsent = [due for due in every if due.sent is None]
    one = likeliest(turn, unsent, text)[0] or likeliest(turn, every, text)[0]
    if one is None:
        return False
    not_noted = turn.say("interview.words_not_noted", words=clip(text, understood.SHOWN))
    await opened.open_other(turn, [due for due in every if due.form_id == one.form_id], period, not_noted)
    return True


async def asked_now(turn: Turn) -> list[Due]:
    """What the sender's own places are asked, sent or not, with the sender's own drafts.

    Between two periods, the last one's reports are there as long as they can be corrected.
    """
    drafts = await interviews.list_open(turn.session, turn.contact.person_id or 0)
    own = await due.own_places(turn.view)
    return [one for place in own for one in await due.asked_of(turn.view, place, drafts, past=True)]


def likeliest(turn: Turn, asked: Sequence[Due], text: str) -> tuple[Due | None, int]:
    """Return the questionnaire of `asked` with the most answers in `text`, at least two, and how many; of its periods
    the earliest in time."""
    counted = [(len(heard(turn, one, text).answers), one) for one in asked]
    most = max((count for count, _ in counted), default=0)
    best = [one for count, one in counted if count == most]
    # One fitting answer is chance, and two questionnaires that fit alike cannot be told apart: then the list is shown
    # instead.
    if most < LEAST or len({(one.form_id, one.place.id) for one in best}) > 1:
        return None, most
    return next((one for one in best if not one.late(turn.view.now)), best[-1 if best[0].sent else 0]), most


def heard(turn: Turn, one: Due, text: str) -> Several:
    """What `text` answers of one questionnaire."""
    interview, context = fresh(turn, one)
    return read_several(one.form, interview, context, text, places.own_name(one.place))


def fresh(turn: Turn, one: Due) -> tuple[Interview, Context]:
    """An interview about one report that has no answers yet, and what it is asked with."""
    context = Context(now=turn.now, lang=turn.locale, seed="-")
    return begin(one.form, context)[0], context
