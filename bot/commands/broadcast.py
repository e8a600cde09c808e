"""`thonbao broadcast`, `remind`, `outbox`: what the timetable would write, run now; and what could not be sent."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.administration import ground_named, opened
from bot.channels.text import plain
from bot.libraries import library_of
from bot.printing import local, print_json, print_rows
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from bot.timetable import compose_round, write_letters
from handlers.letters import Letter, still_of_use
from storage import dead_letters, places, totals
from storage.database import writing
from storage.dead_letters import DeadLetter
from storage.tables import Contact, now
from storage.unit_of_work import Storage

DRY = Annotated[bool, typer.Option("--dry-run", help="only show what would go to whom, and why")]
ONLY = Annotated[str, typer.Option("--only", help="a place, with everything below it")]
JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("broadcast")(broadcast)
    app.command("remind")(remind)
    app.command("outbox")(outbox)


def broadcast(dry_run: DRY = False, only: ONLY = "", json: JSON = False) -> None:
    """The weekly summary, now, to everybody who has not had this week's."""
    run(("weekly", "questions"), dry_run=dry_run, only=only, json=json)


def remind(dry_run: DRY = False, only: ONLY = "", json: JSON = False) -> None:
    """Reminders and lists of whom to phone that are due today and not yet sent."""
    run(("reminders",), dry_run=dry_run, only=only, json=json)


def run(names: tuple[str, ...], *, dry_run: bool, only: str, json: bool) -> None:
    """Write or show some rounds of letters."""
    settings = load_settings()
    asyncio.run(run_round(settings, Teller(settings.locale), names, dry_run=dry_run, only=only, json=json))


async def run_round(
    settings: Settings, say: Teller, names: tuple[str, ...], *, dry_run: bool, only: str, json: bool
) -> None:
    """Compose the letters of some rounds; write them unless it is a dry run."""
    library = library_of(settings)
    now = datetime.now(settings.zone)
    async with opened(settings) as engine, Storage(engine) as storage:
        async with storage.reading() as session:
            ground = await ground_named(session, only, now.date(), say)
        rounds = [compose_round(storage, library, now, name, ground) for name in names]
        outcome = await go_through(storage, rounds, now, dry_run=dry_run)
    if json:
        written = {"written": outcome.count, "too_late": len(outcome.too_late)}
        print_json(outcome.shown if dry_run else written)
        return
    for letter in outcome.shown:
        print(f"{letter['to']} · {letter['place']} · {letter['why']}\n{letter['text']}\n")
    for line in outcome.told(say, nobody=nobody(names, only), dry_run=dry_run):
        print(line)


@dataclass
class RoundsOutcome:
    """What became of some rounds of letters."""

    count: int = 0
    """How many were written, or would be."""
    too_late: list[datetime] = field(default_factory=list)
    """Of each letter that would come too late the moment until which it was of use."""
    shown: list[dict[str, Any]] = field(default_factory=list)
    """Of a dry run every letter as it looks."""

    def told(self, say: Teller, *, nobody: str, dry_run: bool) -> Iterator[str]:
        """The same in sentences; `nobody` is the key of the one that says why there is none."""
        if self.count:
            yield say("broadcast.would" if dry_run else "broadcast.written", n=self.count)
        elif not self.too_late:
            yield say(nobody)
        if self.too_late:
            yield say("broadcast.too_late", n=len(self.too_late), at=min(self.too_late))


def ran_out(letters: Iterable[Letter], now: datetime) -> list[datetime]:
    """When each letter that is too late by now ran out."""
    late = (letter.not_after for letter in letters if not letter.in_time(now))
    return [at.astimezone(now.tzinfo) for at in late if at]


async def go_through(
    storage: Storage, rounds: Sequence[AsyncIterator[list[Letter]]], now: datetime, *, dry_run: bool
) -> RoundsOutcome:
    """Write the letters of some rounds, or show what would be written."""
    outcome = RoundsOutcome()
    for composed in rounds:
        async for letters in composed:
            # A dry run shows the late ones too: whoever looks wants to know why they would not go.
            of_use = still_of_use(letters, now)
            outcome.too_late += ran_out(letters, now)
            if dry_run:
                outcome.count += len(of_use)
                outcome.shown += [await facts(storage, letter, now) for letter in letters]
            else:
                outcome.count += await write_letters(storage, of_use, now)
    return outcome


