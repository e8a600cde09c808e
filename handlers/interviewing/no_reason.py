"""What is typed where a reason is asked for, and may be a request: it is no reason before its writer says that it is.

What names a page never comes here: it is opened (`handlers.vocabulary.calls_page`).
"""

from handlers.interviewing import in_place, reasons
from handlers.interviewing.sitting import Sitting
from handlers.named_form import called, is_of_name
from handlers.named_topic import names_topic
from handlers.vocabulary import may_be_request, may_hold_off, says_slip
from questionnaires.answers.text import fold


async def asks_first(sitting: Sitting, text: str) -> bool:
    """Ask whether `text` is the reason, if it may be a request; return whether that was asked."""
    stead = sitting.notes.at == "p"
    holds_off = stead and may_hold_off(text)
    if stead and says_slip(text) and not holds_off:
        return False
    if not (holds_off or may_be_request(text) or await names_something(sitting, text)):
        return False
    return (in_place.ask_whether if stead else reasons.ask_whether)(sitting, text)


async def names_something(sitting: Sitting, text: str) -> bool:
    """Return whether `text` only names something: a questionnaire, or what an officer asks about, as a place."""
    return await names_form(sitting, text) or await names_topic(sitting.turn, text)


async def names_form(sitting: Sitting, text: str) -> bool:
    """Return whether all of `text` is the name of a questionnaire, alone or as it is called: "nhà ở", "báo cáo nước"."""
    said, turn = set(fold(text).split()), sitting.turn
    forms = [form for _, form in (await turn.library.active_forms(turn.session)).values()]
    named = called(text, forms, by_verb=True)
    return (named is not None and not named.rest) or is_of_name(said, forms)
