"""From the understanding of a question to the reply, for chat and terminal alike: answer, question back, refusal or help."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from figures.ground import Ground
from handlers import menu
from handlers.asking import answer
from handlers.asking.asked import Asked, help_button
from handlers.asking.said import in_words
from handlers.asking.ways import MoreOffers, TakeOffer
from handlers.buttons import choice
from handlers.messages import Reply, Rows, column
from handlers.viewer import Viewer
from queries.stored import from_json
from queries.understand import LONGEST
from queries.understanding import OFFERED, Doubt, Offer, Understanding

REFUSED: Final = {
    Doubt.PERSONAL: "asking.refused.personal",
    Doubt.CHANGE: "asking.refused.change",
    Doubt.TOO_LONG: "asking.refused.too_long",
    Doubt.THANKS: "menu.thanked",
}


async def reply_to(
    viewer: Viewer, ground: Ground, understood: Understanding, number: int = 0, saved: Rows = ()
) -> Reply:
    """The reply to a question; `number` marks its buttons, `saved` are those of the questions that the chat keeps."""
    match understood.status:
        case "refuse":
            return refusal(viewer, ground, understood, number)
        case "help":
            return help_page(viewer, saved)
        case "clarify":
            return clarification(viewer, ground, understood, number)
        case _:
            reply = await answer.answer(Asked(viewer, ground, understood.query, number))
            beside = buttons_beside(viewer, ground, understood.beside, number)
            text = Markup("\n").join((*taken_over(viewer, ground, understood), reply.text))
            return replace(reply, text=text, choices=(*beside, *reply.choices))


def taken_over(viewer: Viewer, ground: Ground, understood: Understanding) -> list[Markup]:
    """What an answer says first: what the question took over from the one before, and which story was passed over."""
    lines = []
    if understood.went_on:
        lines.append(viewer.say("asking.still", said=in_words(viewer, ground, understood.query)))
    if understood.passed_over:
        lines.append(viewer.say("asking.passed_over", words=" ".join(understood.passed_over)))
    others = [offered(viewer, ground, offer, "") for offer in understood.beside if offer.slot == "indicator"]
    if others:
        lines.append(viewer.say("asking.first_only", names="; ".join(others)))
    return lines


def buttons_beside(viewer: Viewer, ground: Ground, beside: Sequence[Offer], number: int) -> Rows:
    """The buttons to what else was asked in the same text."""
    return column(
        *(
            choice(offered(viewer, ground, offer, ""), TakeOffer(number, at))
            for at, offer in enumerate(beside)
        )
    )


def refusal(viewer: Viewer, ground: Ground, understood: Understanding, number: int) -> Reply:
    """Why this is not answered, and what may be asked instead: how many there are, if not who."""
    why = REFUSED.get(understood.doubt or Doubt.OUTSIDE, "asking.refused.outside")
    instead = buttons_beside(viewer, ground, understood.offers, number)
    return Reply(viewer.say(why, most=LONGEST), (*instead, *column(help_button(viewer))))


def clarification(
    viewer: Viewer, ground: Ground, understood: Understanding, number: int, first: int = 0
) -> Reply:
    """Ask what is meant, with the offers as buttons from the one numbered `first`."""
    key = f"asking.doubt.{understood.doubt}"
    mended = any(offer.slot != "drop" for offer in understood.offers)
    if understood.doubt in (Doubt.WHICH_INDICATOR, Doubt.UNKNOWN_WORDS) and not mended:
        key += "_none"
    if understood.doubt is Doubt.NO_REST and not understood.words:
        key += "_none"
    words = " ".join(understood.words)[:100]
    text = viewer.say(key, words=words, n=len(understood.offers))
    here = list(enumerate(understood.offers))[first : first + OFFERED]
    buttons = [
        choice(offered(viewer, ground, offer, words), TakeOffer(number, place)) for place, offer in here
    ]
    if first + OFFERED < len(understood.offers):
        buttons.append(menu.named(viewer, "asking.button.more", MoreOffers(number, first + OFFERED)))
    return Reply(text, column(*buttons, help_button(viewer)))


def offered(viewer: Viewer, ground: Ground, offer: Offer, words: str) -> str:
    """One offer in words; `words` are those in question."""
    match offer.slot:
        case "indicator":
            return viewer.library.plans.indicators[offer.value].name(viewer.locale)
        case "units" | "order":
            return viewer.say(f"asking.{offer.slot}.{offer.value}").unescape()
        case "place":
            return ground.gazetteer.label(ground.gazetteer.units[int(offer.value)])
        case "reading":
            return in_words(viewer, ground, from_json(json.loads(offer.value))).unescape()
        case "drop":
            return viewer.say("asking.offer.drop", words=words).unescape()
        case _:
            return offer.value


def help_page(viewer: Viewer, saved: Rows, *, brief: bool = False) -> Reply:
    """What can be asked, by domain, with examples for the asker's own place. If `brief`, domains stand without figures."""
    plans, locale = viewer.plans, viewer.locale
    lines = [viewer.say("asking.help.head")]
    for id, names in plans.domains.items():
        asked = [
            indicator
            for indicator in plans.indicators.values()
            if indicator.domain == id and indicator.numerator
        ]
        if asked:
            some = ", ".join(indicator.name(locale) for indicator in asked[:3])
            name = names.get(locale) or names["vi"]
            key = "asking.help.domain_brief" if brief else "asking.help.domain"
            lines.append(viewer.say(key, domain=name, some=some, n=len(asked)))
    lines.append(viewer.say("asking.help.examples"))
    if saved:
        lines.append(viewer.say("asking.saved.head"))
    return Reply(Markup("\n").join(lines), (*saved, *menu.buttons(viewer)))