def nobody(names: Sequence[str], only: str) -> str:
    """Why there is nothing to send, and what to do."""
    if "weekly" not in names:
        return "broadcast.nobody"
    return "broadcast.nobody_there" if only else "broadcast.nobody_weekly"


async def facts(storage: Storage, letter: Letter, now: datetime) -> dict[str, Any]:
    """One letter as an administrator sees it: to which chat, about which place, why; no name, no address.

    Its times are those of the zone of `now`.
    """
    async with storage.reading() as session:
        contact = await session.get(Contact, letter.contact_id)
        place = await session.places.get(letter.place_id)
    return {
        "to": f"{contact.channel} #{contact.id}" if contact else "",
        "place": places.name_of(place),
        "why": letter.why,
        "key": letter.key,
        "not_before": local(letter.not_before, now.tzinfo),
        "not_after": local(letter.not_after, now.tzinfo),
        "too_late": not letter.in_time(now),
        "text": plain(letter.reply.text),
    }


def outbox(
    retry: Annotated[
        list[int] | None, typer.Option("--retry", help="send this one again; may be repeated")
    ] = None,
    retry_all: Annotated[bool, typer.Option("--retry-all", help="send all of them again")] = False,
    figures: Annotated[
        bool, typer.Option("--figures", help="what became of the messages of some days")
    ] = False,
    days: Annotated[
        int, typer.Option("--days", min=1, max=36500, help="how many days the figures go back")
    ] = 30,
    json: JSON = False,
) -> None:
    """Messages that were given up: read them, try them again."""
    settings = load_settings()
    if figures:
        asyncio.run(tell_figures(settings, Teller(settings.locale), days, json=json))
        return
    asyncio.run(
        look_at_outbox(settings, Teller(settings.locale), retry or [], retry_all=retry_all, json=json)
    )


async def look_at_outbox(
    settings: Settings, say: Teller, retry: list[int], *, retry_all: bool, json: bool
) -> None:
    """List the dead letters, or make some of them due again."""
    async with opened(settings) as engine:
        if retry or retry_all:
            print(say("outbox.retried", n=await try_again(engine, say, retry, everything=retry_all)))
            return
        async with Storage(engine) as storage, storage.reading() as session:
            dead = await dead_letters.dead_letters(session)
            waiting = await dead_letters.held_up(session)
    if json:
        print_json(
            [asdict(letter) | {"created_at": local(letter.created_at, settings.zone)} for letter in dead]
        )
        return
    tell_dead(say, dead, waiting, settings.zone)


async def try_again(engine: AsyncEngine, say: Teller, numbers: list[int], *, everything: bool) -> int:
    """Make dead letters due again; how many. Raises WrongCall for a number that none of them has."""
    async with writing(engine) as session:
        known = [letter.id for letter in await dead_letters.dead_letters(session, 100_000)]
        for number in set(numbers) - set(known):
            raise WrongCall(say("outbox.unknown", number=str(number)))
        return await dead_letters.try_again(session, known if everything else numbers)


def tell_dead(
    say: Teller, dead: Sequence[DeadLetter], waiting: Iterable[tuple[str, str, int]], zone: tzinfo
) -> None:
    """Print the messages that were given up, after what holds others up."""
    for channel, problem, count in waiting:
        print(say("outbox.held_up", n=count, channel=channel, problem=problem))
    if not dead:
        print(say("outbox.none"))
    else:
        print_rows(
            [
                (
                    str(letter.id),
                    letter.channel,
                    letter.kind,
                    f"{letter.created_at.astimezone(zone):%d/%m/%Y %H:%M}",
                    letter.problem,
                )
                for letter in dead
            ]
        )


async def tell_figures(settings: Settings, say: Teller, days: int, *, json: bool) -> None:
    """What became of the messages of the last days, by their sort."""
    async with opened(settings) as engine, Storage(engine) as storage, storage.reading() as session:
        by_kind = await totals.by_kind(session, now() - timedelta(days=days))
    rows = {
        kind: {outcome.value: counts[outcome] for outcome in totals.Outcome}
        for kind, counts in by_kind.items()
    }
    if json:
        print_json(rows)
        return
    for kind, counts in sorted(rows.items()):
        print(say("outbox.figures.line", kind=str(say(f"outbox.kind.{kind}")), **counts))
    if not rows:
        print(say("outbox.figures.none", days=days))
