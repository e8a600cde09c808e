"""Corrects a figure in words while no question is open: "hôm qua gửi nhầm hộ nghèo 12 chứ không phải 21".

The figure may stand in a report or in a draft that was put aside. If the words name a questionnaire or a period, that
one is meant: "sửa báo cáo nước, câu 3 là 89". Below a report that is being shown, its own figures are meant, unless
the words name another. Otherwise the likeliest one opens with the new figure, to be confirmed. The one that holds the
wrong figure comes first if the words say it, then those whose question the words name in full, then those that can
still be corrected, then the one whose question the words name best, and last the newest.
"""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from figures import due
from figures.due import period_of_key
from handlers.interviewing import sent, starting, to_correct, understood
from handlers.interviewing.other_period import compares
from handlers.messages import clip, column
from handlers.named_form import FormCalled, called, is_of_name
from handlers.named_period import NamedTime, named_time
from handlers.screens import due as due_screen
from handlers.turn import Turn
from handlers.vocabulary import intent_of
from plans.period import Period
from questionnaires.answers.text import clean, has_letters
from questionnaires.answers.tokens import tokens_of
from questionnaires.interview import Context, Interview, Line, questions
from questionnaires.naming import content, written_out
from questionnaires.numbers_said import NUMBER, numbers_in_figures
from questionnaires.one_change import ends_wrong, question_named, read_change, says_wrong
from questionnaires.put_right_at_once import of_reported
from questionnaires.questionnaire import Questionnaire
from questionnaires.several import PERIOD, Laid, tried
from storage import interviews, submissions
from storage.tables import InterviewRow, Submission

FEW: Final = 4
"""The most words of a message that says only that something is to be corrected."""
TWO: Final = 2
"""The figure that is right, and the one that is wrong."""
FIX: Final = "fix"
"""What people say to correct something, as the table of wishes names it."""


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """Answers that may be corrected: of a draft that was put aside, or of a report."""

    kept: InterviewRow | Submission
    form: Questionnaire
    answers: Interview

    @property
    def at(self) -> datetime:
        """When somebody last worked on them."""
        return self.kept.updated_at if isinstance(self.kept, InterviewRow) else self.kept.sent_at


@dataclass(frozen=True, slots=True)
class Correctable:
    """Answers, one of which may be corrected, and how well that fits the words."""

    answers: KeptAnswers
    said: str
    """What puts it right."""
    names: bool
    """Whether the words name its question, by a word or its number."""
    holds_wrong: bool
    """Whether the figure that is said to be wrong stands there."""
    unsaid: int
    """How many words of the question were not said; none where its number was."""
    may_change: bool
    """Whether it can still be corrected."""
    shown: str
    """What stands there, as it is read."""
    alone: bool
    """Whether nothing but words of its question and a figure were said."""

    @property
    def fit(self) -> tuple[bool, bool, bool, int, datetime]:
        """How well it fits, the best the largest.

        What holds the wrong figure, or is named in so many words, is meant even where it is closed: then that is said.
        """
        return self.holds_wrong, self.unsaid == 0, self.may_change, -self.unsaid, self.answers.at


async def put_right(turn: Turn, text: str, report: int) -> bool:
    """Open the report that `text` corrects, with the new figure to be confirmed; False if `text` corrects none.

    `report` is the number of the report in the last message; 0 for none.
    """
    kept, report = [one async for one in all_kept(turn)], await newest_version(turn, report)
    if await asks_for_shown(turn, text, report, kept):
        return await open_shown(turn, report, text)
    spoken = of_reported(numbers_in_figures(text))
    name = form_called(spoken, kept)
    rest = PERIOD.sub(" ", name.rest if name else spoken)
    if not may_correct(rest, report):
        return False
    time = None if compares(text) else named_time(spoken, turn.today)
    likely = meant(kept, name, time, report)
    if is_of_any(rest, likely):
        return False
    then = of_time(likely, time.names) if time else []
    named = name is not None if time is None else is_of_one_form(then)
    if await open_best(turn, likely, text, rest, named=named):
        return True
    if time is None:
        return await open_other(turn, kept, report, text, rest)
    return not then and to_correct.tell_none_then(turn, text)


