"""Tình hình: where a place stands against the plans that hold for it, as text, in detail, and as a picture.

A screen shows a few domains; buttons lead to the others, and into one.
"""

from typing import Final

from markupsafe import Markup

from figures import access
from figures.progress import progress_of
from handlers.buttons import from_base36, to_base36
from handlers.messages import Choice, Picture, column
from handlers.turn import Turn
from questionnaires.questionnaire import Questionnaire
from reports.progress import compared_with, picture_data, progress_text
from storage.tables import Level, Place, RoleName

LARGEST: Final = 2**63
DOMAINS: Final = 4
"""So many domains stand on one screen."""


async def show(turn: Turn) -> None:
    """The village of a village head; of several, first which one; else the unit that somebody looks after."""
    held = access.holds(turn.view, RoleName.VILLAGE_HEAD) or turn.roles
    wanted = dict.fromkeys(role.place_id for role in held)
    found = [place for place_id in wanted if (place := await turn.session.places.get(place_id))]
    if not found:
        turn.reply(turn.say("situation.gone"))
    elif len(found) == 1:
        await show_place(turn, found[0])
    else:
        choices = (Choice(f"{place.kind} {place.name}", data_of(place)) for place in found)
        turn.reply(turn.say("situation.which"), choices=column(*choices))


async def on_press(turn: Turn) -> None:
    """A press with the prefix "t": a place, nothing or "p" (picture), "d" (detail) or "g" (which domains), then a
    domain, or from which one on."""
    _, number, op, domain = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    place_id = from_base36(number)
    place = await access.visible(turn.view, place_id) if place_id and place_id < LARGEST else None
    first = int(domain) if op == "g" and domain.isascii() and domain.isdigit() and len(domain) < 4 else 0
    domain = domain if domain in turn.library.plans.domains else ""
    if place is None:
        turn.reply(turn.say("situation.gone"))
    elif op == "p":
        await show_picture(turn, place, domain)
    else:
        await show_place(turn, place, domain, first)


async def show_place(turn: Turn, place: Place, domain: str = "", first: int = 0) -> None:
    """The summary of a place, a few of the domains heard of from the one numbered `first` on; or one `domain`."""
    if domain:
        await show_domain(turn, place, domain)
        return
    progress = await progress_of(turn.view, place)
    domains = [each.id for each in progress.heard]
    count, first = len(domains), first if first < len(domains) else 0
    here = domains[first : first + DOMAINS]
    silent = [each.id for each in progress.domains if not each.period] if first + DOMAINS >= count else []
    text = progress_text(progress.only([*here, *silent]), turn.say)
    if count > DOMAINS:
        page = turn.say("situation.page", first=first + 1, last=first + len(here), count=count)
        text += Markup("\n\n") + page
    rows = [(picture_button(turn, place),)]
    if place.level != Level.VILLAGE:
        rows.append((Choice(turn.say("targets.button.table").unescape(), f"v:{to_base36(place.id)}"),))
    rows += [
        (Choice(each.name, data_of(place, f"d:{each.id}")),) for each in progress.domains if each.id in here
    ]
    turning = []
    if first:
        turning.append(page_button(turn, place, "situation.button.before", max(first - DOMAINS, 0)))
    if first + DOMAINS < count:
        turning.append(page_button(turn, place, "situation.button.after", first + DOMAINS))
    turn.reply(text, choices=(*rows, *([tuple(turning)] if turning else [])))


def page_button(turn: Turn, place: Place, key: str, first: int) -> Choice:
    return Choice(turn.say(key).unescape(), data_of(place, f"g:{first}"))


async def show_domain(turn: Turn, place: Place, domain: str) -> None:
    """One domain in detail, with every plan's target beside the figures."""
    progress = await progress_of(turn.view, place)
    text = progress_text(progress, turn.say, domain, detail=True)
    whole = Choice(turn.say("situation.button.whole").unescape(), data_of(place))
    turn.reply(text, choices=column(picture_button(turn, place, domain), whole))


async def show_picture(turn: Turn, place: Place, domain: str = "") -> None:
    """The same as a picture; in words where the channel shows none."""
    progress = await progress_of(turn.view, place)
    data = picture_data(progress, turn.say, domain)
    caption = [turn.say("situation.picture", place=progress.place, day=progress.as_of)]
    caption.append(compared_with(progress, turn.say, domain))
    turn.reply(Markup("\n").join(filter(None, caption)), picture=Picture("progress", data))


def data_of(place: Place, rest: str = "") -> str:
    """The data of a button about a place."""
    return f"t:{to_base36(place.id)}" + (f":{rest}" if rest else "")


def picture_button(turn: Turn, place: Place, domain: str = "") -> Choice:
    """The button that draws a place's progress."""
    return Choice(turn.say("progress.button.picture").unescape(), data_of(place, f"p:{domain}".rstrip(":")))


async def summary(turn: Turn, place: Place, form: Questionnaire | None = None) -> Markup:
    """The first domains of a place that were reported of, as said after a report: only what `form` asks about.

    "" where there is nothing to be said.
    """
    progress = await progress_of(turn.view, place, form)
    wanted = [each.id for each in progress.heard]
    return progress_text(progress.only(wanted[:DOMAINS]), turn.say) if wanted else Markup()
