"""Several answers in one message: shown as understood, and stored only once the person confirms them.

At the review, and at last period's answers, "5: 12" is an edit like any other: nothing is sent before the person has
seen it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from markupsafe import Markup

from handlers.interviewing import flow, marks, understood
from handlers.interviewing.other_figure import (
    ALIKE,
    COUNTED,
    counts_else,
    counts_other_unit,
    own_words,
    repeats,
)
from handlers.interviewing.question import VALUE
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import FIGURE, FigureOf
from handlers.messages import clip
from handlers.vocabulary import PUTS_OFF
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from questionnaires.interview import Answer, GoTo, Interview, Line, Recorded, questions, unchanged
from questionnaires.label_numbers import hidden
from questionnaires.naming import content, counts_elsewhere, distinct, named
from questionnaires.numbers_said import NUMBER, in_figures, numbers_in_figures, unclear_in_figures
from questionnaires.one_change import AnswerChange, called_wrong, question_named, read_change, says_wrong
from questionnaires.put_right_at_once import as_meant
from questionnaires.several import (
    LINE,
    Laid,
    SaidAnswer,
    Several,
    apply,
    not_asked,
    read_several,
    tried,
)

ANOTHER: Final = re.compile(r"\d\D+\d|(?:câu|cau)\s+(?:cuối|cuoi|còn lại|con lai)", re.I)
"""Without two numbers, or a question's number and an answer, or "the last questions", a message is no list of answers."""
CLAUSES: Final = re.compile(r"[,;.](?=\s)")
"""Separates the parts of a sentence."""
WORDS: Final = 3
"""The fewest words of a part that tells a figure of something."""


def read(sitting: Sitting, text: str) -> Several:
    """What `text` answers of several questions of this questionnaire."""
    asked = questions(sitting.form, sitting.interview, sitting.context)
    text = as_meant(hidden(in_figures(text), [line.label for line in asked]))
    if not ANOTHER.search(text):
        return Several()
    return read_several(sitting.form, sitting.interview, sitting.context, text, sitting.notes.place)


def offer(sitting: Sitting, text: str, *before: Markup) -> bool:
    """Show what `text` answers of several questions, to be confirmed; False if it is no such list."""
    heard = read(sitting, text)
    numbers = sum(len(NUMBER.findall(without_number(piece))) for piece in heard.doubtful)
    if len(heard.answers) + numbers < 2:
        return False
    if not heard.answers and not sitting.notes.several:
        flow.again(sitting, *before, sitting.turn.say("several.which"))
        return True
    if sitting.turn.can.brief and is_whole(sitting, heard):
        store(sitting, {answer.path: answer.value for answer in heard.answers}, *before)
    else:
        wait_for_yes(sitting, heard, *before)
    return True


def is_whole(sitting: Sitting, heard: Several) -> bool:
    """Whether a message answers all questions, clearly, of which none was answered before.

    Where each letter costs money, the review then reads them back, to be sent or corrected; once is enough.
    """
    asked = questions(sitting.form, sitting.interview, sitting.context)
    before = sitting.notes.several or any(sitting.interview.values.get(line.path) for line in asked)
    return not (before or heard.doubtful or heard.refused or heard.missing)


def store(sitting: Sitting, values: Mapping[str, str], *before: Markup) -> None:
    """Store answers, and ask what is missing."""
    sitting.interview, recorded = apply(sitting.form, sitting.interview, sitting.context, values)
    flow.left(sitting)
    for event in recorded:
        sitting.answered_by(event.path)
    flow.show_edited(sitting, list(values), *before, sitting.turn.say("several.taken", n=len(recorded)))


def without_number(piece: str) -> str:
    """Return what a piece such as "4: 95" says about the question whose number precedes it."""
    line = LINE.fullmatch(piece)
    return line[2] if line else piece


def wait_for_yes(sitting: Sitting, heard: Several, *before: Markup) -> None:
    """Show what was understood, and keep it until it is confirmed."""
    # An answer that was withdrawn, or left, does not come back with what is said next.
    waiting = dict(sitting.notes.several) if sitting.notes.at == "m" else {}
    values = {**waiting, **{answer.path: answer.value for answer in heard.answers}}
    sitting.settle()
    sitting.note(
        at="m", several=tuple(values.items()), which=(), asked=str(sitting.turn.say("several.short"))
    )
    understood.show(sitting, heard, *before)