async def put_right_unsaid(turn: Turn, text: str) -> bool:
    """Open the report whose figure `text` only names and gives anew, with that to be confirmed: "nước hợp vệ sinh 108 hộ".
    False if its words name no question alone."""
    spoken = numbers_in_figures(text)
    sent_ones = [one async for one in all_kept(turn) if isinstance(one.kept, Submission)]
    changes = [one for one in await changes_in(turn, sent_ones, [spoken], spoken) if one.may_change]
    best = likeliest([one for one in changes if one.alone])
    if best is not None:
        await open_kept(turn, best.answers.kept, text, best.said)
    return best is not None


async def newest_version(turn: Turn, report: int) -> int:
    """The number of the newest version of a report: somebody else may have corrected the one that is shown."""
    shown = await turn.session.get(Submission, report) if report else None
    if shown is None or shown.current:
        return report
    newest = await submissions.submission_of(turn.session, shown.place_id, shown.form_name, shown.period)
    return newest.id if newest else report


def is_of_one_form(kept: Sequence[KeptAnswers]) -> bool:
    """Whether all these answers, of which there are some, are to the same questionnaire."""
    return len({one.form.name for one in kept}) == 1


async def asks_for_shown(turn: Turn, text: str, report: int, kept: Sequence[KeptAnswers]) -> bool:
    """Whether `text` only asks for a correction where a report is being shown, and names no other questionnaire."""
    if not report or form_called(text, kept) is not None or not is_only_to_correct(text):
        return False
    words, shown = to_correct.words_of(text), [one.form for one in shown_in(kept, report)]
    if not words or is_of_name(words, shown):
        return True
    return not await to_correct.names_some_form(turn, text, words)


def shown_in(kept: Sequence[KeptAnswers], report: int) -> list[KeptAnswers]:
    """The report with this number among some answers."""
    return [one for one in kept if isinstance(one.kept, Submission) and one.kept.id == report]


def form_called(text: str, kept: Sequence[KeptAnswers]) -> FormCalled | None:
    """The questionnaire of some answers that `text` names."""
    return called(text, [one.form for one in kept])


def may_correct(rest: str, report: int) -> bool:
    """Whether there is a number in `rest`, which is said below a report or instead of a wrong one."""
    return NUMBER.search(rest) is not None and (bool(report) or says_wrong(rest))


async def open_other(turn: Turn, kept: Sequence[KeptAnswers], report: int, text: str, rest: str) -> bool:
    """Open the report, other than the one that is shown, in which `rest` says that a figure is wrong; if there is none, the
    shown one, to choose in it what is wrong."""
    if not report or not says_wrong(rest):
        return False
    likely = meant(kept, None, None, 0)
    return await open_best(turn, likely, text, rest, named=False) or await open_shown(turn, report, text)


def is_of_any(text: str, likely: Sequence[KeptAnswers]) -> bool:
    """Whether `text` names a question by its number alone, "câu 4 sửa thành 31", which several questionnaires have."""
    return question_named(text) is not None and len({one.form.name for one in likely}) > 1


def is_only_to_correct(text: str) -> bool:
    """Whether a few words ask for a correction without saying which: "sửa đi"."""
    few = len(text.split()) <= FEW and not NUMBER.search(text)
    return intent_of(text) == FIX or (few and says_wrong(text))


async def open_shown(turn: Turn, report: int, text: str) -> bool:
    """Open the report being shown; False if it is gone."""
    shown = await turn.session.get(Submission, report)
    if shown is not None:
        await open_kept(turn, shown, text, "")
    return shown is not None


async def names_another(turn: Turn, text: str, form_name: str) -> bool:
    """Whether `text` corrects a figure of a questionnaire that it names, other than the one called `form_name`."""
    if not (has_letters(text) and NUMBER.search(numbers_in_figures(text)) and says_wrong(text)):
        return False  # most answers are a number and nothing else
    name = called(numbers_in_figures(text), [one.form async for one in all_kept(turn)])
    return name is not None and form_name not in name.names


