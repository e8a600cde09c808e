"""A place whose last head or officer leaves: whoever leaves reads before what waits for them, and those above are told, with
the way to somebody new. Nobody is named."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from markupsafe import Markup

from figures import vacancy
from figures.vacancy import LeftBehind
from handlers import acting
from handlers.buttons import choice
from handlers.messages import Rows, column
from handlers.navigation import ShowStaff, ShowVillage
from handlers.turn import Turn
from handlers.wording import Wording, first_upper
from storage import places
from storage.session import Session
from storage.tables import Contact, Level, Place, Role, RoleName


async def warnings(turn: Turn, roles: Sequence[Role]) -> list[Markup]:
    """Return what somebody reads before they leave: where nobody else is, and what waits there."""
    told: list[Markup] = []
    for role in roles:
        left = await vacancy.left_behind(turn.session, role, turn.today)
        if left is not None:
            told.append(
                Markup(" ").join(
                    [turn.say(f"leave.last.{kind(left)}", place=name(left)), *waits(turn.say, left)]
                )
            )
    return told


def kind(left: LeftBehind) -> str:
    """Return the last part of the keys about it."""
    return "village" if left.of_village else "office"


def name(left: LeftBehind) -> str:
    return places.own_name(left.place)


def waits(say: Wording, left: LeftBehind) -> list[Markup]:
    """Return the sentence that counts what waits there; nothing if nothing does."""
    counts = ("reports", left.reports), ("returned", left.returned), ("requests", left.requests)
    parts = [say(f"vacant.waits.{key}", n=n) for key, n in counts if n]
    return [say("vacant.waits", what=Markup(", ").join(parts))] if parts else []


async def tell(
    session: Session, ended: Sequence[Role], now: datetime, today: date, until: datetime | None = None
) -> None:
    """Tell those above, not before `until`, that nobody is left where one of the roles `ended`, and what waits there."""
    for role in ended:
        left = await vacancy.left_behind(session, role, today)
        if left is None:
            continue
        chats, unit = await those_above(session, left, today)
        for contact in chats:
            say = acting.words_for(contact, officer=True)
            text = Markup(" ").join([say(f"vacant.{kind(left)}", place=name(left)), *waits(say, left)])
            key = f"vacant-{role.id}-{int(now.timestamp())}"
            await acting.write_once(
                session, contact, key, [first_upper(text)], now, until, way(say, left, unit)
            )


def way(say: Wording, left: LeftBehind, unit: Place) -> Rows:
    """Return the button that leads on: to the village for its commune, else to the officers of the unit."""
    if unit.id == left.place.id and left.of_village:
        return column(choice(places.own_name(unit), ShowVillage(unit.id)))
    return column(choice(say("staff.button.show"), ShowStaff(unit.id)))


async def those_above(session: Session, left: LeftBehind, today: date) -> tuple[Collection[Contact], Place]:
    """Return the chats that are told, and of which place they read: a commune's officers of its village; where there are
    none, and for an officer, those who decide who is officer of the unit."""
    unit = left.place
    if left.of_village:
        officers = await acting.office_chats(session, unit, RoleName.COMMUNE_OFFICER, today)
        if reached := [chat for chat in officers if chat.reachable]:
            return reached, unit
        over = await session.places.ancestors(unit.id, today)
        unit = next((one for one in over if one.level == Level.COMMUNE), unit)
    deciders = await acting.chats_of(session, await vacancy.above(session, unit, today))
    return [chat for chat in deciders if chat.reachable], unit
