"""Each message of a phone counts once, though it comes by two ways that name it differently.

A call of the webhook has an id, which stays the same when it is repeated: by that it counts, whatever else it says. One
under another id that says the same of its message, to the phone's name for it and the last digit of its moment, is a repeat
too. The list has other ids. So each message that counts takes a *place* beside all of the same sender and words in the same
second, the first, the second and so on, and says whether a call told it. Then

- two messages of the same words are two, however soon one follows the other: each call takes the next free place;
- what is listed is paired with the places nearby, one with one: only what finds none is new;
- a call that comes later takes over the place that the list had taken, and is not new.

Only what the phone was asked to post once more comes under new ids. Of the time for which that was asked, a call whose
words and moment count already is not new; if it was another of the same words after all, the list still shows one more
than counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from bot.channels.base import Take
from bot.channels.sms_reading import NAME, ReceivedSms
from storage import facts
from storage.session import Session
from storage.tables import Seen, now
from storage.unit_of_work import Storage

ALIKE: Final = 2
"""How many seconds the moments of the two ways may differ: one of them is rounded."""
MOST: Final = 8
"""How many messages with the same words in one second are told apart."""
PAGE: Final = 100
"""How many names are looked up at once."""
AGAIN: Final = "sms_again"
"""The fact that says for which time the phone was asked to post everything again."""


def place(sms: ReceivedSms, moment: int, number: int, *, whole: bool) -> str:
    """Return the name of a place: the `number`th message with these words in this second, counted from 1."""
    name = f"{sms.content(whole=whole)}-{moment}"
    return name if number == 1 else f"{name}.{number}"


def told(name: str) -> str:
    """Return the name under which a call of the webhook counts the message in this place."""
    return f"{name}+"


def places_at(sms: ReceivedSms, moment: int, *, whole: bool, most: int = MOST) -> list[str]:
    return [place(sms, moment, number, whole=whole) for number in range(1, most + 1)]


def places_near(sms: ReceivedSms, *, whole: bool, most: int = MOST) -> Iterator[str]:
    """Yield the places that a message may already have, earliest first."""
    for moment in range(sms.moment - ALIKE, sms.moment + ALIKE + 1):
        yield from places_at(sms, moment, whole=whole, most=most)


def nearest_places(sms: ReceivedSms, *, whole: bool) -> Iterator[str]:
    """Yield the same, nearest first, so that what is likely its own is not left to another."""
    moments = range(sms.moment - ALIKE, sms.moment + ALIKE + 1)
    for moment in sorted(moments, key=lambda moment: abs(moment - sms.moment)):
        yield from places_at(sms, moment, whole=whole)


class SmsOnce:
    """Knows which messages of one phone already count."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def take_posted(self, sms: ReceivedSms, call: str, take: Take, *, is_whole: bool) -> None:
        """Take what a call of the webhook tells, unless it already counts. Raises what `take` raises.

        `is_whole`: the list shows all of it. If another process takes the same place meanwhile, the next place is
        tried. If nothing can be looked up, its sender is told.
        """
        by_call = f"event:{call}"
        own = tuple(filter(None, (by_call, sms.posted_as())))
        for _ in range(MOST + 1):
            try:
                known = await self.known(self.names_of(sms, own, is_whole=is_whole))
            except DBAPIError:
                await take(replace(sms.incoming(by_call), unchecked=True))
                raise
            if not known.isdisjoint(own) or await self.counts(sms, by_call, known):
                return
            places = self.places_for(sms, known, is_whole=is_whole)
            await take(sms.incoming(by_call, also=(*own[1:], *places)))
            if not (await self.known(own)).isdisjoint(own):
                return

    @staticmethod
    def names_of(sms: ReceivedSms, own: Iterable[str], *, is_whole: bool) -> Iterator[str]:
        """Yield all names that say whether a call's message counts, beside its `own`, and which places are free."""
        yield from own
        for whole in (True,) if is_whole else (True, False):
            for name in places_near(sms, whole=whole):
                yield from (name, told(name))

    async def counts(self, sms: ReceivedSms, by_call: str, known: set[str]) -> bool:
        """Whether a message already counts by the list, or was posted again at our request; then the call counts too."""
        taken = [name for name in nearest_places(sms, whole=True) if name in known]
        if not taken:
            return False
        listed = next((name for name in taken if told(name) not in known), None)
        if listed is not None:
            return await self.take_over(listed, by_call)
        if not await self.was_asked_again(sms.at):
            return False
        await self.note(by_call)
        return True

    @staticmethod
    def places_for(sms: ReceivedSms, known: set[str], *, is_whole: bool) -> tuple[str, ...]:
        """Return the places that a new message takes: for its words and, if the list shows no more, for its beginning.

        None if so many with the same words came in this second that all places are taken.
        """
        names: list[str] = []
        for whole in (True,) if is_whole else (True, False):
            # If its beginning was taken from the list, to be asked for again, that was this message.
            near = nearest_places(sms, whole=whole)
            asked_for = next((name for name in near if name in known and told(name) not in known), None)
            if asked_for is not None:
                names.append(told(asked_for))
                continue
            free = next((name for name in places_at(sms, sms.moment, whole=whole) if name not in known), None)
            names += [free, told(free)] if free else []
        return tuple(names)

    async def not_taken(
        self, listed: Iterable[tuple[ReceivedSms, bool]]
    ) -> list[tuple[ReceivedSms, bool, str]]:
        """Return those of some listed messages that do not count yet, oldest first, each with the place that it takes.

        Each also says whether the list shows all of it.
        """
        alike = by_words(listed)
        names = (
            name
            for (_, whole), some in alike.items()
            for sms in some
            for name in places_near(sms, whole=whole, most=len(some))
        )
        known = await self.known(names)
        return new_among(alike, known)

    async def known(self, names: Iterable[str]) -> set[str]:
        """Return those of these names under which something counts."""
        keys = list(names)
        async with self.storage.reading() as session:
            pages = [keys[start : start + PAGE] for start in range(0, len(keys), PAGE)]
            mine = select(Seen.key).where(Seen.channel == NAME)
            rows = [await session.exec(mine.where(col(Seen.key).in_(page))) for page in pages]
            return set(chain.from_iterable(rows))

    async def take_over(self, name: str, by_call: str) -> bool:
        """Note that a call told what the list already had. False if another call was first."""
        noting = self.storage.upsert(Seen).on_conflict_do_nothing().returning(col(Seen.key))

        async def work(session: Session) -> bool:
            first = await session.exec(noting.values(self.row(told(name))))
            if first.first() is None:
                return False
            await session.exec(noting.values(self.row(by_call)))
            return True

        return await self.storage.write(work)

    async def note(self, name: str) -> None:
        noting = self.storage.upsert(Seen).values(self.row(name)).on_conflict_do_nothing()

        async def work(session: Session) -> None:
            await session.exec(noting)

        await self.storage.write(work)

    @staticmethod
    def row(name: str) -> dict[str, object]:
        return {"channel": NAME, "key": name, "at": now()}

    # --- what is posted once more

    async def ask_again(self, since: datetime, until: datetime) -> None:
        """Note that the phone is asked to post again what it received in between; an earlier span stays noted too."""
        before = await self.asked_again()
        since = min(since, before[0]) if before else since
        words = f"{since.isoformat()} {until.isoformat()}"
        await self.storage.write(lambda session: facts.put(session, AGAIN, words))

    async def was_asked_again(self, at: datetime) -> bool:
        span = await self.asked_again()
        return span is not None and span[0] <= at <= span[1]

    async def asked_again(self) -> tuple[datetime, datetime] | None:
        async with self.storage.reading() as session:
            words = (await facts.get(session, AGAIN)).split()
        return (datetime.fromisoformat(words[0]), datetime.fromisoformat(words[1])) if words else None


