"""What a receipt tells of choices that changed: which tasks are done now that were not, and which are stuck no longer."""

from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from handlers.interviewing.question import VALUE
from handlers.interviewing.review import asked
from handlers.interviewing.sitting import Sitting
from handlers.messages import clip
from questionnaires.interview import Line, show_value
from questionnaires.questionnaire import QuestionType

NAMED: Final = 5
"""How many choices are named; the others are counted, and stand in the report."""


def changed(sitting: Sitting, answers: Sequence[Line]) -> Iterator[Markup]:
    """Yield each question with several choices whose answer differs from the report before, with what differs."""
    for line in answers:
        before = sitting.row.previous.get(line.path)
        if before is not None and has_several(sitting, line):
            told = differing(sitting, line, str(before).split())
            if told:
                yield sitting.turn.say("review.row", name=asked(line), rest=Markup(" – ").join(told))


def has_several(sitting: Sitting, line: Line) -> bool:
    """Whether a question takes several choices; those in rows are not compared."""
    return "]" not in line.path and sitting.form.question(line.path).type == QuestionType.SELECT_MULTIPLE


def differing(sitting: Sitting, line: Line, was: Sequence[str]) -> list[Markup]:
    """Return which choices were added to those that stood there, and which were left out."""
    now = line.value.split()
    added = [one for one in now if one not in was]
    left = [one for one in was if one not in now]
    return [
        *names(sitting, line, added, "review.chosen_more"),
        *names(sitting, line, left, "review.chosen_less"),
    ]


def names(sitting: Sitting, line: Line, chosen: Sequence[str], key: str) -> Iterator[Markup]:
    """Yield the sentence with the names of some choices; nothing without any."""
    say, lang = sitting.turn.say, sitting.turn.locale
    shown = [clip(show_value(sitting.form, line.path, one, lang), VALUE) for one in chosen]
    more = len(shown) - NAMED
    if more > 1:
        yield say(key + "_some", names="; ".join(shown[:NAMED]), n=more)
    elif shown:
        yield say(key, names="; ".join(shown))
