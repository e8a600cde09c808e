"""The review of all answers before they are sent.

On a channel with buttons the text lists the answers and each has a small button. Without buttons the numbered options
are the answers themselves, so that a small phone shows nothing twice.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from handlers.interviewing import challenging, repeated
from handlers.interviewing.question import VALUE
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import AskAgain, GiveUp, Later, Send
from handlers.messages import Choice, Rows, clip, column
from handlers.turn import Turn
from questionnaires.answers.text import fold
from questionnaires.interview import Line, show_value
from questionnaires.interview import review as lines_of

IN_A_ROW: Final = 4
"""How many numbers fit beside each other on a small phone."""
NUMBERED: Final = re.compile(r"(?:(?:sua|correct|fix) )?(?:(?:cau|so|question) )*(\d{1,3})", re.ASCII)
TEXT: Final = 3000
"""How many letters of answers fit into one message, with what stands around them."""


def lines(sitting: Sitting, *, skipped: bool = False) -> Sequence[Line]:
    """Every answer, in the order of the questions; with `skipped`, also the questions without one."""
    return lines_of(sitting.form, sitting.interview, sitting.context, skipped=skipped)


def listed(turn: Turn, answers: Sequence[Line], before: Mapping[str, str] | None = None) -> Markup:
    """The answers as numbered lines, short enough that all fit into one message.

    `before` has the answers of the period before, by path, as read to people; each line says whether its answer
    differs.
    """
    room = max(20, TEXT // max(1, len(answers)) - 20)
    length = min(VALUE, room // 2)
    said, section = [], ""
    for number, line in enumerate(answers, 1):
        if line.section not in ("", section):
            said.append(turn.say("review.section", section=clip(line.section, VALUE)))
        section = line.section
        key = "interview.line_estimate" if line.estimate else "interview.line"
        shown = shown_of(turn, line, length)
        within = answer_within(turn, line, line.shown)
        words = (
            turn.say("interview.line_within", number=number, words=within)
            if within
            else turn.say(key, number=number, label=clip(asked(line), length), answer=shown)
        )
        said.append(words + beside(turn, line, before or {}, length))
    return Markup("\n").join(said)


def beside(turn: Turn, line: Line, before: Mapping[str, str], length: int) -> Markup:
    """The answer of the period before to the question; "" if there was none."""
    was = before.get(line.path)
    if not was:
        return Markup()
    same = was == line.shown
    return " " + turn.say("review.as_before" if same else "review.was", before=clip(was, length))


def earlier(sitting: Sitting, answers: Sequence[Line]) -> dict[str, str]:
    """The answers of the period before to the same questions, as they are read to people."""
    values = sitting.row.previous
    return {
        line.path: show_value(sitting.form, line.path, str(values[line.path]), sitting.turn.locale)
        for line in answers
        if values.get(line.path)
    }


def asked(line: Line) -> str:
    """A question's words, before a colon and its answer."""
    return line.label.rstrip(" ?:")


def shown_of(turn: Turn, line: Line, length: int) -> str:
    """An answer on one line, or that the question was skipped."""
    return clip(line.shown, length) or str(turn.say("interview.not_answered"))


def show(sitting: Sitting, *before: Markup) -> None:
    """Show all answers and the ways on: send, correct one, later, cancel."""
    answers = lines(sitting, skipped=True)
    say = sitting.turn.say
    sitting.note(asked=str(say("review.head_short")))
    head = say("review.head", title=sitting.title)
    doubtful, reasons = challenging.listed(sitting, {line.path: at for at, line in enumerate(answers, 1)})
    ways = (*actions(sitting), *column(*reasons))
    doubt = Markup("\n").join(doubtful)
    if sitting.turn.can.buttons:
        body, choices = listed(sitting.turn, answers, earlier(sitting, answers)), to_correct(sitting, answers)
        how = say("review.ask", send=ways[0][0].label)
        sitting.speak(*before, head, body, doubt, how, choices=choices, actions=ways)
        return
    choices = tuple((choice,) for choice in as_choices(sitting, answers))
    if sitting.turn.can.brief:
        head = say("interview.header", title=sitting.title)
    key = "review.ask_brief" if sitting.turn.can.brief else "review.ask_plain"
    how = say(key, send=ways[0][0].label)
    sitting.speak(*before, head, doubt, how, choices=choices, actions=ways)


def so_far(sitting: Sitting) -> Markup:
    """The answers that were given so far, while questions are still open."""
    answers, say = lines(sitting), sitting.turn.say
    if not answers:
        return say("review.none_yet")
    return Markup("\n").join([say("review.so_far"), listed(sitting.turn, answers, earlier(sitting, answers))])


def meant(sitting: Sitting, text: str) -> str | None:
    """The path of the answer that "3", "câu 3" or "sửa câu 3" names by its number in the review; None for none."""
    number = NUMBERED.fullmatch(fold(text))
    answers = lines(sitting, skipped=True)
    return answers[int(number[1]) - 1].path if number and 1 <= int(number[1]) <= len(answers) else None


def to_correct(sitting: Sitting, answers: Sequence[Line]) -> Rows:
    """A small button for each answer."""
    buttons = [
        sitting.button(sitting.turn.say("review.button.correct", number=number), AskAgain, line.path)
        for number, line in enumerate(answers, 1)
    ]
    return tuple(tuple(buttons[start : start + IN_A_ROW]) for start in range(0, len(buttons), IN_A_ROW))


def as_choices(sitting: Sitting, answers: Sequence[Line]) -> list[Choice]:
    """Each answer as an option that leads back to its question; the channel numbers them."""
    say = sitting.turn.say
    return [
        sitting.button(
            ("" if line.section else answer_within(sitting.turn, line, line.shown))
            or say(
                "interview.line_plain",
                label=clip(": ".join(filter(None, [line.section, asked(line)])), 70),
                answer=shown_of(sitting.turn, line, 40),
            ),
            AskAgain,
            line.path,
        )
        for line in answers
    ]


def answer_within(turn: Turn, line: Line, shown: str) -> str:
    """Return a question's words with the answer `shown` in place of "how many households", where each letter costs money.

    That takes a quarter fewer letters than the question and its answer. "" if the question does not ask so, once.
    """
    number = re.match(r"\d[\d.,]*(?= [^\W\d])", shown)
    if not turn.can.brief or number is None or line.estimate:
        return ""
    wanted = re.compile(rf"{turn.say('review.how_many')}{re.escape(shown[number.end() :])}(?!\w)", re.I)
    label = asked(line)
    return wanted.sub(shown, label) if len(wanted.findall(label)) == 1 else ""


def actions(sitting: Sitting) -> Rows:
    send = sitting.named(
        "review.button.send_correction" if sitting.row.corrects_id else "review.button.send", Send
    )
    later, cancel = (
        sitting.named("interview.button.later", Later),
        sitting.named("interview.button.cancel", GiveUp),
    )
    return ((send,), *column(*repeated.looks(sitting)), (later, cancel))