async def look(sitting: Sitting, *before: Markup) -> None:
    """Show again what waits for a yes, or of which question it is."""
    if sitting.notes.which:
        tries = (of_change(sitting, AnswerChange(path, value)).answers for path, value in sitting.notes.which)
        understood.show_which(sitting, [*chain.from_iterable(tries)], *before)
    else:
        understood.show(sitting, Several(), *before)


async def drop(sitting: Sitting, *before: Markup) -> None:
    """Store nothing of what waits for a yes, and go back to what was open before."""
    flow.left(sitting)
    flow.again(sitting, *before)


async def take(sitting: Sitting, *_: Markup) -> None:
    """Store what was confirmed, and ask what is missing."""
    values = dict(sitting.notes.several)
    if sitting.notes.which:
        await look(sitting)
        return
    if not values:  # pressed once more, when it was taken already
        flow.again(sitting)
        return
    store(sitting, values)


def edit(sitting: Sitting, text: str) -> bool:
    """Take what `text` changes at the review ("5: 12"), and show the review again; False if it changes nothing.

    All other answers of last period stay as they are.
    """
    before = sitting.interview
    filled = with_last_answers(sitting)
    if filled is None:
        return False
    sitting.interview = filled
    heard = edits(sitting, text, before)
    if heard.answers:
        take_or_ask(sitting, text, heard)
    elif heard.refused:
        refuse(sitting, *heard.refused[0])
    elif not only_named(sitting, text, before):
        sitting.interview = before
        return False
    return True


def take_or_ask(sitting: Sitting, text: str, heard: Several) -> None:
    """Take what was `heard`, unless it is in doubt to which question it belongs: then ask."""
    others = of_wrong_figure(sitting, text, heard)
    if others is None:
        take_edits(sitting, heard)
    else:
        ask_which_of(sitting, heard, others)


def of_wrong_figure(sitting: Sitting, text: str, heard: Several) -> Sequence[SaidAnswer] | None:
    """Return what one answer, `heard` beside a figure called wrong, would be at the questions that hold that figure.

    None where nothing is called wrong, or where the question that is named holds it: then nothing is in doubt.
    """
    wrong = called_wrong(in_figures(text))
    if not wrong or len(heard.answers) > 1:
        return None
    [one] = heard.answers
    values = sitting.interview.values
    if values.get(one.path) == wrong:
        return None
    tries = (
        of_change(sitting, AnswerChange(path, one.value)).answers
        for path, value in values.items()
        if value == wrong
    )
    return [*chain.from_iterable(tries)]


def ask_which_of(sitting: Sitting, heard: Several, others: Sequence[SaidAnswer]) -> None:
    """Ask whether a figure is of the question that was named, or of one of the `others`; without any, to confirm it."""
    if not others:
        wait_for_yes(sitting, heard)
        return
    meant = (*heard.answers, *others)
    flow.left(sitting)
    sitting.note(at="m", which=tuple((one.path, one.value) for one in meant))
    understood.show_which(sitting, meant)


def only_named(sitting: Sitting, text: str, before: Interview) -> bool:
    """Where answers are listed, ask again the question that `text` names as changed; False if it names none."""
    listed = bool(sitting.notes.at) or before.position is None
    said = change_in(sitting, text, listed=True) if listed else None
    return said is not None and not said.answer and ask_named(sitting, said.path)


def with_last_answers(sitting: Sitting) -> Interview | None:
    """The interview with last period's answers where it has none yet; None if those cannot be taken."""
    if sitting.interview.position is None:
        return sitting.interview
    filled = unchanged(sitting.form, sitting.interview, sitting.context)
    return filled[0] if filled else None