def meant(
    kept: Sequence[KeptAnswers], name: FormCalled | None, time: NamedTime | None, report: int
) -> list[KeptAnswers]:
    """The answers that are meant: those of the questionnaire and time that the words name, otherwise those being shown.
    If no time is named, an older report of the same questionnaire is not meant."""
    named = [one for one in kept if name is None or one.form.name in name.names]
    if time is not None:
        own = of_time(named, time.names)
        return own if own or name is None else of_time(named, time.touches)
    if name is not None:
        return latest(named)
    return shown_in(kept, report) if report else one_draft(kept) or latest(kept)


def of_time(kept: Sequence[KeptAnswers], fits: Callable[[Period], bool]) -> list[KeptAnswers]:
    """The answers for a period that fits."""
    return [one for one in kept if fits(period_of_key(one.kept.period))]


def one_draft(kept: Sequence[KeptAnswers]) -> list[KeptAnswers]:
    """The draft among some answers, if there is one and no other."""
    drafts = [one for one in kept if isinstance(one.kept, InterviewRow)]
    return drafts if len(drafts) == 1 else []


def latest(kept: Sequence[KeptAnswers]) -> list[KeptAnswers]:
    """The drafts among some answers, and the newest report of each questionnaire and place."""
    drafts = [one for one in kept if isinstance(one.kept, InterviewRow)]
    sent_last = {
        (one.form.name, one.kept.place_id): one
        for one in sorted(kept, key=lambda one: one.at)
        if isinstance(one.kept, Submission)
    }
    return [*drafts, *sent_last.values()]


async def open_best(turn: Turn, kept: Sequence[KeptAnswers], text: str, rest: str, *, named: bool) -> bool:
    """Open the answers that `rest` corrects best; `rest` is what was said, without a questionnaire's name.

    If they were `named`, open them even if `rest` corrects nothing: then `text` is about nothing else.
    """
    parts = re.split(r"[,;.]\s|\s-\s", rest)
    clauses = [part for part in parts if NUMBER.search(part) and not ends_wrong(tokens_of(clean(part)))]
    # "cân trẻ là 22 cháu, lúc nãy ghi nhầm 1": what is right and what was wrong stand apart.
    changes = await changes_in(turn, kept, [rest], rest) or await changes_in(turn, kept, clauses, rest)
    best = likeliest(changes)
    if best is not None:
        await open_kept(turn, best.answers.kept, text, best.said, *otherwise(turn, best, rest))
    elif named and kept:
        await open_kept(turn, max(kept, key=lambda one: one.at).kept, text, "")
    return best is not None or (named and bool(kept))


def likeliest(changes: Sequence[Correctable]) -> Correctable | None:
    """The change that fits best; None for none, or if several fit and no word says which question is meant: several
    reports have a 109 that "109 mà không 110 mới đúng" may put right."""
    best = max(changes, key=lambda change: change.fit, default=None)
    return None if best is not None and not best.names and len(changes) > 1 else best


async def changes_in(
    turn: Turn, kept: Sequence[KeptAnswers], spoken: Sequence[str], whole: str
) -> list[Correctable]:
    """What each piece of a `whole` message corrects."""
    changes = [await changed_in(turn, one, said, whole) for one in kept for said in spoken]
    return [change for change in changes if change is not None]


def otherwise(turn: Turn, change: Correctable, rest: str) -> list[Markup]:
    """What to look at twice if the figure that stands is not the one that the words call wrong: "6 chứ không phải
    5"."""
    if change.holds_wrong or question_named(rest) is not None or len(set(NUMBER.findall(rest))) < TWO:
        return []
    return [turn.say("interview.holds_otherwise", answer=change.shown)]


