"""Reports and corrections on somebody's behalf: the reason is asked before sending, and those who answer for the place
are told at once."""

from markupsafe import Markup

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


def ask(sitting: Sitting, key: str = "", *, said: str = "", **facts: int) -> None:
    """Ask for the reason: chosen from a list, or in words; if `said`, whether these words are it."""
    say = sitting.turn.say
    of = "first" if sitting.row.corrects_id is None else "correction"
    sitting.settle()
    sitting.note(at="p", asked=str(say(f"in_place.short.{of}")), reason_said=said)
    reasons = sitting.turn.view.plans.challenges.in_place
    is_reason = sitting.button(say("challenge.button.is_reason"), InPlaceBecause, number=len(reasons))
    buttons = [is_reason] if said else []
    buttons += [
        sitting.button(reason.named(sitting.turn.locale), InPlaceBecause, number=number)
        for number, reason in enumerate(reasons)
        if reason.of in ("", of)
    ]
    back = sitting.named("in_place.button.back", GoOn)
    first = [say("challenge.is_reason", words=said)] if said else []
    asks = Markup("\n").join([*first, say(key or f"in_place.ask.{of}", **facts)])
    sitting.speak(asks, choices=column(*buttons), actions=column(back))
    sitting.save()


def ask_whether(sitting: Sitting, text: str) -> bool:
    """Ask whether `text` is the reason; return False if it can be none."""
    words = asked_back.in_own_words(text)
    if asked_back.unfit(words):
        return False
    ask(sitting, said=words)
    return True


def choose(sitting: Sitting, number: int) -> bool:
    """Keep the reason with this number, the last one for the words that were asked about. If there is none, ask again and
    return False."""
    known = [*(one.id for one in sitting.turn.view.plans.challenges.in_place), sitting.notes.reason_said]
    if not any(known[number : number + 1]):
        if sitting.notes.at == "p":
            ask(sitting)
        return False
    sitting.note(in_place=known[number], reason_said="")
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