def take_edits(sitting: Sitting, heard: Several) -> None:
    """Store corrections, and show the review again with what was unclear."""
    values = {answer.path: answer.value for answer in heard.answers}
    before = sitting.interview.values
    sitting.interview, recorded = apply(sitting.form, sitting.interview, sitting.context, values)
    say = sitting.turn.say
    asked = [line.path for line in questions(sitting.form, sitting.interview, sitting.context)]
    taken = [event for event in recorded if event.path in asked]
    # Of a row that repeats the whole report, only what it changes is news.
    news = [event for event in taken if before.get(event.path) != values.get(event.path)] or taken
    said = [noted(sitting, event, asked.index(event.path) + 1) for event in news]
    said += [say("several.doubtful", words=f"«{clip(piece, understood.SHOWN)}»") for piece in heard.doubtful]
    flow.left(sitting)
    flow.show_edited(sitting, list(values), *said)


def noted(sitting: Sitting, event: Recorded, number: int) -> Markup:
    """Read back what was stored where all answers are listed: of which question."""
    key = "several.noted_estimate" if event.estimate else "several.noted"
    return sitting.turn.say(key, number=number, answer=clip(event.shown, VALUE))


def edits(sitting: Sitting, text: str, before: Interview) -> Several:
    """What `text` changes of the present answers: several of them, or one in words."""
    heard = read(sitting, text)
    if heard.answers_something:
        return heard
    said = change_in(sitting, text, listed=True)
    at_question = before.position is not None and not sitting.notes.at
    if said is None or not said.answer or (at_question and not said.as_before):
        return Several()
    return of_change(sitting, said)


def change_in(sitting: Sitting, text: str, *, listed: bool = False) -> AnswerChange | None:
    """What `text` corrects of one answer."""
    asked = questions(sitting.form, sitting.interview, sitting.context)
    # Words of a question that is not asked now mean none of those that are.
    others = not_asked(sitting.form, asked, sitting.context)
    said = change_read(text, [*asked, *others], said_last(sitting), listed=listed)
    if said is None or counts_other(sitting, text, said):
        return None
    return said if any(line.path == said.path for line in asked) else None


def change_read(text: str, asked: Sequence[Line], last: str | None, *, listed: bool) -> AnswerChange | None:
    """What `text` corrects of one answer. Numerals that are no one number are left as they are said, to be asked about."""
    said = read_change(numbers_in_figures(text), asked, last, listed=listed)
    unclear = unclear_in_figures(text) if said is None and listed else None
    if unclear is None:
        return said
    figured, numerals = unclear
    named = read_change(figured, asked, last, listed=listed)
    return replace(named, answer=numerals) if named and named.answer else None


def counts_other(sitting: Sitting, text: str, said: AnswerChange) -> bool:
    """Whether the figure in `text` is of something that only other questions count: "có 2 công trình" is no number of
    households. Houses and households are said for each other."""
    units = {fold(unit) for one in sitting.form.questions for unit in one.unit.values()}
    own = {fold(unit) for unit in sitting.form.question(said.path).unit.values()}
    others = units - own - (ALIKE if own & ALIKE else set())
    counted = (fold(one[1]) + " " for one in COUNTED.finditer(numbers_in_figures(text)))
    return any(words.startswith(f"{unit} ") for words in counted for unit in others)


def said_last(sitting: Sitting) -> str | None:
    """Return the path of the answer that was given last; one that waits to be confirmed was given after all others."""
    if sitting.notes.several:
        return sitting.notes.several[-1][0]
    values = sitting.interview.values
    last = next((one.path for one in reversed(sitting.notes.answers) if values.get(one.path)), None)
    return sitting.position if last and is_about_open(sitting) else last


def is_about_open(sitting: Sitting) -> bool:
    """Whether the open question was replied to, or has an answer that the person went back to."""
    if sitting.notes.at or sitting.position is None:
        return False
    gone_back = sitting.notes.gone_back and bool(sitting.interview.values.get(sitting.position))
    return gone_back or bool(sitting.turn.incoming.reply_to)


def of_change(sitting: Sitting, said: AnswerChange) -> Several:
    """The change as it would be taken, or refused."""
    asked = questions(sitting.form, sitting.interview, sitting.context)
    return tried(sitting.form, sitting.interview, sitting.context, asked, [Laid(said.path, said.answer)])


