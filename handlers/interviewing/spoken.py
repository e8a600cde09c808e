"""Which button of an interview words mean: its label in any language, or what people say instead.

Whether the words are an answer all the same is decided by the caller (`handlers.interviewing.said`).
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from handlers.danger import tells_of_others
from handlers.interviewing.ways import (
    AddRow,
    AsBefore,
    AskOfficer,
    Explain,
    GiveUp,
    GoOn,
    Keep,
    Later,
    NoMore,
    OfInterview,
    RestAsBefore,
    Send,
    SkipIt,
    StepBack,
    TakeMarked,
    Unchanged,
)
from handlers.vocabulary import OF_THE_MATTER, OF_TIME, hint_in, intent_of
from handlers.wording import LOCALES, wording
from questionnaires.answers.choices import without_courtesy
from questionnaires.answers.text import clean, fold, one_spelling
from questionnaires.answers.tokens import as_text, tokens_of, without_marks
from questionnaires.numbers_said import says_number

TYPED: Final[dict[str, type[OfInterview]]] = {
    "interview.button.back": StepBack,
    "interview.button.skip": SkipIt,
    "interview.button.later": Later,
    "interview.button.cancel": GiveUp,
    "interview.button.ask_officer": AskOfficer,
    "interview.button.unchanged": Unchanged,
    "interview.button.picked": TakeMarked,
    "interview.button.add": AddRow,
    "interview.button.done": NoMore,
    "interview.word.as_before": AsBefore,
    "interview.word.keep": Keep,
    "interview.word.cancel": GiveUp,
    "interview.word.go_on": GoOn,
    "review.button.send": Send,
    "review.button.send_correction": Send,
    "interview.button.go_on": GoOn,
    "menu.go_on": GoOn,
}
"""Labels that mean a button even if it is no longer on the last message."""
WITHIN: Final[dict[str, type[OfInterview]]] = {
    "same": AsBefore,
    "same_all": RestAsBefore,
    "keep": Keep,
    "fix": StepBack,
    "later": Later,
    "give_up": GiveUp,
    "skip": SkipIt,
    "send": Send,
    "explain": Explain,
    "left": Explain,
}
"""Words for a button of the open question, as `handlers/words/goi-viec.toml` calls them, if they are no answer. Other
wishes mean the same as while nothing is open (`handlers.tables.INTENTS`)."""
NO_WORDS: Final = frozenset(("fix", "later", "give_up", "explain", "left"))
"""Wishes that are no answer, even at a question that takes any words."""


def labels_of(keys: Mapping[str, type[OfInterview]]) -> dict[str, type[OfInterview]]:
    """The folded labels, in every language, that these `keys` name, with the button's class."""
    return {fold(wording(lang)(key).unescape()): way for lang in LOCALES for key, way in keys.items()}


@cache
def ways() -> dict[str, type[OfInterview]]:
    """The labels of each button that are known at any screen, with the button's class."""
    return labels_of(TYPED)


def button_called(text: str) -> type[OfInterview] | None:
    """The class of the button whose label, in any language, is all of `text`."""
    return ways().get(fold(one_spelling(text)))


def spoken(text: str, *, hinted: bool = True) -> type[OfInterview] | None:
    """The class of the button that `text` means, with or without courtesy around it; if `hinted`, some words are enough."""
    plain = as_text(without_courtesy(tokens_of(clean(text)), ()))
    if fold(plain) in OF_THE_MATTER:
        return None
    known = button_called(text) or button_called(plain)
    known = known or WITHIN.get(intent_of(text))
    return known or (way_hinted(text) if hinted else None)


def way_hinted(text: str) -> type[OfInterview] | None:
    """The class of the button at which some words in `text` hint.

    A sentence with a number, or about somebody else, is rather an answer than a wish to stop: "3 nhà trên nương chưa
    có", "bà còn lại đi nương xa".
    """
    way = WITHIN.get(hint_in(text))
    return None if way is Later and (counts(text) or tells_of_others(text)) else way


def counts(text: str) -> bool:
    """Whether `text` says how many of something; the time of day does not count."""
    tokens = without_marks(tokens_of(clean(text)))
    timed = {place for place in range(len(tokens)) if OF_TIME.at(tokens, place + 1)}
    return says_number([token for place, token in enumerate(tokens) if place not in timed])
