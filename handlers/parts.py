"""Buttons of the last message named by part of their label: "nuoc" for "Làm: Nước sinh hoạt".

Only while no question is open; a village head may name a questionnaire that way whatever was shown last. A single
button that merely opens something is pressed. If several are meant, a letter is wrong, or the button would do
something to others, they are shown to choose from. An officer's question about figures stays a question.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from figures import access, due
from figures.ground import ground_of
from handlers.asking import conversation, sent_forms
from handlers.messages import Choice, column
from handlers.navigation import BeginReport, ShowReport
from handlers.screens import due as due_screen
from handlers.tables import PRESSES
from handlers.turn import Turn
from handlers.vocabulary import OPENING, hint_in
from queries import understanding
from questionnaires.answers.choices import by_label, by_part, near, without_courtesy, words_of
from questionnaires.answers.reading import AnswerDoubt, Option
from questionnaires.answers.text import bare, clean, fold
from questionnaires.answers.tokens import Token, tokens_of, without_marks
from questionnaires.answers.yesno import agrees
from questionnaires.naming import EMPTY

SEVERAL: Final = 2
"""From this many words on, their order does not matter: one word may stand in many buttons."""
SHORTEST: Final = 2
"""The fewest letters: a single one names too many buttons."""
FEW: Final = 3
"""So many questionnaires may be asked about within another one."""
LONG: Final = 6
"""In a word with fewer letters than this, a wrong letter makes another word."""
WORDS: Final = 6
"""An officer's sentence with more words than this names a button only in full."""
LONGEST: Final = 64
"""The most letters of a label: a longer text is no part of one."""


@dataclass(frozen=True, slots=True)
class NamedButtons:
    """The buttons that a text may name; `sure` if it is a single one, named word for word, that may be pressed at once."""

    choices: tuple[Choice, ...] = ()
    sure: bool = False

    @property
    def opens_few(self) -> bool:
        """Whether they are several, but few, and each only opens something: which one may be asked whatever is open."""
        return 1 < len(self.choices) <= FEW and all(opens(one.data) for one in self.choices)


async def named(turn: Turn, text: str, *, whole: bool = False, shown: bool = False) -> NamedButtons:
    """Return the buttons that `text` may name by part; none for an officer's question.

    `whole`: only by the whole name after "Làm:"; `shown`: only buttons of the last message, by whole words; if several,
    only a few that open something.
    """
    # One letter more than fits tells that a text is too long, however long it is.
    tokens = tokens_of(clean(text[: LONGEST + 1]))
    if len(text) > LONGEST or letters_of(filter(is_word, tokens)) < SHORTEST:
        return NamedButtons()
    if whole:
        return await named_whole(turn, tokens)
    if hint_in(text) == "officer":
        # "Đề nghị xã sửa đường" asks the commune for something, and opens no questionnaire.
        return NamedButtons()
    return named_surely(turn, tokens) if shown else await named_in_words(turn, text, tokens)


def named_surely(turn: Turn, tokens: Sequence[Token]) -> NamedButtons:
    """Return the button of the last message that whole words name, or a few that open something; none otherwise.

    A mere yes is for the open question, not for the «Số này đúng» of another matter.
    """
    meant = NamedButtons() if agrees(tokens) else matching(tokens, on_screen(turn, tokens))
    return meant if meant.sure or meant.opens_few else NamedButtons()


async def named_in_words(turn: Turn, text: str, tokens: Sequence[Token]) -> NamedButtons:
    """Return the buttons that words name by part; none if they ask a question about figures."""
    meant = await named_on_screen(turn, tokens)
    asked = meant.choices and not begins_as(text, meant.choices) and await is_question(turn)
    return NamedButtons() if asked else meant


def begins_as(text: str, choices: Iterable[Choice]) -> bool:
    """Whether a text begins, up to its colon, as these buttons do: "làm: nước" is no question, "nước: xã Mỹ Lý" may be
    one."""
    start, colon, _ = text.partition(":")
    return bool(colon) and all(fold(start) == fold(choice.label.partition(":")[0]) for choice in choices)


