"""`thonbao cost`: what a month will cost on the channels whose messages are paid for or numbered, before it is spent.

Reckoned from who takes part where, from what the schedule asks of them in that month, and from prices in a file. It is an
estimate from above for these: each report is answered question by question, and each letter finds its window closed. What
people ask besides is not foretold.
"""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.administration import ground_named, opened
from bot.channels.channel_settings import ChannelSettings
from bot.channels.registry import known_channels
from bot.libraries import library_of
from bot.printing import print_json, print_rows
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from figures.due import entries_of
from handlers.letters import Recipient, recipients
from handlers.library import Library
from handlers.viewer import Viewer
from storage.database import reading
from storage.session import Session

AROUND: Final = 4
"""Messages of a report beside one for each question: the list, the first question, the read-back, the receipt."""

Prices = Mapping[str, Mapping[str, int]]
"""For each channel its prices by name, in đồng."""


@dataclass
class Foretold:
    """A month on one channel. `price` is in đồng, estimated from above; None if it is not known."""

    channel: str
    people: int = 0
    answers: int = 0
    letters: int = 0
    parts: int = 0
    price: int | None = 0


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("cost")(cost)


def cost(
    only: Annotated[str, typer.Option("--only", help="a place, with everything below it")] = "",
    month: Annotated[str, typer.Option(help="a month such as 2026-12 (default: the next)")] = "",
    prices: Annotated[Path | None, typer.Option(help="prices in VND, as docs/vi-du/gia.toml")] = None,
    channel: Annotated[str, typer.Option(help="as if everybody used this channel: sms, zalo-oa …")] = "",
    json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Foretell what a month costs on each channel."""
    settings = load_settings()
    say = Teller(settings.locale)
    first = first_of(month, settings, say)
    told = asyncio.run(foretell(settings, say, first, only, prices_in(prices, say), of_name(channel, say)))
    if json:
        print_json([asdict(one) for one in told])
        return
    print_rows([heading(say), *(row_of(one, say) for one in told)])
    for sentence in (say("cost.asked_besides"), *warnings(told, settings, say)):
        print(sentence)


def first_of(month: str, settings: Settings, say: Teller) -> date:
    """The first day of a month as it was written, of the next one where none was. Raises WrongCall."""
    if not month:
        today = datetime.now(settings.zone).date()
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    try:
        return datetime.strptime(month.strip(), "%Y-%m").date()  # noqa: DTZ007 - a day
    except ValueError:
        raise WrongCall(say("cost.month", month=month)) from None


def of_name(channel: str, say: Teller) -> str:
    """A channel's name as it was written. Raises WrongCall if there is none of that name."""
    names = [known.name for known in known_channels()]
    if channel and channel not in names:
        raise WrongCall(say("cost.no_channel", channel=channel, channels=", ".join(names)))
    return channel


def prices_in(file: Path | None, say: Teller) -> Prices:
    """The prices of a file, none where none is named. Raises WrongCall."""
    if file is None:
        return {}
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        key = "cost.no_file" if isinstance(error, FileNotFoundError | IsADirectoryError) else "cost.prices"
        raise WrongCall(say(key, file=str(file), why=str(error.strerror))) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongCall(say("cost.prices", file=str(file), why=str(error))) from None
    for fault in faults_in(tables, say):
        raise WrongCall(say("cost.prices", file=str(file), why=fault))
    return tables


def faults_in(tables: Mapping[str, object], say: Teller) -> Iterator[str]:
    """What of the prices means nothing: a channel that there is none of, a price that is no amount of đồng."""
    names = [channel.name for channel in known_channels()]
    for channel, table in tables.items():
        if channel not in names or not isinstance(table, dict):
            yield say("cost.no_channel", channel=channel, channels=", ".join(names))
        else:
            yield from (say("cost.no_price", channel=channel, **told) for told in no_prices(table))


def no_prices(table: Mapping[str, object]) -> Iterator[dict[str, str]]:
    """What of a channel's prices is no amount of đồng, by its name."""
    for name, price in table.items():
        if type(price) is not int or price < 0:
            yield {"name": name, "price": str(price)}


async def foretell(
    settings: Settings, say: Teller, first: date, only: str, prices: Prices, all_on: str = ""
) -> list[Foretold]:
    """The month that begins on `first` on each channel that somebody uses or that is served, or as if everybody was on
    the channel `all_on`. Raises WrongCall."""
    library = library_of(settings)
    listed = [all_on] if all_on else [channel.name for channel in settings.served]
    told = {name: Foretold(name) for name in listed}
    async with opened(settings) as engine, reading(engine) as session:
        ground = await ground_named(session, only, first, say)
        last: int | None = 0
        while last is not None:
            some, last = await recipients(session, last, ground, library.costs)
            for recipient in some:
                name = all_on or recipient.contact.channel
                one = told.setdefault(name, Foretold(name))
                await count(one, session, library, recipient, first)
    known = settings.by_name
    return [priced(one, known.get(one.channel), prices.get(one.channel, {})) for one in told.values()]


async def count(one: Foretold, session: Session, library: Library, recipient: Recipient, first: date) -> None:
    """Add what one person gets in the month: an answer to each message of theirs, a reminder for each report, and a
    letter each week."""
    viewer = recipient.viewer(session, library, datetime(first.year, first.month, 1, tzinfo=library.zone))
    asked = [questions async for questions in asked_in(viewer, recipient.place_ids, first)]
    one.people += 1
    one.answers += sum(asked) + AROUND * len(asked)
    one.letters += len(asked) + mondays(first)


async def asked_in(viewer: Viewer, place_ids: Collection[int], first: date) -> AsyncIterator[int]:
    """For each report that these places are asked for in the month, how many questions it has."""
    for place_id in place_ids:
        place = await viewer.session.places.get(place_id)
        for entry in await entries_of(viewer, place) if place else ():
            opens = entry.opens(entry.period(last_of(first)))
            if (opens.year, opens.month) == (first.year, first.month):
                yield entry.questions


def last_of(first: date) -> date:
    """The last day of the month that begins on `first`."""
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def mondays(first: date) -> int:
    """How many Mondays a month has."""
    days = (last_of(first) - first).days + 1
    return sum((first + timedelta(days=day)).weekday() == 0 for day in range(days))


def priced(one: Foretold, channel: ChannelSettings | None, prices: Mapping[str, int]) -> Foretold:
    """The same with its parts and its price."""
    if channel is None:
        one.parts = one.answers + one.letters
    else:
        one.parts, one.price = channel.foretold(one.answers, one.letters, prices)
    return one


def heading(say: Teller) -> list[str]:
    return [
        say(f"cost.head.{name}") for name in ("channel", "people", "answers", "letters", "parts", "price")
    ]


def row_of(one: Foretold, say: Teller) -> list[str]:
    counts = (one.people, one.answers, one.letters, one.parts)
    price = say("cost.price_unknown") if one.price is None else say.wording.number(one.price)
    return [one.channel, *map(say.wording.number, counts), price]


def warnings(told: Collection[Foretold], settings: Settings, say: Teller) -> Iterator[str]:
    """A sentence for each channel whose price is not known, or whose limit for a month or a day is less than what was
    foretold."""
    known = settings.by_name
    for one in told:
        if one.price is None:
            yield say("cost.where_prices", channel=known[one.channel].title)
        for limit in known[one.channel].limits if one.channel in known else ():
            wanted = {"messages": one.parts, "parts": one.parts, "price": one.price or 0}[limit.unit]
            most = limit.most * {"day": 30, "month": 1}.get(limit.span, 0)
            if 0 < most < wanted:
                yield say("cost.too_much", channel=known[one.channel].title, wanted=wanted, most=most)
