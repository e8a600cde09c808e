"""Tình hình: where a place stands against the plans that apply to it, as text, in detail, and as a picture.

A screen shows a few domains; buttons lead to the others, and into each one.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from markupsafe import Markup

from figures import access
from figures.awaiting import LATELY
from figures.progress import progress_of
from handlers.buttons import Button, Position, ShortId, Word, button, choice
from handlers.messages import Choice, Picture, Reply, column
from handlers.navigation import DrawProgress, ShowProgress, ShowTargets
from handlers.screens.paging import Paged, paged
from handlers.screens.places import counted_on
from handlers.viewer import Viewer
from questionnaires.questionnaire import Questionnaire
from reports.progress import PlaceProgress, compared_with, progress_text
from reports.progress_picture import picture_data
from reports.receipt import receipt_text
from storage import approvals
from storage.tables import Level, Place

VILLAGES: Final = 500
"""With more villages than this, approved reports are not counted: the answer would have to wait for it."""
DOMAINS: Final = 4
"""How many domains fit on one screen."""


@button("t:{place}:d:{domain}", opens=True)
class ShowDomain(Button):
    """One domain in detail."""

    place: ShortId
    domain: Word


@button("t:{place}:g:{first}", opens=True)
class ShowDomains(Button):
    """The domains from this one on."""

    place: ShortId
    first: Position


async def page(
    viewer: Viewer, place: Place, domain: str = "", first: int = 0, *, brief: bool = False
) -> Reply:
    """Return the summary of a place, with a few of the domains heard of from the one numbered `first` on; or one
    `domain`. If `brief`, only one domain, with a button to each of the others."""
    progress = await progress_of(viewer, place)
    if domain:
        return domain_page(viewer, place, progress, domain)
    heard = heard_of(progress)
    part = paged(heard, first, 1 if brief else DOMAINS)
    parts = [
        *await told_of(viewer, place, progress, part),
        *([] if brief else part.told(viewer, "situation.page")),
    ]
    buttons = ways_of(viewer, place)
    if brief:
        buttons += others_heard(place, progress, heard, part.first)
        return Reply(Markup("\n\n").join(filter(None, parts)), column(*buttons))
    buttons += [
        choice(domain.name, ShowDomain(place.id, domain.id)) for domain in progress.only(part.here).domains
    ]
    turning = part.turning(
        viewer, "situation.button.before", "situation.button.after", partial(ShowDomains, place.id)
    )
    return Reply(Markup("\n\n").join(filter(None, parts)), (*column(*buttons), *turning))


def others_heard(place: Place, progress: PlaceProgress, heard: Sequence[str], shown: int) -> list[Choice]:
    """Return a button to the summary of each domain heard of but the one `shown`."""
    names = {domain.id: domain.name for domain in progress.only(heard).domains}
    return [choice(names[id], ShowDomains(place.id, at)) for at, id in enumerate(heard) if at != shown]


async def approved(viewer: Viewer, place: Place) -> Markup:
    """Return how many of the villages' recent reports are approved and locked, for an officer of a unit that is not
    too large."""
    if place.level == Level.VILLAGE or not access.is_officer(viewer):
        return Markup()
    villages = await viewer.session.places.ids_below(place.id, Level.VILLAGE, viewer.today)
    if len(villages) > VILLAGES:
        return Markup()
    known = await approvals.lately(viewer.session, villages, viewer.today - LATELY)
    counts = {"n": known.reports, "approved": known.approved, "locked": known.locked}
    return viewer.say("approval.standing", **counts) if known.reports else Markup()


def silent_of(progress: PlaceProgress) -> list[str]:
    """Return the domains on which nothing was reported; they are named after all others."""
    return [domain.id for domain in progress.domains if not domain.period]


async def told_of(viewer: Viewer, place: Place, progress: PlaceProgress, part: Paged[str]) -> list[Markup]:
    """Return what a page tells of some domains; the last page also names the silent ones, and what is approved."""
    told = progress.only([*part.here, *silent_of(progress)] if part.is_last else part.here)
    return [
        progress_text(told, viewer.say),
        await counted_on(viewer, place),
        await approved(viewer, place) if part.is_last else Markup(),
    ]


def ways_of(viewer: Viewer, place: Place) -> list[Choice]:
    """Return the buttons to a place's picture and, unless it is a village, to its table of targets."""
    buttons = [picture_button(viewer, place)]
    if place.level != Level.VILLAGE:
        buttons.append(choice(viewer.say("targets.button.table"), ShowTargets(place.id)))
    return buttons


def domain_page(viewer: Viewer, place: Place, progress: PlaceProgress, domain: str) -> Reply:
    """One domain in detail, with every plan's target beside the figures."""
    text = progress_text(progress, viewer.say, domain, detail=True)
    whole = choice(viewer.say("situation.button.whole"), ShowProgress(place.id))
    return Reply(text, column(picture_button(viewer, place, domain), whole))


async def picture_page(viewer: Viewer, place: Place, domain: str = "") -> Reply:
    """Return one domain as a picture, by default the first that was heard of; buttons lead to the others.

    In words if the channel shows no picture.
    """
    progress = await progress_of(viewer, place)
    heard = heard_of(progress)
    shown = domain or next(iter(heard), "")
    caption = [viewer.say("situation.picture", place=progress.place, day=progress.as_of)]
    caption.append(compared_with(progress, viewer.say, shown))
    picture = Picture("progress", picture_data(progress, viewer.say, shown))
    beside = [progress.only([one]).domains[0] for one in neighbours(heard, shown)]
    others = [
        choice(viewer.say("situation.button.draw", name=one.name), DrawProgress(place.id, one.id))
        for one in beside
    ]
    # Where there is nothing else to draw, the buttons of the message before stay those that may be typed.
    whole = [choice(viewer.say("situation.button.whole"), ShowProgress(place.id))] if others else []
    return Reply(Markup("\n").join(filter(None, caption)), column(*others, *whole), picture=picture)


def neighbours(heard: Sequence[str], shown: str) -> list[str]:
    """The domains before and after the one that is shown."""
    if shown not in heard:
        return list(heard[:1])
    place = heard.index(shown)
    return [*heard[max(place - 1, 0) : place], *heard[place + 1 : place + 2]]


def picture_button(viewer: Viewer, place: Place, domain: str = "") -> Choice:
    """The button that draws a place's progress."""
    return choice(viewer.say("progress.button.picture"), DrawProgress(place.id, domain))


async def summary(viewer: Viewer, place: Place, form: Questionnaire | None = None) -> Markup:
    """Return the first domains of a place with reports, as told after a report: only what `form` asks about; of a larger
    place than a village, with everything that changed.

    "" if there is nothing to tell.
    """
    if form is not None and not viewer.plans.asked_by(form.question_names):
        return Markup()  # from some questionnaires no figure is made
    progress = await progress_of(viewer, place, form)
    heard = heard_of(progress)
    if not heard:
        return Markup()
    if form is not None and place.level != Level.VILLAGE:
        return receipt_text(progress, viewer.say)
    return progress_text(progress.only(heard[:DOMAINS]), viewer.say)


def heard_of(progress: PlaceProgress) -> list[str]:
    """Return the domains that reports tell of."""
    return [domain.id for domain in progress.heard]
