"""`thonbao invite`: one-time codes as text, as Telegram links, and on a sheet to print and cut."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bot.administration import opened, place_named, role_given, today
from bot.invitation_sheet import Card, write_sheet
from bot.option_types import LARGEST_ID
from bot.printing import local, print_json, print_rows
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from storage import audit, awaited, facts, invitations, namesakes, roster
from storage.database import reading, writing
from storage.session import Session
from storage.tables import Invitation, Level, Place, RoleName

BOT_NAME: Final = r"(@?[A-Za-z0-9_]{5,32})?"
"""What Telegram lets a bot be called; nothing: what the service has learnt of its name."""
NAMED: Final = 5
"""Of how many places a note tells the names."""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("invite")(invite)


def invite(
    role: Annotated[str, typer.Option(help="truong-thon, can-bo-xa, can-bo-huyen, can-bo-tinh …")] = "",
    place: Annotated[str, typer.Option(help="for this place: a name, a code or #id")] = "",
    under: Annotated[
        str, typer.Option(help="make one code for each place of the role's level below this one")
    ] = "",
    name: Annotated[str, typer.Option(help="whom it is meant for; forgotten once used")] = "",
    days: Annotated[int, typer.Option(min=1, max=365, help="how long it is good for")] = 14,
    sheet: Annotated[Path | None, typer.Option(help="write a page with QR codes to print (.html)")] = None,
    bot: Annotated[str, typer.Option(help="the bot's Telegram name, for links")] = "",
    listing: Annotated[bool, typer.Option("--list", help="the invitations so far, without codes")] = False,
    revoke: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, help="make the invitation with this number unusable")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Invitations: one-time codes for a role at a place. A code is shown only now."""
    settings = load_settings()
    if listing:
        asyncio.run(list_invitations(settings, json))
    elif revoke is not None:
        asyncio.run(revoking(settings, revoke, json))
    else:
        check_words(Teller(settings.locale), role, place, under, name, bot, sheet)
        made = asyncio.run(inviting(settings, role, place, under, name, days, bot))
        put_out(settings, made.cards, sheet, as_json=json)
        if not json:
            for note in made.notes(name, Teller(settings.locale)):
                print(note)


def check_words(
    say: Teller, role: str, place: str, under: str, name: str, bot: str, sheet: Path | None
) -> None:
    """Pass silently if invitations can be made of these words. Raises WrongCall."""
    if not role or bool(place) == bool(under):
        raise WrongCall(say("admin.invite.how"))
    if under and name:
        raise WrongCall(say("admin.invite.one_name"))
    if not re.fullmatch(BOT_NAME, bot):
        raise WrongCall(say("admin.invite.wrong_bot", bot=bot))
    if sheet is not None:
        check_sheet(say, sheet)


def check_sheet(say: Teller, sheet: Path) -> None:
    """Pass silently if a page of cards may be written there. Raises WrongCall."""
    # Codes that were handed out are not written over.
    if sheet.suffix.lower() != ".html" or sheet.exists():
        raise WrongCall(say("admin.invite.sheet_name", file=str(sheet)))
    # A folder is not made: a mistyped path would leave a page of codes where nobody looks for it.
    if not sheet.parent.is_dir():
        raise WrongCall(say("admin.invite.no_folder", folder=str(sheet.parent)))


@dataclass
class InvitationsMade:
    """What was made, and what somebody should look at."""

    cards: list[Card] = field(default_factory=list)
    earlier: list[int] = field(default_factory=list)
    """The numbers of other invitations that can still be used there for the same role."""
    known_as: list[namesakes.As] = field(default_factory=list)
    """As what the name was known at the place before."""
    taken: list[int] = field(default_factory=list)
    """The ids of places where somebody is expected in the role by a phone number, or holds it."""

    def notes(self, name: str, say: Teller) -> Iterator[str]:
        """The same in sentences."""
        if self.earlier:
            yield say("admin.invite.again", numbers=", ".join(f"#{number}" for number in self.earlier))
        if self.known_as:
            ways = ", ".join(say(f"admin.people.how.{way}") for way in self.known_as)
            yield say("admin.invite.same_name", name=name, ways=ways)
        elif self.taken:
            yield self.note_on_taken(say)

    def note_on_taken(self, say: Teller) -> str:
        """Where somebody may be invited who is known already; of many places the first."""
        places = [card.place for card in self.cards if card.place_id in self.taken]
        more = [f"+{len(places) - NAMED}"] if len(places) > NAMED else []
        role = say(f"role.{self.cards[0].role}")
        return say("admin.invite.taken", role=role, places="; ".join([*places[:NAMED], *more]))


