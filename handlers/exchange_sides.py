"""What words between an office and a place are about, and what the two sides are called."""

from collections.abc import Mapping

from markupsafe import Markup

from figures import offices
from figures.due import period_of_key
from handlers import acting, asked_back
from handlers.messages import clip
from handlers.screens import checking
from handlers.screens.checking import LABEL
from handlers.turn import Turn
from handlers.wording import Wording
from storage import exchanges, places
from storage.exchanges import OFFICE, PLACE
from storage.tables import Announcement, Contact, Exchange, Level, Place, Remark


async def title(turn: Turn, row: Exchange, say: Wording) -> Markup:
    """What it is about, in a line or two."""
    place = await turn.session.places.get(row.place_id)
    name = places.name_of(place)
    if row.announcement_id is not None:
        announcement = await turn.session.get(Announcement, row.announcement_id)
        text = clip(announcement.text, LABEL) if announcement else ""
        return say("exchange.about_announcement", place=name, text=text)
    return await title_of_report(turn, row, say, name)


async def title_of_report(turn: Turn, row: Exchange, say: Wording, place: str) -> Markup:
    """The report that it is about, or the figure in it."""
    active = await turn.library.active_forms(turn.session)
    form = active[row.form_name][1] if row.form_name in active else None
    facts = {
        "place": place,
        "form": form.title(say.locale) if form else row.form_name,
        "period": period_of_key(row.period).label(say.locale),
    }
    if form is None or all(question.path != row.path for question in form.questions):
        return say("exchange.about_report", **facts)
    return say(
        "exchange.about_figure", figure=clip(asked_back.label(form, row.path, say.locale), LABEL), **facts
    )


async def writer(turn: Turn, row: Exchange, names: Mapping[str, str], remark: Remark) -> str:
    """Return what the side is called that wrote a remark; officers of several levels may have written about a report."""
    place = await turn.session.places.get(row.place_id)
    if remark.side == PLACE or row.announcement_id is not None or place is None:
        return names[remark.side]
    return level_name(turn.say, await offices.level_of(turn.view, place, remark.person_id))


async def sides(turn: Turn, row: Exchange, say: Wording) -> dict[str, str]:
    """Return what the two sides are called: "thôn" and "xã"; or "xã" and "huyện" or "tỉnh", by the officer who wrote last
    or who would get the words, if a commune reports or an announcement is meant."""
    place = await turn.session.places.get(row.place_id)
    level = place.level if place else Level.VILLAGE
    office = await office_level(turn, row, place) if place else Level.COMMUNE
    return {PLACE: level_name(say, level), OFFICE: level_name(say, office)}


async def announcing(turn: Turn, row: Exchange) -> Place | None:
    """Return the unit whose announcement words answer; None if they are about something else."""
    if row.announcement_id is None:
        return None
    announcement = await turn.session.get(Announcement, row.announcement_id)
    return await turn.session.places.get(announcement.place_id) if announcement else None


async def office_level(turn: Turn, row: Exchange, place: Place) -> str:
    """Return the level of the office that words are exchanged with."""
    unit = await announcing(turn, row)
    if unit is not None:
        return unit.level
    remarks = await exchanges.said_in(turn.session, row)
    wrote = [remark.person_id for remark in remarks if remark.side == OFFICE]
    return await offices.level_of(turn.view, place, wrote[-1] if wrote else None)


def level_name(say: Wording, level: str) -> str:
    """Return what the side of a level is called."""
    return str(checking.levels_in(say, level)["level"])


async def words_to(turn: Turn, row: Exchange, side: str, chat: Contact) -> Wording:
    """Return the sentences for a chat of one side: only villages have no officers."""
    place = await turn.session.places.get(row.place_id)
    of_officers = side == OFFICE or (place is not None and place.level != Level.VILLAGE)
    return acting.words_for(chat, officer=of_officers)