def amend(sitting: Sitting, text: str) -> bool:
    """Add the answers in `text` to those that wait for a yes, or correct one; False if it does neither.

    If a bare number may belong to the only waiting question or to the open one, ask which.
    """
    before, sitting.interview = sitting.interview, with_waiting(sitting)
    heard, of_open = edits(sitting, text, before), Several()
    if not heard.answers_something:
        heard, of_open = only_one_anew(sitting, text), number_of_open(sitting, text, before.position)
    sitting.interview = before
    if of_open.answers_something:
        return ask_which(sitting, text, (*heard.answers, *of_open.answers))
    if not heard.answers_something:
        return False
    if says_wrong(text):
        let_go(sitting, heard)
    wait_for_yes(sitting, heard)
    return True


def with_waiting(sitting: Sitting) -> Interview:
    """The interview with the answers that wait to be confirmed."""
    return apply(sitting.form, sitting.interview, sitting.context, dict(sitting.notes.several))[0]


def let_go(sitting: Sitting, heard: Several) -> None:
    """Drop the figure that waits at one question, if it is said to belong to another: "không phải, 3 người là câu 5"."""
    paths, figures = {answer.path for answer in heard.answers}, {answer.value for answer in heard.answers}
    stay = [(path, value) for path, value in sitting.notes.several if path in paths or value not in figures]
    sitting.note(several=tuple(stay))


def only_one_anew(sitting: Sitting, text: str) -> Several:
    """`text` as another answer to the only question whose answer waits for a yes."""
    values = sitting.notes.several
    if len(values) != 1 or question_named(text) or not is_of_that(sitting, text, values[0][0]):
        return Several()
    heard = of_change(sitting, AnswerChange(values[0][0], text)).answers
    return Several(tuple(one for one in heard if one.value != called_wrong(text)))


def number_of_open(sitting: Sitting, text: str, position: str | None) -> Several:
    """Return a bare number as the answer to the open question at `position`, if no answer to that waits for a yes."""
    said = numbers_in_figures(text)
    alone = NUMBER.search(said) and not distinct(NUMBER.sub(" ", said))
    if not alone or position is None or position in dict(sitting.notes.several):
        return Several()
    return of_change(sitting, AnswerChange(position, text))


def ask_which(sitting: Sitting, text: str, meant: tuple[SaidAnswer, ...]) -> bool:
    """Show again what waits, with a button for each answer that a bare number may be; False if it may be none."""
    figures = tuple(one for one in meant if FIGURE.fullmatch(one.value))
    if figures:
        say = sitting.turn.say
        not_noted = say("interview.words_not_noted", words=clip(text, understood.SHOWN))
        understood.show(sitting, Several(), not_noted, say("interview.choose_one"), meant=figures)
    return bool(figures)


def take_figure(sitting: Sitting, way: FigureOf, *before: Markup) -> None:
    """Add the figure of a button to the answers that wait for a yes."""
    path = marks.path_of(sitting.form, way.mark, sitting.known_paths())
    heard = of_change(sitting, AnswerChange(path, way.figure)) if path else Several()
    if heard.answers:
        wait_for_yes(sitting, heard, *before)
    else:
        flow.again(sitting, *before, sitting.turn.say("interview.old_button_gone"))


def is_of_that(sitting: Sitting, text: str, path: str) -> bool:
    """Whether `text` names no question but the one at `path`, and has no word of another one or another questionnaire."""
    asked = questions(sitting.form, sitting.interview, sitting.context)
    if counts_elsewhere(text, asked) or counts_else(text, own_words(sitting.form, path)):
        return False
    if counts_other_unit(text, sitting.form, path) or PUTS_OFF.stands_in(tokens_of(clean(text))):
        return False
    said, _ = named(numbers_in_figures(text), asked)
    words = distinct(NUMBER.sub(" ", numbers_in_figures(text)))
    return said in (None, path) and not words & words_of_others(asked, path)


def words_of_others(asked: Sequence[Line], path: str) -> set[str]:
    """The words of all questions but those that the one at `path` has, too."""
    own = next((content(line.label) for line in asked if line.path == path), set[str]())
    return set[str]().union(*(content(line.label) for line in asked)) - own


def says_same(sitting: Sitting, text: str) -> bool:
    """Whether `text` repeats the only answer that waits for a yes. A number tells nothing else then: more words may be
    about something else that is as many."""
    heard = only_one_anew(sitting, text)
    if any(not repeats(text, own_words(sitting.form, answer.path)) for answer in heard.answers):
        return False
    return tuple((answer.path, answer.value) for answer in heard.answers) == sitting.notes.several != ()


