"""Opens a report that is named without a figure: to correct it, "sửa nước tháng 11", or of a period, "nước tháng 11".

A new questionnaire may be due while last period's report can still be corrected. "Sửa nước" then means the report:
answers to the new one would be stored for another period.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Final

from markupsafe import Markup

from figures import due
from figures.due import Due
from handlers.interviewing import sent, starting, understood
from handlers.messages import clip, column
from handlers.named_form import LETTERS, OF_REPORTS, is_of_name, name_words, words_asked
from handlers.named_period import named_period
from handlers.screens import due as due_screen
from handlers.turn import Turn
from handlers.vocabulary import bare
from plans.period import Period, from_key
from questionnaires.answers.text import clean, fold, has_letters
from questionnaires.answers.tokens import as_text, tokens_of
from questionnaires.naming import EMPTY
from questionnaires.numbers_said import NUMBER
from questionnaires.one_change import FIXING, says_wrong
from questionnaires.questionnaire import Questionnaire
from questionnaires.several import PERIOD
from storage import submissions
from storage.tables import InterviewRow

MOST: Final = 8
"""The most words of a message that only names a report."""
TIMES: Final = frozenset(("thang", "quy", "ky", "truoc", "nay", "vua", "qua", "nam"))
"""Words for a time that say nothing of a questionnaire."""
WANTING: Final = frozenset(("muon", "xin"))
"""Words, folded, with which somebody wants it corrected."""
LISTED: Final = 8
"""How many reports are offered."""


async def open_named(turn: Turn, text: str) -> bool:
    """Show the report that `text` names, or offer those that it may mean; False if it names none.

    Without a period, only words that ask for a correction mean a report.
    """
    fixes, words = says_wrong(text), words_of(text)
    if not words or not (fixes or PERIOD.search(text)):
        return False
    is_said = partial(may_be, text=text, today=turn.today)
    named = await all_named(turn, words, is_said)
    if fixes:
        if await to_correct(turn, named, words, is_said):
            return True
        return await names_some_form(turn, text, words) and tell_none_then(turn, text)
    if named:
        await of_period(turn, named)
        return True
    return await show_last(turn, words, is_said)


async def names_another(turn: Turn, text: str, row: InterviewRow) -> bool:
    """Whether `text` asks to correct a report other than that of the draft `row`: of another questionnaire, or of another
    period."""
    words = words_of(text) if has_letters(text) and says_wrong(text) else set()
    if not words:
        return False
    own = await turn.library.form(turn.session, row.form_id)
    if words <= name_words(own):
        return names_period(text, turn.today) and not may_be(from_key(row.period), text, turn.today)
    # A word of its own questions is about them, whatever title has it, too.
    if await says_title(turn, text):
        return True
    meant = names_period(text, turn.today) or not words <= words_asked(own)
    return meant and await names_form(turn, words)


async def says_title(turn: Turn, text: str) -> bool:
    """Whether `text` says the whole title of a questionnaire: "nhà ở", in which no word by itself names it."""
    return any(f" {fold(form.title('vi'))} " in f" {fold(text)} " for form in await all_forms(turn))


async def names_form(turn: Turn, words: set[str]) -> bool:
    """Whether words, folded, are all of the name of one questionnaire, and long enough to name it: "đi" does not."""
    return sum(map(len, words)) >= LETTERS and is_of_name(words, await all_forms(turn))


async def names_some_form(turn: Turn, text: str, words: set[str]) -> bool:
    """Whether the words of `text` name a questionnaire, by its title or by words of its name."""
    return await says_title(turn, text) or await names_form(turn, words)


async def all_forms(turn: Turn) -> list[Questionnaire]:
    """Return the questionnaires in use."""
    return [form for _, form in (await turn.library.active_forms(turn.session)).values()]


def names_period(text: str, today: date) -> bool:
    """Whether `text` names a period: "tháng 10", "quý trước"."""
    return PERIOD.search(text) is not None or named_period(text, today) is not None


async def all_named(turn: Turn, words: set[str], is_said: Callable[[Period], bool]) -> list[Due]:
    """Return all that this person is or was asked for whose questionnaire has these words, of the period said."""
    own = await due.own_places(turn.view)
    asked = [one for place in own for one in await due.asked_of(turn.view, place, past=True)]
    return [one for one in asked if words <= name_words(one.form) and is_said(one.period)]


def words_of(text: str) -> set[str]:
    """What a few words without a figure say besides a correction and a period: of a questionnaire's name; else nothing."""
    rest = PERIOD.sub(" ", text)
    if NUMBER.search(rest) or len(text.split()) > MOST:
        return set()
    tokens = tokens_of(clean(rest))
    fixing = {at for start, _, end in FIXING.starts(tokens) for at in range(start, end)}
    words = fold(as_text([token for at, token in enumerate(tokens) if at not in fixing])).split()
    return set(bare(words).split()) - EMPTY - TIMES - WANTING - set(OF_REPORTS)


def may_be(period: Period, text: str, today: date) -> bool:
    """Whether a period is the one that `text` names, or it names none: "tháng 1" is neither November nor December."""
    if (named := named_period(text, today)) is not None:
        return named.names(period)
    said = PERIOD.search(text)
    return said is None or f"{fold(period.name())} ".startswith(f"{fold(said[0])} ")


async def to_correct(
    turn: Turn, named: Sequence[Due], words: set[str], is_said: Callable[[Period], bool]
) -> bool:
    """Show the one report that can be corrected, or offer several; else the last one that was sent for the period said."""
    open_ones = [one for one in named if one.sent is not None and not one.locked]
    if len(open_ones) > 1:
        offer(turn, open_ones, turn.say("wish.correct"))
        return True
    if open_ones and open_ones[0].sent is not None:
        await sent.show(turn, open_ones[0].sent)
        return True
    return not any(one.mine or one.sent is None for one in named) and await show_last(turn, words, is_said)


async def show_last(turn: Turn, words: set[str], is_said: Callable[[Period], bool]) -> bool:
    """Show the newest report of the questionnaire with these words, of the period said, which says why it cannot be
    corrected."""
    own = [place.id for place in await due.own_places(turn.view)]
    for report in await submissions.sent_last(turn.session, own):
        form = await turn.library.form(turn.session, report.form_id)
        if words <= name_words(form) and is_said(from_key(report.period)):
            await sent.show(turn, report)
            return True
    return False


def tell_none_then(turn: Turn, text: str) -> bool:
    """Say that there is no report of the period that `text` names, so that it is not noted, and lead to the reports; False
    if it names none."""
    said = PERIOD.search(text)
    if said is None:
        return False
    not_noted = turn.say("interview.words_not_noted", words=clip(text, understood.SHOWN))
    none = turn.say("interview.none_then", words=said[0])
    turn.reply(Markup("\n").join([not_noted, none]), choices=column(due_screen.list_button(turn.view)))
    return True


async def of_period(turn: Turn, named: Sequence[Due]) -> None:
    """Begin what is missing for the period that was said, or show what was sent; of several, offer each."""
    one = named[0]
    if len(named) > 1:
        offer(turn, named, turn.say("due.head"))
    elif one.sent is not None:
        await sent.show(turn, one.sent, turn.say("sent.already"))
    else:
        await starting.start(turn, one.place, one.form_id, one.period)


def offer(turn: Turn, some: Sequence[Due], text: Markup) -> None:
    """A button for each report."""
    several = len({one.place.id for one in some}) > 1
    newest = sorted(some, key=lambda one: one.period.end, reverse=True)[:LISTED]
    turn.reply(text, choices=column(*(due_screen.what_to_do(turn.view, one, several) for one in newest)))
