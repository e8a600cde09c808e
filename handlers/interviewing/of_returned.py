"""Words typed under a figure that was sent back, while no question is open: that it is right, that it is not, or what it is.

Nothing is stored for them alone. That it is right is asked why, as under the button; another number opens the report and
waits there for a yes.
"""

import re
from collections.abc import Iterable
from typing import Final

from figures import access, sent_back
from figures.due import period_of_key
from handlers.interviewing import returned, sent, starting, to_correct
from handlers.interviewing.other_figure import (
    FEW,
    counts_else,
    counts_other_unit,
    numbers_of,
    other_figure,
    own_words,
    said_of_figure,
)
from handlers.interviewing.slipped import SURELY, slip_in
from handlers.named_period import named_time
from handlers.navigation import CorrectReturned, KeepReturned
from handlers.turn import Turn
from handlers.vocabulary import ASKING, OF_REASONS, ends_as_question
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from questionnaires.naming import speaks_of_other
from questionnaires.one_change import called_wrong
from storage import delivered
from storage.kept import KeepWanted
from storage.tables import FigureReturn, Submission

RIGHT: Final = "right"
DOING: Final = frozenset(("sua", "lam", "bao", "cao", "mo", "xem", "gui", "nop", "dien"))
"""What is said, folded, before a questionnaire's name to do something with it."""
ASKS_WHY: Final = OF_REASONS.flags("asks_why")
"""How a question begins that asks why something is asked."""
SINCE: Final = re.compile(r"\b(?:từ|tu)\s+(?:năm|nam)\s+\d{4}\b", re.I)
"""The year since which something is counted."""


async def on_words(turn: Turn, text: str) -> bool:
    """Take `text` as an answer to a figure that was sent back; False if it is none, or may be for something else."""
    one = await answered(turn, text)
    if one is None:
        return False
    report, row = one
    other = await counts_other(turn, text, report, row.path)
    return not other and await take_answer(turn, text, report, row)


async def answered(turn: Turn, text: str) -> tuple[Submission, FigureReturn] | None:
    """The returned figure that `text` may answer; None if there is none, if it asks something, or means another report."""
    one = await meant(turn, text) if text and "?" not in text else None
    return None if one is None or is_of_other_time(turn, text, one[0]) else one


async def take_answer(turn: Turn, text: str, report: Submission, row: FigureReturn) -> bool:
    """Take that the returned figure is right, that it is another, or that it is wrong; False if nothing of it is said."""
    answer = str(report.answers.get(row.path, ""))
    judged, numbers = judgement(text), numbers_of(text)
    others = numbers - {answer, called_wrong(text)}
    if keeps(answer, judged, numbers):
        await returned.on_keep(turn, KeepReturned(row.id))
    elif len(others) == 1 and is_number_alone(text, judged):
        await propose(turn, report, row, others.pop())
    elif judged and judged != RIGHT and not asks(text):
        await returned.on_correct(turn, CorrectReturned(row.id))
    else:
        return False
    return True


def asks(text: str) -> bool:
    """Whether `text` asks something, although it calls a figure wrong: "xã thấy sai chỗ nào ạ"."""
    return ends_as_question(text) or ASKING.stands_in(tokens_of(clean(text)))


def is_of_other_time(turn: Turn, text: str, report: Submission) -> bool:
    """Whether `text` tells of another time than the report's: "năm 2021 có 2 hộ". What holds "từ năm 2021" tells of now."""
    named, period = named_time(SINCE.sub(" ", text), turn.today), period_of_key(report.period)
    return named is not None and not (named.names(period) or named.touches(period))


async def counts_other(turn: Turn, text: str, report: Submission, path: str) -> bool:
    """Whether a number in `text` counts days and the like, or what another question of the report asks; or is asked
    about."""
    form = await turn.library.form(turn.session, report.form_id)
    if counts_else(text, own_words(form, path)) or counts_other_unit(text, form, path):
        return True
    if not numbers_of(text):
        return False
    return ASKING.stands_in(tokens_of(clean(text))) or speaks_of_other(
        text, await sent.answers_of(turn, report), path
    )


