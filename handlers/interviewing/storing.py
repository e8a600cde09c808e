"""What typed words mean at the open question besides an answer, and what they would store there.

Looked up before they are taken, where another screen was shown last (`handlers.interviewing.elsewhere`).
"""

from typing import Final

from handlers.interviewing import several, told, unchanging
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.spoken import NO_WORDS, WITHIN, spoken
from handlers.interviewing.ways import (
    AddRow,
    AsBefore,
    Explain,
    Keep,
    NoMore,
    OfInterview,
    RestAsBefore,
    SkipIt,
    TakeMarked,
)
from handlers.vocabulary import hint_in, intent_of, says_of_all
from questionnaires.answers import Candidate
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of
from questionnaires.interview import (
    Answer,
    Interview,
    Message,
    Recorded,
    Refused,
    Repeat,
    Skip,
    Value,
    first_of,
    step,
)
from questionnaires.numbers_said import says_number

OF_VALUE: Final = (AsBefore, Keep, TakeMarked)
"""The buttons that store an answer which the chat knows already."""


def spoken_at(
    sitting: Sitting, before: Interview, text: str, refused: Refused | None
) -> type[OfInterview] | None:
    """The button that words mean at the open question. Words that only hint at one yield to what may be an answer.

    A question without a number is no answer: "thẻ hết hạn có tính không".
    """
    way = spoken(text, hinted=not (refused and refused.candidates) or asks_back(text))
    return way or kept(sitting, before, text)


def asks_back(text: str) -> bool:
    """Whether `text` asks what the question means."""
    return WITHIN.get(hint_in(text)) is Explain and not says_number(tokens_of(clean(text)))


def kept(sitting: Sitting, before: Interview, text: str) -> type[OfInterview] | None:
    """The button that a yes means if the question already has an answer."""
    answered = before.values.get(before.position or "") and not sitting.asks("text")
    return Keep if answered and unchanging.agreed(sitting.turn, text) else None


def is_no_answer(sitting: Sitting, text: str) -> bool:
    """Whether `text` is about the questionnaire itself, at a question that takes any words."""
    return sitting.asks("text") and intent_of(text) in NO_WORDS


def stored_by(sitting: Sitting, text: str, way: type[OfInterview] | None) -> list[Candidate] | None:
    """What `text`, which is the label of `way` if of any, would store at the open question; None if it stores nothing.

    Empty if it stores something that no button can store: a rough figure, words of one's own for "another", a skip.
    """
    message = of_way(sitting, way) if way else of_words(sitting, text)
    if message is None or sitting.position is None:
        return None
    after, events = step(sitting.form, sitting.interview, message, sitting.context)
    if after == sitting.interview or first_of(events, Refused):
        return None
    recorded = first_of(events, Recorded)
    if recorded is None or not is_stored_alike(sitting, recorded, after):
        return []
    return [Candidate(recorded.value, recorded.shown)]


def is_stored_alike(sitting: Sitting, recorded: Recorded, after: Interview) -> bool:
    """Whether the value alone leads to the interview `after`, without the words that it was said in."""
    alone, _ = step(sitting.form, sitting.interview, Value(recorded.value), sitting.context)
    return alone == after


def of_way(sitting: Sitting, way: type[OfInterview]) -> Message | None:
    """What the button `way` stores at the open question; None if it stores nothing."""
    path, notes = sitting.position or "", sitting.notes
    if way is SkipIt:
        return Skip()
    if way in (AddRow, NoMore):
        return Repeat(way is AddRow)
    if way not in OF_VALUE:
        return None
    marked = " ".join(value for value in notes.choices if value in notes.picked)
    value = {
        AsBefore: sitting.row.previous.get(path),
        Keep: sitting.interview.values.get(path),
        TakeMarked: marked,
    }[way]
    return Value(value) if value else None


def of_words(sitting: Sitting, text: str) -> Message | None:
    """What words that are no label store at the open question: an answer, the figure in a sentence, what they say for a
    button. None if they store nothing, or are asked about anyway."""
    before = sitting.interview
    _, events = step(sitting.form, before, Answer(text), sitting.context)
    refused = first_of(events, Refused)
    if refused is None:
        aside = is_no_answer(sitting, text) or several.names_another(sitting, text)
        return None if aside else Answer(text)
    figure = told.answer_in(sitting, text, refused)
    if figure is not None or several.read(sitting, text).answers:
        return figure
    way = spoken_at(sitting, before, text, refused)
    return of_way(sitting, of_one(sitting, way, text)) if way else None


def of_one(sitting: Sitting, way: type[OfInterview], text: str) -> type[OfInterview]:
    """The button that words mean, of the open question alone unless they are about all that is left."""
    rest = way is RestAsBefore and sitting.interview.visited and not says_of_all(text)
    return AsBefore if rest else way