def propose(sitting: Sitting, text: str, *before: Markup) -> bool:
    """Show the correction of one answer in `text`, to be confirmed, or why it is refused; False if there is none."""
    said = change_in(sitting, text, listed=True)
    heard = of_change(sitting, said) if said and said.answer else Several()
    if heard.answers:
        wait_for_yes(sitting, heard, *before)
    elif heard.refused:
        refuse(sitting, *heard.refused[0])
    return heard.answers_something


def put_right(sitting: Sitting, text: str) -> bool:
    """Offer what `text` corrects of another question than the open one; False if it corrects nothing.

    What it says about the open question is the answer to it. A question that is only named is asked again.
    """
    said = change_in(sitting, text)
    if said is None:
        return False
    if said.path == sitting.position and not sitting.notes.at:
        return bool(said.answer) and answer_open(sitting, said.answer, text)
    if not said.answer:
        return ask_named(sitting, said.path)
    heard = of_change(sitting, said)
    if not heard.answers and not sitting.interview.values.get(said.path):
        heard = of_doubted(sitting, said.answer)
    if heard.answers:
        wait_for_yes(sitting, heard)
    elif sitting.interview.values.get(said.path):
        refuse(sitting, said.path, said.answer)
    else:
        tell_not_yet(sitting, said.path, text)
    return True


def of_doubted(sitting: Sitting, answer: str) -> Several:
    """`answer` as another one to the question being queried. A later question cannot be meant yet."""
    return of_change(sitting, AnswerChange(sitting.notes.doubted, answer)) if sitting.notes.at else Several()


def names_one(sitting: Sitting, text: str) -> bool:
    """Whether `text` names a question of this questionnaire beside a number: "95 hộ có điện"."""
    return named(text, questions(sitting.form, sitting.interview, sitting.context))[0] is not None


def names_another(sitting: Sitting, text: str) -> bool:
    """Whether `text` names by number a question that is already answered, other than the open one: "câu 2 sửa lại 93"."""
    number = question_named(text)
    if number is None or sitting.asks("text"):
        return False
    asked = questions(sitting.form, sitting.interview, sitting.context)
    path = asked[number - 1].path if 1 <= number <= len(asked) else None
    return path not in (None, sitting.position) and bool(sitting.interview.values.get(path or ""))


def tell_not_yet(sitting: Sitting, path: str, text: str) -> None:
    """Say that the question at `path` comes later: which answers it takes may depend on what is still open."""
    asked = [line.path for line in questions(sitting.form, sitting.interview, sitting.context)]
    words, number = clip(text, understood.SHOWN), asked.index(path) + 1
    flow.again(sitting, sitting.turn.say("several.not_yet", number=number, words=words))


def answer_open(sitting: Sitting, answer: str, text: str) -> bool:
    """Take `answer` at the open question, or say why it is refused; say that other figures in `text` are not noted."""
    lost = [clause for clause in CLAUSES.split(text) if tells_other(clause, answer)]
    say = sitting.turn.say
    not_noted = [
        say("interview.words_not_noted", words=clip(clause.strip(), understood.SHOWN)) for clause in lost
    ]
    flow.tell(sitting, sitting.step(Answer(answer)), *not_noted)
    return True


def tells_other(clause: str, answer: str) -> bool:
    """Whether part of a message tells a figure other than the one that was taken."""
    numbers = NUMBER.findall(numbers_in_figures(clause))
    return bool(numbers) and not set(numbers) & set(NUMBER.findall(answer)) and len(clause.split()) >= WORDS


def ask_named(sitting: Sitting, path: str) -> bool:
    """Ask the answered question at `path` again; False if it has no answer yet."""
    if not sitting.interview.values.get(path):
        return False
    flow.left(sitting)
    flow.show(sitting, sitting.step(GoTo(path)))
    return True


def refuse(sitting: Sitting, path: str, answer: str) -> None:
    """Say why `answer` does not fit the question at `path`, and ask it again."""
    flow.left(sitting)
    sitting.step(GoTo(path))
    flow.tell(sitting, sitting.step(Answer(answer)))
