"""What a whole message calls, and whether it is for the open dialogue or for something else."""

from typing import Final

from figures import access
from handlers import (
    cries,
    emergency,
    menu,
    wishes,
)
from handlers.broadcasts import typed_until
from handlers.danger import CLOSE, only_closes, tells_of_others
from handlers.emergency_named import takes_up
from handlers.membership import leave
from handlers.names import clean_name, is_surely_name
from handlers.other_business import purpose_of
from handlers.tables import (
    DIALOGUES,
    ENDING,
    INTENTS,
    OF_EMERGENCIES,
    OF_HEADS,
    OF_REASONS,
    PAGES,
    SAID_BY_HEADS,
    URGENT,
    Handler,
    help_or_join,
)
from handlers.turn import Turn
from handlers.typed import button_typed, is_number
from handlers.vocabulary import announcement_in, begins_request, calls_page, hint_in, intent_of
from questionnaires.answers import yes_or_no
from storage.kept import (
    AnnouncementWanted,
    AnswerWanted,
    ClosingWanted,
    CryWanted,
    ExchangeWanted,
    KeepWanted,
    LeaveWanted,
    MoreWanted,
    NameWanted,
    OtherWordsWanted,
    RefusalWanted,
    ReopeningWanted,
    ReturnWanted,
    RightWanted,
    UntilWanted,
    Wanted,
)

SHORT_NAME: Final = 2
"""The most words of a name that nothing shows to be one: "sử páo"."""
MAY_BE_ANNOUNCED: Final = ("announce", "report")
"""What an announcement may be about in so many words: "Thông báo ba". It is shown before it goes; the bare word calls."""


def waiting(turn: Turn, text: str) -> Handler | None:
    """Return the dialogue that waits for this text.

    The dialogue about leaving waits for a yes or a no, and only once. A word that calls something else is not taken
    for a name. In an emergency, a cry for help and thanks are still about it. A cry waits for its answer whatever else
    is open.
    """
    expects = turn.screen.expects
    if not text or not expects:
        return None
    if is_beside(turn, text, expects):
        cries.let_go(turn)
        return None
    return DIALOGUES.get(type(expects))


def is_beside(turn: Turn, text: str, expects: Wanted) -> bool:
    """Whether a text is for something other than the dialogue that waits."""
    called = called_by(turn, text)
    if is_still_for(turn, text, expects, called):
        return False
    beside = is_beside_kind(turn, text, expects)
    if beside is not None:
        return beside
    urgent = isinstance(expects, URGENT)
    names_other = called is not None and not (urgent and called in OF_EMERGENCIES)
    return names_other or is_no_reason(text, expects)


def is_beside_kind(turn: Turn, text: str, expects: Wanted) -> bool | None:
    """The same for dialogues that each have a rule of their own; None for the others."""
    match expects:
        case CryWanted(faint=True):
            return button_typed(turn, text, is_number(turn, text)) is None
        case ExchangeWanted():
            return is_beside_remark(turn, text, expects)
        case LeaveWanted():
            return leave.meant(turn, text) is None
        case AnnouncementWanted() | OtherWordsWanted() if intent_of(text) in MAY_BE_ANNOUNCED:
            return calls_page(text)
        case UntilWanted():
            return is_no_deadline(turn, text)
        # Nobody has two names: behind words that may be none, a sentence is none.
        case NameWanted() if expects.words and len(text.split()) > SHORT_NAME:
            return bool(clean_name(text)) and not is_surely_name(text)
        case AnswerWanted() if announcement_in(text) or purpose_of(text) == "bot":
            return True
    return None


def is_no_deadline(turn: Turn, text: str) -> bool:
    """Whether a text is none of the days until which a questionnaire may be sent."""
    return calls_page(text) or not typed_until.is_meant(turn, text)


def is_beside_remark(turn: Turn, text: str, expects: ExchangeWanted) -> bool:
    """Whether a text is no remark to the other side of an exchange, nor the yes or no to the one that is kept."""
    if expects.words:
        return expects.aside or yes_or_no(text, turn.today) is None
    return is_no_remark(text)


def is_no_reason(text: str, expects: Wanted) -> bool:
    """Whether a text where a reason is asked for is a request. What only may be one is asked about (`asked_reason`).

    Where words said unasked wait for a yes (`RightWanted`), anything else is about something else.
    """
    wants = isinstance(expects, OF_REASONS)
    return (wants and begins_request(text)) or (isinstance(expects, RightWanted) and bool(expects.words))


def is_still_for(turn: Turn, text: str, expects: Wanted, called: Handler | None) -> bool:
    """Whether a text is for the dialogue that waits, whatever else it calls."""
    match expects:
        case CryWanted(faint=False):
            return cries.meant(turn, text) is not None or called in (emergency.ask, cries.whether_told)
        # "Huỷ đi" takes back what is being told, where no questionnaire can be meant.
        case MoreWanted() | ClosingWanted():
            return called is wishes.nothing_open and turn.contact.interview_id is None
        # "Ừ" under the question for a name is a yes, so the name is asked for again; it is no thanks.
        case NameWanted():
            return yes_or_no(text, turn.today) is not None
        # Mere thanks are no reason: it is asked for again, instead of being forgotten.
        case ReturnWanted(words="") | ReopeningWanted(words="") | RefusalWanted(words=""):
            return called is menu.thanked
        # A yes or a no is about the words that may be the reason, or a request.
        case ReturnWanted() | KeepWanted() | ReopeningWanted() | RefusalWanted() | RightWanted() if (
            expects.words
        ):
            return yes_or_no(text, turn.today) is not None
    return False


def is_no_remark(text: str) -> bool:
    """Whether a text is not for the other side of an exchange: it names a page, or ends the exchange in a word or two.

    "Để tôi xem lại" is said to the other side.
    """
    intent = intent_of(text)
    ends = intent in ENDING and len(text.split()) <= 2
    return ends or intent in PAGES or calls_page(text)


def called_by(turn: Turn, text: str) -> Handler | None:
    """Return the handler that a whole message of `text` calls, if any; a lone question mark asks for help."""
    if text.strip() and not text.strip(" ?？"):
        return help_or_join
    intent = intent_of(text)
    if not intent and only_closes(text):
        intent = CLOSE
    elif not intent and takes_up(text):
        intent = "acknowledge"
    return handler_of(turn, intent)


def hinted(turn: Turn, text: str) -> Handler | None:
    """Return who answers what some words hint at; a sentence about somebody else is no wish to put off one's own work."""
    handler = handler_of(turn, hint_in(text))
    return None if handler is wishes.rest and tells_of_others(text) else handler


def handler_of(turn: Turn, intent: str) -> Handler | None:
    """Return who answers this wish; nobody if only a village head says it this way."""
    if not intent:
        return None  # most messages call nothing
    heads = access.is_village_head(turn.view)
    if intent in OF_HEADS and not heads:
        return None
    return INTENTS.get(SAID_BY_HEADS.get(intent, intent) if heads else intent)
