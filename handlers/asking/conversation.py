"""A question in the chat: understood or asked back, and its buttons; a question may go on from the one before.

The last questions stand with the chat for their buttons. "Còn xã Mỹ Lý?" goes on from a question of the last half
hour; later it is asked what is meant.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from markupsafe import Markup

from figures import access
from figures.ground import Ground, ground_of
from handlers import codes, menu
from handlers.asking import answering, saved
from handlers.asking.asked import Asked
from handlers.messages import Choice, column
from handlers.turn import Turn
from queries.query import Doubt, Format, Intent, Offer, Query, Understanding
from queries.understand import LONGEST, OFFERED, of_units, settled, understand
from questionnaires.answers.places import Gazetteer

FADES: Final = timedelta(minutes=30)
KEPT: Final = 4
"""The buttons of so many latest answers work."""
REFUSED: Final = {
    Doubt.PERSONAL: "asking.refused.personal",
    Doubt.CHANGE: "asking.refused.change",
    Doubt.TOO_LONG: "asking.refused.too_long",
}
LARGEST: Final = 2**31


async def asks(turn: Turn) -> bool:
    """Answer an officer's text if it is a question about figures; False when it is none."""
    if not access.is_officer(turn.view) or not turn.incoming.text:
        return False
    ground = await ground_of(turn.view)
    if ground is None:
        return False
    found = understood(turn, ground)
    if found.doubt is Doubt.EMPTY:
        return False
    await tell(turn, ground, found)
    return True


def understood(turn: Turn, ground: Ground) -> Understanding:
    """What the turn's text asks, going on from the question before it where that has not faded."""
    text = turn.incoming.text
    return understand(text, ground.dictionary, ground.gazetteer, ground.asker, turn.today, before(turn))


async def tell(turn: Turn, ground: Ground, found: Understanding) -> None:
    """What an understanding leads to: the answer, a question back, a refusal, or the help."""
    if found.status == "refuse":
        await codes.note(turn, "asked.refused", detail={"why": found.doubt.value if found.doubt else ""})
        why = REFUSED.get(found.doubt or Doubt.OUTSIDE, "asking.refused.outside")
        turn.reply(
            turn.say(why, most=LONGEST), choices=column(menu.named(turn.view, "asking.button.help", "k:0:h:"))
        )
    elif found.status == "help":
        await show_help(turn)
    elif found.status == "clarify":
        clarify(turn, ground, found)
    else:
        await answer(turn, ground, found.query)


async def answer(turn: Turn, ground: Ground, query: Query, words: str = "") -> None:
    """Answer `query`, and keep it for what follows with the words it was asked in."""
    number = keep(turn, query, words=words or turn.incoming.text)
    place = query.places[0] if query.places else ground.asker.place
    await codes.note(turn, "asked", f"place:{place}", {"intent": query.intent.value})
    await answering.answer(Asked(turn, ground, query, number))


# --- what the chat remembers ----------------------------------------------------------------------------


def keep(turn: Turn, query: Query, offers: tuple[Offer, ...] = (), words: str = "") -> int:
    """Keep a question with the chat; the number that its buttons bear."""
    kept: list[dict[str, Any]] = list(turn.screen.get("questions", ()))[-KEPT + 1 :]
    number = (kept[-1]["n"] + 1) % LARGEST if kept else 1
    kept.append(
        {
            "n": number,
            "query": query.to_json(),
            "at": turn.now.isoformat(),
            "words": " ".join(words.split())[:60] or (kept[-1].get("words", "") if kept else ""),
            "offers": [[offer.slot, offer.value] for offer in offers],
        }
    )
    turn.remember(questions=kept)
    return number


def before(turn: Turn) -> Query | None:
    """The question before this one, unless it has faded."""
    kept = turn.screen.get("questions")
    if not kept or turn.now - datetime.fromisoformat(kept[-1]["at"]) > FADES:
        return None
    return Query.from_json(kept[-1]["query"])


# --- asking back ----------------------------------------------------------------------------------------


def clarify(turn: Turn, ground: Ground, found: Understanding, first: int = 0) -> None:
    """Ask what is meant, with the ways to go on as buttons, from the one numbered `first`."""
    number = keep(turn, found.query, found.offers)
    words = " ".join(found.words)
    key = f"asking.doubt.{found.doubt}"
    if found.doubt in (Doubt.WHICH_INDICATOR, Doubt.UNKNOWN_WORDS) and not found.offers:
        key += "_none"
    text = turn.say(key, words=words[:100], n=len(found.offers))
    here = list(enumerate(found.offers))[first : first + OFFERED]
    buttons = [
        Choice(offered(turn, ground.gazetteer, offer)[:60], f"k:{number}:o:{place}") for place, offer in here
    ]
    if first + OFFERED < len(found.offers):
        buttons.append(menu.named(turn.view, "asking.button.more", f"k:{number}:m:{first + OFFERED}"))
    turn.reply(text, choices=column(*buttons, menu.named(turn.view, "asking.button.help", "k:0:h:")))


