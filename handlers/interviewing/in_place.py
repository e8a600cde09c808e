"""Reports and corrections on somebody's behalf: the reason is asked before sending, and those who answer for the place
are told at once."""

from handlers import acting, asked_back
from handlers.asked_back import REASON
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import GoOn, InPlaceBecause
from handlers.messages import column
from storage.tables import Level


async def wants_reason(sitting: Sitting) -> bool:
    """Whether a reason is needed before a village's report is sent on somebody's behalf."""
    place = await sitting.turn.session.places.get(sitting.row.place_id)
    if place is None or place.level != Level.VILLAGE or sitting.notes.in_place:
        return False
    return acting.is_in_place(sitting.turn, place.id)


def ask(sitting: Sitting, key: str = "", **facts: int) -> None:
    """Ask for the reason: chosen from a list, or in words."""
    say = sitting.turn.say
    of = "first" if sitting.row.corrects_id is None else "correction"
    sitting.settle()
    sitting.note(at="p", asked=str(say(f"in_place.short.{of}")))
    buttons = [
        sitting.button(reason.named(sitting.turn.locale), InPlaceBecause, number=number)
        for number, reason in enumerate(sitting.turn.view.plans.challenges.in_place)
        if reason.of in ("", of)
    ]
    back = sitting.named("in_place.button.back", GoOn)
    sitting.speak(say(key or f"in_place.ask.{of}", **facts), choices=column(*buttons), actions=column(back))
    sitting.save()


def choose(sitting: Sitting, number: int) -> bool:
    """Keep the reason with this number; False if there is none."""
    reasons = sitting.turn.view.plans.challenges.in_place
    if number >= len(reasons):
        return False
    sitting.note(in_place=reasons[number].id)
    return True


def in_words(sitting: Sitting, text: str) -> bool:
    """Keep `text` as the reason. If it is none, ask again and return False."""
    words = asked_back.in_own_words(text)
    if len(words) > REASON:
        ask(sitting, "challenge.too_long", n=len(words), most=REASON)
        return False
    if not asked_back.is_words(words):
        ask(sitting)
        return False
    sitting.note(in_place=words)
    return True


def named(sitting: Sitting, lang: str) -> str:
    """The reason in a language."""
    reasons = sitting.turn.view.plans.challenges.in_place
    given = sitting.notes.in_place
    return next((reason.named(lang) for reason in reasons if reason.id == given), given)
