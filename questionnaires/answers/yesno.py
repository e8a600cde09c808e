"""Read yes and no.

"chưa" (not yet) is a no, except as an answer to "đúng không?". An answer consists of phrases that all mean the same;
"dạ", "vâng" and "ừ" may also stand politely before a no. If there are conditions, questions or any other words, the
person is asked again.
"""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.phrases import FOLDER, Words, other_languages
from questionnaires.answers.reading import AnswerDoubt, AnswerKind, ExpectedAnswer, Reading
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Token, tokens_of, walk


class YesNo(Enum):
    """What a phrase means."""

    YES = auto()
    NO = auto()
    POLITE_YES = auto()
    """A yes by itself, but courtesy before a no."""
    NOT_YET = auto()
    RIGHT = auto()
    """A yes only to "đúng không?"."""
    TO_SEND = auto()
    """A yes only to what would be sent."""
    NOT_RIGHT = auto()
    DONE_YES = auto()
    """A yes only to "đã … chưa?"."""
    NOT_DONE = auto()
    UNSURE = auto()
    QUESTION = auto()


OTHERS: Final = {key: other_languages().all_phrases(key) for key in ("yes", "no")}
PHRASES: Final = (
    Words.read(FOLDER / "co-khong.toml")
    .with_more("says", OTHERS)
    .table("says", lambda key: YesNo[key.upper()])
)

MORE_ROWS: Final = Words.read(FOLDER / "co-khong.toml").answers("more_rows")
AGREEING: Final = Words.read(FOLDER / "co-khong.toml").flags("agreeing")
"""Phrases that say yes to «Ý bác là …?» only."""
EVERYWHERE: Final = {
    YesNo.YES: True,
    YesNo.POLITE_YES: True,
    YesNo.NO: False,
}
MEANS: Final = {
    AnswerKind.HAS: EVERYWHERE | {YesNo.NOT_YET: False},
    AnswerKind.DONE: EVERYWHERE | {YesNo.NOT_YET: False, YesNo.DONE_YES: True, YesNo.NOT_DONE: False},
    AnswerKind.CONFIRM: EVERYWHERE | {YesNo.RIGHT: True, YesNo.TO_SEND: True, YesNo.NOT_RIGHT: False},
}
"""What each phrase means as an answer to each kind of question. Phrases that are missing do not answer it."""

SHOWN: Final = {
    AnswerKind.HAS: ("Không", "Có"),
    AnswerKind.DONE: ("Chưa", "Rồi"),
    AnswerKind.CONFIRM: ("Không", "Có"),
}
REFUSED: Final = {YesNo.UNSURE: "vague", YesNo.QUESTION: "question"}
"""The doubts for phrases that answer no question for yes or no."""
SILENT: Final = frozenset(",.;:!\n\"'")
"""Marks that may stand in an answer and mean nothing."""


def read_yes_no(text: str, tokens: Sequence[Token], question: ExpectedAnswer) -> Reading:
    """Read the answer to a question for yes or no. Raises AnswerDoubt."""
    means = MEANS[question.kind]
    said: list[tuple[YesNo, bool]] = []
    place = 0
    while place < len(tokens):
        if words.DONT_KNOW.at(tokens, place):
            raise AnswerDoubt("dont_know")
        phrase = PHRASES.at(tokens, place)
        if phrase is None:
            place = after_courtesy(tokens, place)
            continue
        say, place = phrase
        if say not in means:
            raise AnswerDoubt(REFUSED.get(say, "other_answer"))
        said.append((say, means[say]))
    value = agreed(said)
    shown = SHOWN[question.kind][value]
    return Reading("ok", value, exact=text.strip().lower() == shown.lower(), read_back=shown)


def agrees(tokens: Sequence[Token]) -> bool:
    """Whether the tokens only agree to a statement, which does not answer whether there is something: "đúng rồi"."""
    pieces = walk(tokens, AGREEING, words.POLITE, words.PRONOUN)
    nothing_else = all(phrase or tokens[place].text in SILENT for place, phrase in pieces)
    return nothing_else and AGREEING.stands_in(tokens)


def says_done(tokens: Sequence[Token]) -> bool:
    """Whether the tokens are a single phrase for "done": "xong rồi"."""
    return PHRASES.whole(tokens) is YesNo.DONE_YES


def says_to_send(tokens: Sequence[Token]) -> bool:
    """Whether the only phrases among the tokens say to send: "gửi đi", not "vâng gửi đi"."""
    return {say for _, say, _ in phrases_in(tokens)} == {YesNo.TO_SEND}


def wants_more(text: str) -> bool | None:
    """Return whether `text` asks for another row of what is asked several times: "thêm nữa"; None if it does not say."""
    said = [
        token
        for token in tokens_of(clean(text))
        if token.text not in SILENT and not words.POLITE.at((token,), 0)
    ]
    return MORE_ROWS.whole(said)


def says_yes_or_no(tokens: Sequence[Token]) -> bool:
    """Whether the tokens are a single phrase that answers "đã có … chưa?", and not mere courtesy."""
    phrase = PHRASES.at(tokens, 0)
    means = MEANS[AnswerKind.DONE]
    return (
        phrase is not None
        and phrase[1] == len(tokens)
        and phrase[0] in means
        and phrase[0] is not YesNo.POLITE_YES
    )


def phrases_in(tokens: Sequence[Token]) -> Iterator[tuple[int, YesNo, int]]:
    """Yield (start, meaning, end) of the phrases among the tokens, one after another."""
    return ((place, *phrase) for place, phrase in walk(tokens, PHRASES) if phrase)


def leaning(tokens: Sequence[Token], question: ExpectedAnswer) -> bool | None:
    """Return what a phrase at the beginning or end of a longer answer means, if no other phrase means the opposite.

    "rồi, xây năm 2019" leans to yes. That is offered, never assumed. None if there is no such phrase, or if the answer
    is vague or asks something.
    """
    phrases = list(phrases_in(tokens))
    if any(say in REFUSED for _, say, _ in phrases) or words.DONT_KNOW.first_in(tokens):
        return None
    means = {**MEANS[question.kind], YesNo.POLITE_YES: None}
    telling = [(place, means.get(say), end) for place, say, end in phrases]
    said = {value for _, value, _ in telling if value is not None}
    at_ends = {value for place, value, end in telling if place == 0 or end == len(tokens)} - {None}
    return said.pop() if at_ends and len(said) == 1 else None


def after_courtesy(tokens: Sequence[Token], place: int) -> int:
    """Return the place after a polite word or a mark. Raises AnswerDoubt for anything else."""
    if tokens[place].text in SILENT:
        return place + 1
    for table in (words.POLITE, words.PRONOUN):
        courtesy = table.at(tokens, place)
        if courtesy is not None:
            return courtesy[1]
    raise AnswerDoubt("condition" if place else "unknown_words")


def agreed(said: list[tuple[YesNo, bool]]) -> bool:
    """Return what all phrases mean, without courtesy at the beginning. Raises AnswerDoubt if they differ."""
    if not said:
        raise AnswerDoubt("not_an_answer")
    meant = list(said)
    while len(meant) > 1 and meant[0][0] is YesNo.POLITE_YES:
        meant.pop(0)
    if len({value for _, value in meant}) > 1:
        raise AnswerDoubt("question")
    return meant[0][1]