async def named_on_screen(turn: Turn, tokens: Sequence[Token]) -> NamedButtons:
    """Return the named buttons of the last message, else the questionnaires named by somebody who is no officer."""
    shown = on_screen(turn, tokens)
    words = words_said(tokens, shown)
    if access.is_officer(turn.view) and len(words) > WORDS:
        # A sentence: a word at its end, such as that of a questionnaire, is no button. A whole label is one.
        return NamedButtons(buttons(by_label(words, shown)) if words else ())
    meant = matching(tokens, shown)
    if access.is_officer(turn.view) or (meant.choices and not is_to_do(words, meant)):
        return meant
    return await named_questionnaire(turn, tokens)


def is_to_do(words: Sequence[Token], meant: NamedButtons) -> bool:
    """Whether words ask to make a report while only sent ones are named: "làm phiếu nước" means one that is owed."""
    opening = OPENING.at(words, 0)
    sent = all(isinstance(PRESSES.read(choice.data), ShowReport) for choice in meant.choices)
    return opening is not None and opening[0] == "open" and sent


def lists_openings(turn: Turn) -> bool:
    """Whether the last message had buttons that only show or begin something, as no question has."""
    return any(opens(data) for _, data in turn.screen.buttons)


def on_screen(turn: Turn, tokens: Iterable[Token]) -> list[Option]:
    """The buttons of the last message. If a number is said, they name their period: it may be one."""
    shown = [Option(data, label) for label, data in turn.screen.buttons]
    return [with_period(turn, option) for option in shown] if any(map(is_number, tokens)) else shown


def with_period(turn: Turn, option: Option) -> Option:
    """Return a button with the period of the report that it begins in its label, which says it only of older ones."""
    begins = PRESSES.read(option.value)
    period = begins.period.label(turn.locale) if isinstance(begins, BeginReport) else ""
    return replace(option, label=f"{option.label}, {period}") if period not in option.label else option


async def named_whole(turn: Turn, tokens: Sequence[Token]) -> NamedButtons:
    """The questionnaire whose name the tokens are, for somebody who is no officer."""
    if access.is_officer(turn.view):
        return NamedButtons()
    words = without_marks(tokens)
    to_send, sent = await questionnaires(turn)
    spelt = by_name(words, to_send) or by_name(words, sent)
    return NamedButtons(buttons(spelt), len(spelt) == 1 and opens(spelt[0].value))


async def named_questionnaire(turn: Turn, tokens: Sequence[Token]) -> NamedButtons:
    """Return the questionnaire whose name this is part of: one that is to be sent, else one that was; or the reverse."""
    to_send, sent = await questionnaires(turn)
    if any(map(is_number, tokens)):
        to_send = [with_period(turn, option) for option in to_send]
    words = words_said(tokens, sent)
    opening, end = OPENING.at(words, 0) or ("", 0)
    if opening != "sent":
        return first_meant(tokens, to_send, sent)
    if sent and end == len(words):
        return NamedButtons(buttons(sent), len(sent) == 1)
    return first_meant(tokens, sent, to_send)


def first_meant(tokens: Sequence[Token], first: Sequence[Option], then: Sequence[Option]) -> NamedButtons:
    """Return what is named among the first options, else among the others."""
    meant = matching(tokens, first)
    return meant if meant.choices else matching(tokens, then)


def matching(tokens: Sequence[Token], options: Sequence[Option]) -> NamedButtons:
    """Return the options whose label this is part of, else those that differ from it by one letter."""
    words = words_said(tokens, options)
    if not words:
        return NamedButtons()
    try:
        spelt = spelt_so(words, options)
    except AnswerDoubt:
        return NamedButtons(buttons(options))
    spelt = spelt or by_words(behind_opening(words), options)
    if spelt:
        return NamedButtons(buttons(spelt), len(spelt) == 1 and opens(spelt[0].value))
    # With another number it is another period, and no slip.
    alike = [
        option
        for option in near(words, options)
        if numbers_in(words) <= numbers_in(tokens_of(clean(option.label)))
    ]
    return NamedButtons(buttons(alike)) if letters_of(words) >= LONG else NamedButtons()


