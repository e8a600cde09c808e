"""Finding places by what people type: a name, a name with what it lies in, a former name, a code."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from questionnaires.answers.places import TYPES, fold_place
from storage.place_rows import ground, ways_up
from storage.tables import Place, PlaceAlias

CANDIDATES: Final = 200
"""At most so many places of one name are looked at; nationwide the commonest name has about a hundred."""


async def find(
    session: AsyncSession,
    words: str,
    on: date,
    *,
    level: str | None = None,
    within: int | None = None,
    limit: int = 20,
) -> list[Place]:
    """The places that `words` may name or once named, those standing on that day first.

    "Vĩnh Thông", "xã vinh thong", "Nà Hin, Vĩnh Thông" (the later parts name what it lies in) or a code.
    Diacritics and case do not matter; where some names agree letter for letter, only those are given.
    """
    own, *above = [part.strip() for part in words.split(",") if part.strip()] or [""]
    if not own:
        return []
    # Where what lies elsewhere is still to be left out, none may be cut off before.
    most = None if above or within is not None else CANDIDATES
    candidates = await called(session, own, level, most)
    if above:
        candidates = await lying_in(session, candidates, above, on)
    if within is not None:
        inside = await ground(session, within, on)
        candidates = [place for place in candidates if place.id in inside]
    candidates.sort(key=lambda place: not stands(place, on))
    return exactly(candidates, own)[:limit]


async def lying_in(
    session: AsyncSession, some: Sequence[Place], parts: Sequence[str], on: date
) -> list[Place]:
    """Those of some places that lie in what `parts` name, in this order."""
    ways = await ways_up(session, some, on)
    return [place for place, way in zip(some, ways, strict=True) if lie_in_order(way, parts)]


async def called(session: AsyncSession, words: str, level: str | None, limit: int | None) -> list[Place]:
    """The places of a level (None: of any) of which this is the code, the name or a former name."""
    searched = [name for _, name in readings(words)]
    once = set(await once_called(session, words, searched))
    chosen = select(Place).where(
        or_(col(Place.search).in_(searched), Place.code == words, col(Place.id).in_(once))
    )
    if level:
        chosen = chosen.where(Place.level == level)
    candidates = await session.exec(chosen.order_by(col(Place.id)).limit(limit))
    return [place for place in candidates if bears(place, words, once)]


def bears(place: Place, words: str, once: Collection[int]) -> bool:
    """Whether these are a place's code or name; `once` are the places that were once called so."""
    return place.code == words or place.id in once or is_named(place, words)


async def once_called(session: AsyncSession, words: str, searched: Sequence[str]) -> list[int]:
    """The ids of the places of which this is another name, with or without its type word."""
    chosen = select(PlaceAlias).where(col(PlaceAlias.search).in_(searched)).limit(CANDIDATES)
    meant = readings(words)
    return [
        alias.place_id
        for alias in await session.exec(chosen)
        if ("", alias.search) in meant or (fold_place(alias.kind), alias.search) in meant
    ]


def readings(words: str) -> list[tuple[str, str]]:
    """What `words` may mean: a folded type word ("" for any) and a folded name. "bản Cháo" may be both."""
    folded = fold_place(words)
    typed = [
        (kind, folded.removeprefix(f"{written} "))
        for written, kind in TYPES.items()
        if folded.startswith(f"{written} ")
    ]
    return [("", folded), *typed]


def is_named(place: Place, words: str) -> bool:
    """Whether `words` may name this place, with or without its type word."""
    kind = fold_place(place.kind)
    return any(name == place.search and meant in ("", kind) for meant, name in readings(words))


def stands(place: Place, on: date) -> bool:
    """Whether the place exists on that day."""
    return place.first_day <= on and (place.last_day is None or place.last_day >= on)


def exactly(some: Sequence[Place], words: str) -> list[Place]:
    """Those of `some` whose name or full type and name are written just so; all, if none is."""
    wanted = words.casefold()
    same = [place for place in some if wanted in (place.name.casefold(), own_name(place).casefold())]
    return same or list(some)


def own_name(place: Place) -> str:
    """ "xã Vĩnh Thông": the type word and the name."""
    return f"{place.kind} {place.name}".strip()


def lie_in_order(way: Sequence[Place], parts: Sequence[str]) -> bool:
    """Whether the names `parts` stand on a way up, in this order."""
    above = iter(way)
    return all(any(is_named(unit, part) for unit in above) for part in parts)