def offered(turn: Turn, gazetteer: Gazetteer, offer: Offer) -> str:
    """One way to go on, in words."""
    if offer.slot == "indicator":
        return turn.library.plans.indicators[offer.value].name(turn.locale)
    if offer.slot == "units":
        return turn.say(f"asking.units.{offer.value}").unescape()
    if offer.slot == "place":
        return gazetteer.label(gazetteer.units[int(offer.value)])
    return offer.value


async def taken(turn: Turn, ground: Ground, query: Query, offer: Offer) -> None:
    """Go on with an offer that was taken."""
    if offer.slot == "text":
        found = understand(offer.value, ground.dictionary, ground.gazetteer, ground.asker, turn.today)
        await tell(turn, ground, found)
        return
    if offer.slot == "indicator":
        intent = Intent.FIGURE if query.intent in (Intent.UNKNOWN, Intent.PROGRESS) else query.intent
        query = replace(query, indicators=(offer.value,), domain="", intent=intent)
    elif offer.slot == "units":
        query = of_units(query, offer.value)
    else:
        query = replace(query, places=(*query.places, int(offer.value)))
        if query.intent is Intent.UNKNOWN:
            query = replace(query, intent=Intent.PROGRESS)
    if query.intent not in (Intent.PROGRESS, Intent.MISSING) and not query.indicators and not query.domain:
        clarify(turn, ground, Understanding("clarify", query, Doubt.WHICH_INDICATOR))
        return
    if query.counted:
        await tell(turn, ground, settled(query, turn.library.plans))
        return
    await answer(turn, ground, query)


# --- buttons --------------------------------------------------------------------------------------------


async def on_press(turn: Turn) -> None:
    """A button "k:number:op:value" of an answer."""
    _, number, op, value = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    if op == "h":
        await show_help(turn)
        return
    kept = next((each for each in turn.screen.get("questions", ()) if str(each["n"]) == number), None)
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if kept is None or ground is None:
        turn.reply(turn.say("asking.old"), choices=menu.buttons(turn.view))
        return
    query = Query.from_json(kept["query"])
    place = number_in(value)
    if op == "o" and place is not None and place < len(kept["offers"]):
        slot, chosen = kept["offers"][place]
        await taken(turn, ground, query, Offer(slot, chosen))
        return
    if op == "m" and place is not None and place < len(kept["offers"]):
        offers = tuple(Offer(slot, chosen) for slot, chosen in kept["offers"])
        clarify(turn, ground, Understanding("clarify", query, Doubt.WHICH_PLACE, offers), place)
        return
    if op == "s":
        await saved.keep(turn, query, kept["words"])
        return
    changed = await moved(turn, query, op, value)
    if changed is None:
        await menu.old_button(turn)
    elif op == "n":
        await page(turn, ground, query, int(value))
    else:
        await answer(turn, ground, changed)


def number_in(value: str) -> int | None:
    """The number that a button bears; None for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None


async def moved(turn: Turn, query: Query, op: str, value: str) -> Query | None:
    """The question that a button makes of `query`; None for a button that is none of ours."""
    number = number_in(value)
    if op == "p" and number is not None:
        return replace(
            query, places=(number,), level="", intent=Intent.FIGURE, bounds=(), order=None, count=None
        )
    if op == "d" and value in ("thon", "xa", "huyen", "tinh"):
        return replace(query, level=value, intent=Intent.RANKING)
    if op == "b":
        ground = await ground_of(turn.view)
        sources = await Asked(turn, ground, query, 0).sources() if ground else []
        return answering.earlier(query, sources[0]) if sources else query
    if op == "g":
        return replace(query, intent=Intent.TREND, format=Format.PICTURE, level="", periods=())
    if op == "x":
        return replace(query, intent=Intent.EXPORT, format=Format.EXCEL)
    if op == "n" and number is not None:
        return query
    return None


async def page(turn: Turn, ground: Ground, query: Query, first: int) -> None:
    """A further page of a long answer."""
    number = keep(turn, query)
    await codes.note(
        turn, "asked", f"place:{(*query.places, ground.asker.place)[0]}", {"intent": query.intent.value}
    )
    await answering.answer(Asked(turn, ground, query, number), first)


# --- help -----------------------------------------------------------------------------------------------


async def show_help(turn: Turn) -> None:
    """What can be asked, by domain, with examples for the asker's own place."""
    plans = turn.library.plans
    lines = [turn.say("asking.help.head")]
    for id, names in plans.domains.items():
        of_domain = [each for each in plans.indicators.values() if each.domain == id and each.numerator]
        if of_domain:
            some = ", ".join(each.name(turn.locale) for each in of_domain[:3])
            name = names.get(turn.locale) or names["vi"]
            lines.append(turn.say("asking.help.domain", domain=name, some=some, n=len(of_domain)))
    lines.append(turn.say("asking.help.examples"))
    own = await saved.buttons(turn)
    if own:
        lines.append(turn.say("asking.saved.head"))
    turn.reply(Markup("\n").join(lines), choices=(*own, *menu.buttons(turn.view)))
