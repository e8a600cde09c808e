"""What nobody got, told to the administrators: a pause of the bot with what fell into it, letters whose time ran out.

What is still of use goes out late and says so. What is not is counted here by its sort, never dropped silently.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from markupsafe import Markup

from figures import access
from handlers.broadcasts import morning, weekly
from handlers.broadcasts.news import history
from handlers.letters import FADES, MORNING, REMINDER, Letter, Recipient, fresh, since_morning
from handlers.library import Library
from handlers.messages import Reply
from handlers.viewer import Viewer
from storage import beats
from storage.session import Session
from storage.tables import RoleName

DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=31)
"""Of a longer pause only the last days are looked at: before them hardly anything waited."""
TOLD: Final = timedelta(days=3)
"""How long a pause is told of."""


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """This morning's hour, once it has come, or the end of a pause after it."""
    today, pause = since_morning(now), await beats.latest(session)
    if pause is not None and now - pause.end < TOLD:
        end = pause.end.astimezone(now.tzinfo)
        return max(today, end) if today else end
    return today


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """What administrators are told and were not yet."""
    now = now.astimezone(library.zone)
    letters: list[Letter] = []
    for recipient in some:
        viewer = recipient.viewer(session, library, now)
        if not access.holds(viewer, RoleName.ADMINISTRATOR):
            continue
        for name, text in (await told_of(viewer)).items():
            place = recipient.place_ids[0]
            key = f"missed:{name}:{recipient.person.id}:{place}"
            until, contact = now + TOLD, recipient.contact.id
            letters.append(
                Letter(key, contact, place, Reply(text), REMINDER, "missed", viewer.quiet_until, until)
            )
    return await fresh(session, letters, now)


async def told_of(viewer: Viewer) -> dict[str, Markup]:
    """What there is to tell, each under the name of its occasion."""
    told: dict[str, Markup] = {}
    pause = await beats.latest(viewer.session)
    if pause is not None and viewer.now - pause.end < TOLD:
        told[f"{pause.end.timestamp():.0f}"] = text_of(viewer, pause)
    since = viewer.now.replace(hour=0, minute=0, second=0, microsecond=0) - DAY
    expired = await beats.expired(viewer.session, since, since + DAY)
    if expired and since_morning(viewer.now):
        told[f"{since.date()}"] = viewer.say("missed.expired", n=expired, day=since.date())
    return told


def text_of(viewer: Viewer, pause: beats.Pause) -> Markup:
    """A pause in words."""
    begin, end = (at.astimezone(viewer.zone) for at in (pause.begin, pause.end))
    if not pause.lost:
        return viewer.say("missed.nothing", begin=begin, end=end)
    kinds = "; ".join(
        viewer.say("missed.kind", kind=viewer.say(f"missed.of.{kind}"), n=count).unescape()
        for kind, count in sorted(pause.lost.items())
    )
    return viewer.say("missed.lost", begin=begin, end=end, kinds=kinds)


async def lost_of(
    session: Session, library: Library, some: Sequence[Recipient], pause: beats.Pause
) -> Counter[str]:
    """How many letters, or pieces of them, of each sort were due in a pause and of no use at its end."""
    lost: Counter[str] = Counter()
    begin, end = (at.astimezone(library.zone) for at in (pause.begin, pause.end))
    for recipient in some:
        names: dict[str, str] = {}
        day = max(begin, end - LONGEST).date()
        while day <= end.date():
            names |= await lost_on(
                session, library, recipient, datetime.combine(day, MORNING, begin.tzinfo), (begin, end)
            )
            day += DAY
        lost.update(names.values())
    return lost


async def lost_on(
    session: Session, library: Library, recipient: Recipient, at: datetime, pause: tuple[datetime, datetime]
) -> Mapping[str, str]:
    """The marks of what was to be told to one person on a day of a pause and ran out in it, each with its sort."""
    begin, end = pause
    evening = datetime.combine(at.date(), time(23, 59), at.tzinfo)
    summaries = await weekly.compose(session, library, min(evening, end), [recipient])
    names = {
        letter.key: "weekly"
        for letter in summaries
        if letter.not_after and begin + FADES < letter.not_after <= end
    }
    viewer = recipient.viewer(session, library, at)
    if begin < at < end and morning.may_be_told(viewer):
        pieces = await morning.gathered(viewer, recipient, await history(viewer, recipient))
        names |= {mark: one.kind for one in pieces if one.until <= end for mark in one.marks}
    return names