def keeps(answer: str, judged: str, numbers: set[str]) -> bool:
    """Whether it is said that the figure `answer` is right, or only that figure."""
    if judged:
        return judged == RIGHT and (answer in numbers or not numbers)
    return numbers == {answer}


async def meant(turn: Turn, text: str) -> tuple[Submission, FigureReturn] | None:
    """The returned figure that `text` may be about: the one in the newest message; else the only one, for a head who
    types a number."""
    number = await newest(turn)
    if number:
        known = each_of(await sent_back.waiting(turn.view))
        return next((one for one in known if one[1].id == number), None)
    if access.is_officer(turn.view) or not numbers_of(text):
        return None
    # A number alone may be a new one for it, so it has to be one that can be mended.
    mends = [one for one in await sent_back.waiting(turn.view) if turn.today <= one.until]
    waiting = each_of(mends)
    return waiting[0] if len(waiting) == 1 else None


def each_of(some: Iterable[sent_back.SentBack]) -> list[tuple[Submission, FigureReturn]]:
    """Return each returned figure of some reports, with its report."""
    return [(one.report, row) for one in some for row in one.returned]


async def newest(turn: Turn) -> int:
    """The number of the returned figure in the newest message to this chat; 0 if it has none."""
    under = await delivered.letter_since(turn.session, turn.contact.id)
    ways = (returned.pressed.read(data) for _, data in under)
    return next((way.returned for way in ways if isinstance(way, KeepReturned)), 0)


def judgement(text: str) -> str:
    """Whether `text` says that a figure is right or wrong, or that another one is instead; "" if none of it, or several."""
    said = said_of_figure(text)
    return said.pop() if len(said) == 1 else ""


async def on_reason(turn: Turn) -> None:
    """Take why a returned figure is right; a correction said instead, as "thực ra 85", is proposed and not stored."""
    instead = await said_instead(turn)
    if instead is None:
        await returned.on_words(turn, is_reason=not await asks_or_wishes(turn, turn.incoming.text))
    else:
        turn.expect(None)
        await propose(turn, *instead)


async def asks_or_wishes(turn: Turn, text: str) -> bool:
    """Whether `text` asks why or what, or names a questionnaire as something to do: that is no reason for a figure."""
    if ends_as_question(text) or ASKS_WHY.at(tokens_of(clean(text)), 0) is not None:
        return True
    return await to_correct.names_form(turn, set(fold(text).split()) - DOING)


async def corrects_or_asks(turn: Turn, text: str) -> bool:
    """Whether `text`, said why a figure is right, surely is no reason for it: it says another number, or asks."""
    return await asks_or_wishes(turn, text) or await said_instead(turn) is not None


async def said_instead(turn: Turn) -> tuple[Submission, FigureReturn, str] | None:
    """Return the other number that is said where a reason was asked for, with the figure it is for; None for a reason."""
    wanted = turn.screen.expects
    if not isinstance(wanted, KeepWanted) or not numbers_of(turn.incoming.text):
        return None
    row = await turn.session.get(FigureReturn, wanted.id)
    report = await turn.session.get(Submission, row.submission_id) if row and not row.answer else None
    if row is None or report is None:
        return None
    form = await turn.library.form(turn.session, report.form_id)
    answer = str(report.answers.get(row.path, ""))
    own = own_words(form, row.path)
    if slip_in(turn.incoming.text, answer, "", own, asked=True) == SURELY:
        return None
    figure = other_figure(turn.incoming.text, answer, own)
    return (report, row, figure) if figure else None


def is_number_alone(text: str, judged: str) -> bool:
    """Whether the number in `text` is said for the figure: with few other words, or instead of a wrong one."""
    return len(text.split()) <= FEW or (bool(judged) and judged != RIGHT)


async def propose(turn: Turn, report: Submission, row: FigureReturn, figure: str) -> None:
    """Open the report with another number for the figure, to be confirmed."""
    found = await returned.waiting(turn, row.id)
    if found is not None:
        paths = [line.path for line in await sent.answers_of(turn, report)]
        said = f"câu {paths.index(row.path) + 1} là {figure.replace('.', ',')}" if row.path in paths else ""
        notes = await returned.told_why(turn, *found)
        await starting.correct(turn, report, *notes, at=row.path, said=said)