def spelt_so(words: Sequence[Token], options: Sequence[Option]) -> Sequence[Option]:
    """Return the options whose label these words are: all of it, its name, or a part. Raises AnswerDoubt if there are
    too many."""
    rest = behind_opening(words)
    spelt = by_label(words, options) or by_name(words, options) or by_part(words, options)
    return spelt or (by_part(rest, options) if rest else [])


def by_words(words: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Return the options whose label has all these words, in any order: "báo cáo điện đường rác thải của thôn"."""
    said = [token for token in words if not set(fold(token.text).split()) <= EMPTY]
    if len(said) < SEVERAL:
        return []
    return [option for option in options if all(stands_in(token, words_of(option.label)) for token in said)]


def stands_in(token: Token, label: Sequence[str]) -> bool:
    """Whether one reading of a word is in a label, whatever its marks."""
    forms = {bare(form) for form in token.forms or (token.text,)}
    return any(bare(word) in forms for word in label)


def is_number(token: Token) -> bool:
    return token.text[:1].isdigit()


def numbers_in(tokens: Iterable[Token]) -> set[str]:
    return {token.text for token in tokens if is_number(token)}


def is_word(token: Token) -> bool:
    return token.kind == "word"


def letters_of(tokens: Iterable[Token]) -> int:
    """Return how many letters or digits these have in all."""
    return sum(len(token.text) for token in tokens)


def behind_opening(words: Sequence[Token]) -> Sequence[Token]:
    """Return what follows the last words that open a questionnaire: "nước" in "tôi nộp cái báo cáo nước"; all without
    any."""
    return words[max((end for _, _, end in OPENING.starts(words)), default=0) :]


def opens_by_name(text: str) -> bool:
    """Whether `text` begins with words that open a questionnaire, such as "báo cáo"."""
    tokens = [token for token in tokens_of(clean(text[: LONGEST + 1])) if is_word(token)]
    return OPENING.at(tokens, 0) is not None


def opens(data: str) -> bool:
    """Whether a button only shows something, or begins what can be left again."""
    pressed = PRESSES.read(data)
    return pressed is not None and pressed.opens


def by_name(words: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Return the options whose label says just this after its colon: "Làm: Nước sinh hoạt", not "…, tháng 10/2026"."""
    names = [replace(option, label=option.label.rpartition(": ")[2]) for option in options]
    named = {name.value for name in by_label(words, names)}
    return [option for option in options if option.value in named]


def words_said(tokens: Sequence[Token], options: Sequence[Option]) -> list[Token]:
    """`tokens` without marks and courtesy."""
    return without_marks(without_courtesy(tokens, options))


def buttons(options: Sequence[Option]) -> tuple[Choice, ...]:
    return tuple(Choice(option.label, option.value) for option in options)


async def questionnaires(turn: Turn) -> tuple[list[Option], list[Option]]:
    """Return the buttons of what this person's places have not sent yet, and of what they have."""
    own = await due.own_places(turn.view)
    to_send: list[Option] = []
    sent: list[Option] = []
    for asked in await due.asked_of_all(turn.view, own):
        button = due_screen.what_to_do(turn.view, asked, several=len(own) > 1)
        (to_send if asked.sent is None else sent).append(Option(button.data, button.label))
    return to_send, sent


OF_PLACES: Final = (understanding.Doubt.ONE_PLACE, understanding.Doubt.WHICH_PLACE)


async def is_question(turn: Turn) -> bool:
    """Whether this is an officer's question about figures, understood as it stands or except for which of some places
    is meant."""
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if ground is None:
        return False
    meaning = conversation.understood(turn, ground)
    if meaning.status == "answer" or meaning.doubt in OF_PLACES:
        return True
    return meaning.doubt in conversation.BEYOND and await sent_forms.is_of_one(turn, meaning)


def ask_which(turn: Turn, choices: Sequence[Choice]) -> None:
    """Show the buttons that may be meant."""
    turn.reply(turn.say("menu.which_button"), choices=column(*choices))