def by_words(listed: Iterable[tuple[ReceivedSms, bool]]) -> dict[tuple[str, bool], list[ReceivedSms]]:
    """Return listed messages, oldest first, by their words and whether these are all of them."""
    alike: dict[tuple[str, bool], list[ReceivedSms]] = {}
    for sms, whole in sorted(listed, key=lambda entry: entry[0].at):
        alike.setdefault((sms.content(whole=whole), whole), []).append(sms)
    return alike


def new_among(
    alike: Mapping[tuple[str, bool], Sequence[ReceivedSms]], known: set[str]
) -> list[tuple[ReceivedSms, bool, str]]:
    """Return those of some messages, as `by_words` gives them, that find no place among the `known`; as `not_taken`."""
    new = [
        (sms, whole, name)
        for (_, whole), some in alike.items()
        for sms, name in unpaired(some, known, whole=whole)
    ]
    return sorted(new, key=lambda entry: entry[0].at)


def unpaired(
    some: Sequence[ReceivedSms], known: set[str], *, whole: bool
) -> Iterator[tuple[ReceivedSms, str]]:
    """Yield those of some listed messages with the same words that find no place, each with a free one; oldest first.

    Pairing each message with the earliest place left pairs as many as possible, since all of them reach equally far.
    """
    used: set[str] = set()
    for sms in some:
        near = places_near(sms, whole=whole, most=len(some))
        name = next((name for name in near if name in known and name not in used), None)
        if name is None:
            free = places_at(sms, sms.moment, whole=whole, most=len(some))
            name = next(name for name in free if name not in known and name not in used)
            yield sms, name
        used.add(name)