async def inviting(
    settings: Settings, role: str, place: str, under: str, name: str, days: int, bot: str
) -> InvitationsMade:
    """Make the invitations, in one transaction."""
    say, day, now = Teller(settings.locale), today(settings), datetime.now(UTC)
    wanted = role_given(role, say)
    async with opened(settings) as engine, writing(engine) as session:
        root = await place_named(session, place or under, day, say)
        chosen = await places_for(session, wanted, root, day, below=bool(under))
        if not chosen:
            full_name = await session.places.full_name(root, day)
            raise WrongCall(say("admin.invite.no_place", role=say(f"role.{wanted}"), place=full_name))
        if name and len(chosen) > 1:
            raise WrongCall(say("admin.invite.one_name"))
        names = await session.places.full_names(chosen, day)
        # Known once the service has signed in; before that a link would lead nowhere.
        bot = bot.removeprefix("@") or await facts.get(session, facts.TELEGRAM_NAME)
        open_still = await awaited.open_invitations(session, wanted, [where.id for where in chosen], now)
        made = InvitationsMade(earlier=[invitation.id for invitation in open_still])
        made.taken = sorted(await awaited.taken(session, wanted, [where.id for where in chosen], now))
        if name:
            made.known_as = list((await namesakes.known(session, now))[namesakes.name_at(name, root.id)])
        for where, full_name in zip(chosen, names, strict=True):
            code, row = await invitations.create(session, where.id, wanted, name, days, now)
            link = f"https://t.me/{bot}?start={code}" if bot else ""
            expires = row.expires_at.astimezone(settings.zone).date()
            made.cards.append(Card(row.id, code, link, wanted, where.id, full_name, name, expires))
        await audit.record(
            session,
            "invitations.made",
            None,
            None,
            f"place:{root.id}",
            {"count": len(made.cards), "role": wanted},
        )
    return made


async def places_for(
    session: Session, role: RoleName, root: Place, day: date, *, below: bool
) -> Sequence[Place]:
    """The places that get an invitation: `root`, or all of the role's level below it; none where the role fits none.

    For village heads a commune means its villages, however it was named.
    """
    heads_of_commune = role == RoleName.VILLAGE_HEAD and root.level == Level.COMMUNE
    if not (below or heads_of_commune):
        return [root] if roster.fits(role, root) else []
    level = roster.LEVELS.get(role)
    return await session.places.below(root.id, level, day) if level else []


def put_out(settings: Settings, cards: list[Card], sheet: Path | None, *, as_json: bool) -> None:
    """Print the codes; write the sheet if one is wanted."""
    say = Teller(settings.locale)
    if sheet is not None:
        write_sheet(sheet, cards, say.wording)
    if as_json:
        print_json([card.to_json() for card in cards])
    else:
        print("\n".join(lines_of(cards, sheet, say)))


def lines_of(cards: Sequence[Card], sheet: Path | None, say: Teller) -> Iterator[str]:
    """The codes, each with its link; until when they are good; and where they stand besides."""
    for card in cards:
        yield say("admin.invite.line", code=card.code, role=say(f"role.{card.role}"), place=card.place)
        if card.link:
            yield f"  {card.link}"
    yield say("admin.invite.good_until", day=cards[0].expires)
    if sheet is not None:
        yield say("admin.invite.sheet", file=str(sheet))
    if not cards[0].link:
        yield say("admin.invite.no_bot")


async def list_invitations(settings: Settings, as_json: bool) -> None:
    say, now = Teller(settings.locale), datetime.now(UTC)
    async with opened(settings) as engine, reading(engine) as session:
        rows = await invitations.listed(session)
        names = await session.places.names_of([row.place_id for row in rows], today(settings))
    if as_json:
        print_json([invitation_json(row, names[row.place_id], now, settings.zone) for row in rows])
    else:
        print_rows([invitation_row(row, names[row.place_id], now, say) for row in rows])


def invitation_row(row: Invitation, place: str, now: datetime, say: Teller) -> Sequence[str]:
    """An invitation as a line, without its code, which nobody knows any more."""
    state = invitations.state_of(row, now) or "open"
    return f"#{row.id}", say(f"admin.invite.state.{state}"), say(f"role.{row.role}"), place


def invitation_json(row: Invitation, place: str, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "id": row.id,
        "state": invitations.state_of(row, now) or "open",
        "role": row.role,
        "place_id": row.place_id,
        "place": place,
        "expires_at": local(row.expires_at, zone),
    }


async def revoking(settings: Settings, number: int, as_json: bool) -> None:
    say, now = Teller(settings.locale), datetime.now(UTC)
    async with opened(settings) as engine, writing(engine) as session:
        row = await session.get(Invitation, number)
        if row is None or row.used_at is not None:
            key = "unknown" if row is None else "used_already"
            raise WrongCall(say(f"admin.invite.{key}", number=str(number)))
        await invitations.revoke(session, row, now)
        await audit.record(session, "invitation.revoked", None, None, f"invitation:{number}")
    if as_json:
        print_json({"id": number, "state": "revoked"})
    else:
        print(say("admin.invite.revoked", number=str(number)))