async def open_kept(
    turn: Turn, kept: InterviewRow | Submission, text: str, said: str, *first: Markup
) -> None:
    """Open answers, with `said` as the correction to be confirmed, below the paragraphs `first`. If they cannot be opened,
    say that `text` was not noted."""
    not_noted = turn.say("interview.words_not_noted", words=clip(text, understood.SHOWN))
    before = first if said or is_only_to_correct(text) else (not_noted,)
    if isinstance(kept, InterviewRow):
        await starting.resume(turn, kept, *before, said=said)
    elif await starting.correctable(turn, kept) is None:
        await tell_closed(turn, kept, not_noted)
    else:
        await starting.correct(turn, kept, *before, said=said)


async def owed_again(turn: Turn, submission: Submission, form: Questionnaire) -> list[due.Due]:
    """What the place of a report owes now of the same questionnaire."""
    places = [place for place in await due.own_places(turn.view) if place.id == submission.place_id]
    asked = await due.asked_of_all(turn.view, places)
    return [one for one in asked if one.form.name == form.name and one.sent is None]


async def tell_closed(turn: Turn, submission: Submission, not_noted: Markup) -> None:
    """Say that a report can no longer be corrected, and lead to the one that its place owes now, and to the report
    itself."""
    form = await turn.library.form(turn.session, submission.form_id)
    period = period_of_key(submission.period).label(turn.locale)
    closed = turn.say("sent.closed_of", form=form.title(turn.locale), period=period)
    owed = await owed_again(turn, submission, form)
    ways = [due_screen.what_to_do(turn.view, one, several=False) for one in owed]
    ways += [sent.look_button(turn, submission), due_screen.list_button(turn.view)]
    turn.reply(Markup("\n").join([not_noted, closed]), choices=column(*ways))


async def all_kept(turn: Turn) -> AsyncIterator[KeptAnswers]:
    """This person's drafts that were put aside, and the latest reports of their places."""
    drafts = await interviews.list_open(turn.session, turn.contact.person_id or 0)
    for row in drafts:
        form = await turn.library.form(turn.session, row.form_id)
        yield KeptAnswers(row, form, Interview.from_json(row.state))
    own = [place.id for place in await due.own_places(turn.view)]
    for submission in await submissions.sent_last(turn.session, own):
        answers = await sent.reopened(turn, submission)
        if answers is not None and submission.id not in {row.corrects_id for row in drafts}:
            form = await turn.library.form(turn.session, submission.form_id)
            yield KeptAnswers(submission, form, answers)


async def changed_in(turn: Turn, kept: KeptAnswers, text: str, whole: str) -> Correctable | None:
    """How well `text`, a piece of a `whole` message, corrects these answers; None if it corrects none."""
    context = Context(now=turn.now, lang=turn.locale)
    asked = questions(kept.form, kept.answers, context)
    change = read_change(text, asked, None, listed=True)
    if change is None or not change.answer:
        return None
    line = next((line for line in asked if line.path == change.path and line.value), None)
    if line is None:
        return None
    heard = tried(kept.form, kept.answers, context, asked, [Laid(change.path, change.answer)])
    if not heard.answers_something or any(answer.value == line.value for answer in heard.answers):
        return None
    unsaid, names = said_of(text, line)
    row = kept.kept
    may_change = isinstance(row, InterviewRow) or await starting.correctable(turn, row) is not None
    holds = line.value in NUMBER.findall(whole)
    alone = is_question_alone(text, line)
    return Correctable(kept, text, names, holds, len(unsaid), may_change, line.shown, alone)


def is_question_alone(text: str, line: Line) -> bool:
    """Whether a text has, besides numbers, only words of a question, and at least two that tell it from others."""
    said = {word for word in content(written_out(text)) if word.isascii() and word.isalpha()}
    return len(said) >= TWO and said <= content(line.label)


def said_of(text: str, line: Line) -> tuple[set[str], bool]:
    """The words of a question that a text does not say, and whether it names the question; by number it says them all."""
    if question_named(text) is not None:
        return set(), True
    asked, said = content(line.label), set(written_out(text).split())
    return asked - said, not asked.isdisjoint(said)
