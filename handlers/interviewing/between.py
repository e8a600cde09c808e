"""The screens between questions: which button shows one again, which a yes there means, and which confirm what is shown."""

from functools import cache
from typing import Final

from markupsafe import Markup

from handlers.interviewing import flow, moving, reasons
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.spoken import button_called, labels_of
from handlers.interviewing.ways import (
    AsBefore,
    AskDrop,
    AskWhy,
    Changed,
    DropNow,
    Explain,
    GiveUp,
    GiveUpNow,
    GoOn,
    Keep,
    LookDoubted,
    LookRow,
    LookRows,
    LookSeveral,
    MendDoubted,
    NotSeveral,
    OfDoubt,
    OfInterview,
    OfRows,
    RestAsBefore,
    RightSo,
    Send,
    SendOver,
    SendSettled,
    SendUnchanged,
    SkipIt,
    TakeSeveral,
    Unchanged,
    WordsAreReason,
)
from handlers.messages import clip
from questionnaires.answers.text import fold, one_spelling
from questionnaires.answers.tokens import tokens_of
from questionnaires.numbers_said import says_number

SCREENS: Final[dict[str, type[OfInterview]]] = {
    "u": Unchanged,
    "x": GiveUp,
    "S": Send,
    "m": LookSeveral,
    "d": LookDoubted,
    "w": LookDoubted,
    "r": LookDoubted,
    "y": AskWhy,
    "p": Send,
    "R": LookRows,
    "Q": LookRow,
    "D": AskDrop,
}
"""The button that shows a screen between questions again, by the mark under which the interview keeps that screen."""
AGREED: Final[dict[str, type[OfInterview]]] = {
    "u": SendUnchanged,
    "m": TakeSeveral,
    "d": RightSo,
    "w": RightSo,
    "r": WordsAreReason,
    "D": DropNow,
}
"""The button that a yes means at a screen between questions. Only a button itself gives up."""
OF_QUERIED: Final[dict[str, type[OfInterview]]] = {
    "challenge.button.right": RightSo,
    "challenge.button.mend": MendDoubted,
    "challenge.button.mend_number": MendDoubted,
}
OWN: Final[dict[str, dict[str, type[OfInterview]]]] = {
    "m": {"several.button.yes": TakeSeveral, "several.button.no": NotSeveral},
    "u": {"review.button.unchanged_send": SendUnchanged, "review.button.unchanged_some": Changed},
    "x": {"interview.cancel.yes": GiveUpNow},
    "d": OF_QUERIED | {"challenge.button.why": AskWhy},
    "r": OF_QUERIED | {"challenge.button.is_reason": WordsAreReason},
    "w": OF_QUERIED | {"challenge.button.other": AskWhy},
    "y": OF_QUERIED | {"challenge.button.other": AskWhy},
    "D": {"rows.drop.yes": DropNow},
}
"""The labels of a screen's own buttons, by its mark: typed after another screen they are no reason and no answer."""
DOUBTED: Final = ("d", "r", "y")
"""The screens that ask about an unlikely figure, by the same marks: only what is said of it decides."""
UNDECIDED: Final = ("m", *DOUBTED)
"""The screens that wait for a decision about figures just given, by the same marks."""
LAST_TIME: Final = (AsBefore, RestAsBefore, Unchanged)
"""The buttons that take or show last period's answers."""
ASIDE: Final = (*LAST_TIME, Explain)
"""The buttons of an older screen that say nothing to a list of what was understood: it is shown again."""
NO_LABELS: Final[dict[str, tuple[type[OfInterview], ...]]] = {
    "m": (*LAST_TIME, Keep),
    "d": LAST_TIME,
    "r": LAST_TIME,
}
"""Buttons whose labels are mere words where a figure just given waits, by the same marks: it would be lost unsaid."""
SHOWN: Final = 40
"""How many letters are repeated of what was typed and is not taken."""
SENDING: Final = (Send, SendOver, SendSettled, SendUnchanged)
"""The buttons that send the report."""
PASSING: Final = (Send, GoOn, SkipIt)
"""The buttons that pass by what is asked of a figure: they say nothing of it."""
CONFIRMING: Final = frozenset((*AGREED.values(), *SENDING, AsBefore, GiveUpNow, Keep, RestAsBefore))
"""The buttons that accept what is shown: somebody who has not seen it cannot mean them."""


def called(sitting: Sitting, text: str) -> type[OfInterview] | None:
    """The button whose label was typed; None if it is of `NO_LABELS`."""
    way = of_own(sitting, text) or button_called(text)
    return None if way in NO_LABELS.get(sitting.notes.at, ()) else way


def of_own(sitting: Sitting, text: str) -> type[OfInterview] | None:
    """The screen's own button whose label is all of `text`."""
    return own_labels(sitting.notes.at).get(fold(one_spelling(text)))


@cache
def own_labels(at: str) -> dict[str, type[OfInterview]]:
    """The labels of the own buttons of the screen with this mark, with the button's class."""
    return labels_of(OWN.get(at, {}))


def replaces_doubtful(sitting: Sitting, text: str) -> bool:
    """Whether a figure in `text` would take the place of one in doubt; typed before that was seen, it is the next one's."""
    return sitting.notes.at in UNDECIDED and says_number(tokens_of(text))


async def hold_back(sitting: Sitting) -> None:
    """Show what would have been confirmed: it was typed before that could be seen."""
    text = clip(sitting.turn.incoming.text, SHOWN)
    await look_again(sitting, sitting.turn.say("interview.early_yes", text=text))


async def decide_first(sitting: Sitting, *before: Markup, sends: bool) -> None:
    """Show again what is to be decided before anything is sent or asked, after the paragraphs `before`."""
    key = "review.decide_first" if sends else "interview.resumed"
    await look_again(sitting, *before, sitting.turn.say(key))


async def look_again(sitting: Sitting, *before: Markup) -> None:
    """Repeat what waits for a yes or a reason, otherwise the open question or the review, after the paragraphs `before`."""
    screen = SCREENS.get(sitting.notes.at, Send)
    if screen is Send:  # it would send
        flow.again(sitting, *before)
    elif sitting.notes.at == "r":  # to look at the doubt again says that the words are no reason
        reasons.show_reason(sitting, *before)
    else:
        await moving.move(sitting, way_of(sitting, screen), *before)


def way_of(sitting: Sitting, way: type[OfInterview]) -> OfInterview:
    """The button that is typed: of the queried answer, of the row that is shown, or of the open question."""
    if issubclass(way, OfRows):
        return sitting.way(way, sitting.notes.row)
    return sitting.way(way, sitting.notes.doubted if issubclass(way, OfDoubt) else None)
