"""How somebody becomes known: by an invitation's code, or by their own number on the commune's roster.

Nobody is enrolled without consenting here, in the chat, after reading what is kept, why, who sees it and how to leave.
Only then is the invitation used up, in the same transaction. Until then nothing is kept of them but the chat's address
and the open offer, with what they cried out under it. A stranger learns what this is and how to join, nothing else.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final, Literal, TypeVar

from markupsafe import Markup
from sqlmodel import col, select

from figures.access import OFFICERS
from handlers import alarms, codes, danger, menu
from handlers.buttons import Button, For, Part, Presses, RowId, button, choice
from handlers.membership import account, connect, consent, deputising, naming, newcomers
from handlers.menu import named
from handlers.messages import Capabilities, MessageKind, Rows, clip, column, row
from handlers.names import clean_name
from handlers.navigation import Command
from handlers.turn import Turn
from handlers.wording import wording
from questionnaires.answers import yes_or_no
from storage import invitations, people, roster
from storage.kept import EnrolmentOffer, Unheard
from storage.seats import ended_last
from storage.tables import Invitation, Person, RosterEntry

CRIED: Final = 300
"""So many letters of a cry are kept until its writer agrees."""
SEAT: Final = 34
"""How many letters of the place are shown where each letter costs money: with them the question fits into one SMS."""
pressed: Final = Presses()
OfferKey = Annotated[str, Part("[ir][0-9]{1,18}", 19, str)]


@button("e:w:{offer}:{person}", by=For.STRANGERS)
class TakenBy(Button):
    """Says who on this chat takes the offer."""

    offer: OfferKey
    person: RowId


@button("e:y:{offer}", by=For.STRANGERS)
class Agree(Button):
    """Consent."""

    offer: OfferKey


@button("e:n:{offer}", by=For.STRANGERS)
class Disagree(Button):
    """No consent."""

    offer: OfferKey


SOMEBODY_NEW: Final = 0
"""Instead of a person: the one who takes the offer was not known on this chat."""
NOT_ASKED: Final = -1
"""Instead of a person: others use this chat, and it was not asked yet who takes the offer."""


Source = TypeVar("Source", Invitation, RosterEntry)


class OfferedSeat:
    """A role at a place that an offer would give, with the row it comes from."""

    def __init__(self, source: Invitation | RosterEntry) -> None:
        self.source = source
        self.place_id = source.place_id
        self.role = source.role
        self.name = source.name
        self.ends_at = source.ends_at if isinstance(source, Invitation) else None


# --- what a stranger may do -----------------------------------------------------------------------------


async def on_stranger(turn: Turn) -> None:
    """Handle any message of somebody without a role: a code, a contact card, or anything else."""
    if cries_for_help(turn):
        await on_cry(turn)
    elif turn.incoming.kind is MessageKind.CONTACT:
        await on_contact(turn)
    elif turn.incoming.kind is MessageKind.TEXT and await on_code(turn, turn.incoming.text):
        return
    elif turn.screen.offer and not turn.person:
        await on_consent(turn, turn.screen.offer)
    elif not await expected(turn):
        await explain(turn)


async def on_cry(turn: Turn) -> None:
    """Answer a stranger's cry for help."""
    if not await cried_under_offer(turn):
        await explain(turn)


async def expected(turn: Turn) -> bool:
    """Open the offer of somebody who is expected under the number that wrote; False if nobody is."""
    entries = await of_number(turn)
    if entries:
        await present(turn, f"r{entries[0].id}", [entry.id for entry in entries])
    return bool(entries)


async def of_number(turn: Turn) -> Sequence[RosterEntry]:
    """Return the entries of the roster with the number that wrote, where the channel knows it."""
    return await roster.match(turn.session, turn.incoming.address) if turn.can.knows_number else []


async def cried_under_offer(turn: Turn) -> bool:
    """Keep a cry for help of somebody who only has to agree, say that it reached nobody, and ask for consent.

    False if nothing is offered to them.
    """
    offer, entries = turn.screen.offer, await of_number(turn)
    if turn.person is not None or not (offer or entries):
        return False
    turn.reply(turn.say("enrol.in_danger_offered"))
    if offer:
        await present(turn, offer.key, offer.rows)
    else:
        await expected(turn)
    if offered := turn.screen.offer:
        cried = " ".join(f"{offered.cried} {turn.incoming.text}".split())[:CRIED]
        turn.remember(offer=replace(offered, cried=cried))
    return True


async def start(turn: Turn) -> None:
    """Handle /start, alone or with the code of a deep link."""
    rest = turn.incoming.text.partition(" ")[2]
    if rest and await on_code(turn, rest):
        return
    if turn.roles:
        await menu.show(turn)
    else:
        await explain(turn)


async def type_code(turn: Turn) -> None:
    """Handle /ma CODE: join, or take a further role, in the middle of anything."""
    rest = turn.incoming.text.partition(" ")[2]
    if not rest or not await on_code(turn, rest):
        turn.reply(turn.say("enrol.how_code"))


async def on_code(turn: Turn, text: str) -> bool:
    """Try the code in `text`; without a reply False if there is nothing like one."""
    typed = codes.connecting_in(text) or codes.invitation_in(text)
    if typed is None:
        return tell_misspelt(turn, text)
    until = codes.wait_until(turn)
    if until:
        turn.reply(turn.say("enrol.code.wait", until=until))
    elif isinstance(typed, tuple):
        await connect.redeem(turn, *typed)
    else:
        await try_invitation(turn, typed)
    return True


def tell_misspelt(turn: Turn, text: str) -> bool:
    """Say how a code is written, if somebody seems to have tried one; without a reply False for other words."""
    misspelt = codes.misspelt(text)
    if misspelt:
        turn.reply(turn.say("enrol.code.misspelt"))
    return misspelt


def cries_for_help(turn: Turn) -> bool:
    """Whether this calls for help: in words, by the command, or by the menu's button."""
    return danger.cried_by_anybody(turn.incoming.text or turn.incoming.press)


async def explain(turn: Turn) -> None:
    """Tell an unknown person who this is and how to join, and whom to call in danger; nothing else."""
    if cries_for_help(turn):
        turn.reply(turn.say("enrol.in_danger"))
        return
    others = await people.people_of(turn.session, turn.contact.id)
    if others and not turn.person:
        await account.choose_person(turn)
        return
    if turn.person is not None and await tell_over(turn, turn.person):
        return
    turn.reply(turn.say(stranger_sentence(turn.can)), ask_for=own_contact(turn))


async def tell_over(turn: Turn, person: Person) -> bool:
    """Say that somebody's roles have ended, and what they can still do; without a reply False if they had none."""
    # A deputy's time may be over a little before the role is ended by itself.
    over = await ended_last(turn.session, person.id) or await people.roles_of(turn.session, person.id)
    if not over:
        return False
    at = over[0].over_at or turn.now
    me = named(turn.view, "menu.button.toi", Command("toi"))
    key = "enrol.over_brief" if turn.can.brief else "enrol.over"
    say = wording(turn.locale, officer=over[0].role in OFFICERS)
    turn.reply(say(key, day=at.astimezone(turn.zone).date()), actions=column(me))
    return True


def stranger_sentence(can: Capabilities) -> str:
    """The sentence that says how to join on a channel."""
    if can.brief:
        return "enrol.stranger_brief"
    return "enrol.stranger_share" if can.shares_contact else "enrol.stranger"


def own_contact(turn: Turn) -> Literal["contact", ""]:
    """Return what is asked for on a channel whose button shares one's own number."""
    return "contact" if turn.can.shares_contact else ""


async def try_invitation(turn: Turn, code: str) -> None:
    """Open the offer of an invitation, or say why it cannot be used."""
    invitation = await invitations.find(turn.session, code, turn.now)
    if invitation is None:
        await codes.answer_wrong(turn)
    elif isinstance(invitation, Invitation):
        if not await codes.is_proposers(turn, invitation):
            await present(turn, f"i{invitation.id}", [invitation.id])
    # The link of an invitation stands in the chat and is pressed again: that is no wrong code.
    elif invitation == "used" and await used_by_me(turn, code):
        await menu.show(turn, turn.say("enrol.already"))
    else:
        await codes.note(turn, "code.refused", detail={"reason": str(invitation)})
        turn.reply(turn.say(f"enrol.code.{invitation}"))


async def used_by_me(turn: Turn, code: str) -> bool:
    """Whether this very person used the code: somebody who opens their invitation's link again."""
    chosen = select(Invitation.used_by).where(Invitation.code_hash == invitations.hash_of(code))
    return turn.person is not None and (await turn.session.exec(chosen)).first() == turn.person.id


async def on_contact(turn: Turn) -> None:
    """Take a contact card: only the sender's own, proven by the platform, opens an offer."""
    card = turn.incoming.contact
    # Anybody's card can be passed on; only the platform says that this one is the sender's.
    if card is None or not card.own:
        await codes.note(turn, "contact.not_own")
        turn.reply(turn.say("enrol.contact.not_own"), ask_for=own_contact(turn))
        return
    entries = await roster.match(turn.session, card.phone)
    if not entries:
        await codes.note(turn, "contact.unknown")
        turn.reply(turn.say("enrol.contact.known" if turn.roles else "enrol.contact.unknown"))
        return
    await present(turn, f"r{entries[0].id}", [entry.id for entry in entries])


# --- the offer and the consent --------------------------------------------------------------------------


async def seats(turn: Turn, offer: EnrolmentOffer, lock: bool = False) -> list[OfferedSeat]:
    """Return the roles that `offer` still gives; empty if it was used up or withdrawn meanwhile."""
    if offer.key.startswith("i"):
        invited = await sources(turn, Invitation, offer.rows, lock)
        return [OfferedSeat(seat) for seat in invited if invitations.state_of(seat, turn.now) is None]
    return [OfferedSeat(entry) for entry in await sources(turn, RosterEntry, offer.rows, lock)]


async def sources(turn: Turn, table: type[Source], ids: Sequence[int], lock: bool) -> list[Source]:
    """The rows of `table` with these ids; locked, they are read again as other processes left them."""
    chosen = select(table).where(col(table.id).in_(ids)).order_by(col(table.id))
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    return list(await turn.session.exec(chosen))


async def present(turn: Turn, key: str, rows: Sequence[int]) -> None:
    """Open an offer: ask first who takes it, if somebody uses this chat already, then for consent."""
    turn.expect(None)
    known, before = await people.people_of(turn.session, turn.contact.id), turn.screen.offer
    offer = EnrolmentOffer(key=key, rows=tuple(rows), who=NOT_ASKED if known else SOMEBODY_NEW)
    if before:
        offer = replace(offer, cried=before.cried)
    turn.remember(offer=offer)
    if not known:
        await ask_consent(turn, offer)
        return
    names = [(person.id, await account.label(turn, person)) for person in known]
    choices = [choice(turn.say("enrol.me", name=name), TakenBy(key, number)) for number, name in names]
    other = named(turn.view, "enrol.somebody_else", TakenBy(key, SOMEBODY_NEW))
    text = turn.say("enrol.who", places=await listed(turn, await seats(turn, offer)))
    turn.reply(text, choices=column(*choices, other))


async def listed(turn: Turn, offered: list[OfferedSeat]) -> Markup:
    """A line for each seat: trưởng thôn, thôn Nà Hin, xã Vĩnh Thông."""
    lines = []
    for seat in offered:
        name = await turn.session.places.full_name_of(seat.place_id, turn.today)
        lines.append(turn.say("enrol.seat", role=turn.say(f"role.{seat.role}"), place=name))
        if seat.ends_at is not None:
            last = deputising.last_day(turn.zone, seat.ends_at)
            lines.append(turn.say("deputy.offered", day=last))
    return Markup("\n").join(lines)


async def in_short(turn: Turn, offered: list[OfferedSeat]) -> str:
    """Return the first seat's place in few letters, and how many more there are: thôn Nà Hin, xã Vĩnh Thông (+1)."""
    first = offered[0]
    name = await turn.session.places.full_name_of(first.place_id, turn.today)
    return seat_in_short(name, f" (+{len(offered) - 1})" if len(offered) > 1 else "")


def seat_in_short(name: str, more: str) -> str:
    """Return the first two units of a full name with `more` behind, the first one cut where both are too long: the second
    says whose message it is."""
    place, *above = name.split(", ")[:2]
    behind = "".join(f", {unit}" for unit in above) + more
    room = SEAT - len(behind)
    # As SMS, the mark of what was cut is three letters long.
    return (place if len(place) <= room else clip(place, max(room - 2, 1))) + behind


async def ask_consent(turn: Turn, offer: EnrolmentOffer) -> None:
    """Say what is kept, why, who sees it, how to leave; ask for consent."""
    offered = await seats(turn, offer)
    if not offered:
        turn.remember(offer=None)
        turn.reply(turn.say("enrol.gone"))
        return
    asked = consent.key_of(turn)
    if turn.can.brief:
        turn.reply(turn.say(asked, seat=await in_short(turn, offered)))
    else:
        text = turn.say(asked, places=await listed(turn, offered))
        turn.reply(text, choices=consent_buttons(turn, offer.key))


async def on_consent(turn: Turn, offer: EnrolmentOffer) -> None:
    """Take a plain typed yes or no under the offer; ask again for anything else."""
    text = turn.incoming.text if turn.incoming.kind is MessageKind.TEXT and not turn.stray else ""
    yes = yes_or_no(text, turn.today)
    if yes is None:
        await ask_consent(turn, offer)
    elif yes:
        await agree(turn, offer)
    else:
        await disagree(turn)


def consent_buttons(turn: Turn, key: str) -> Rows:
    yes = named(turn.view, "enrol.agree", Agree(key))
    no = named(turn.view, "enrol.disagree", Disagree(key))
    return row(yes, no)


@pressed.on(naming.SkipName)
async def on_skip(turn: Turn, _: naming.SkipName) -> None:
    await (naming.skip if turn.roles else explain)(turn)


@pressed.on(TakenBy, Agree, Disagree)
async def on_offer(turn: Turn, button: TakenBy | Agree | Disagree) -> None:
    """Handle a button of the open offer, or of one that is no longer open."""
    offer = turn.screen.offer
    if not offer or offer.key != button.offer:
        await stale(turn)
        return
    match button:
        case TakenBy():
            await choose_who(turn, offer, button.person)
        case Agree():
            await agree(turn, offer)
        case Disagree():
            await disagree(turn)


async def stale(turn: Turn) -> None:
    """Answer a consent button whose offer is no longer open: a second tap, or an older message."""
    if turn.roles:
        await menu.show(turn, turn.say("enrol.already"))
    else:
        turn.reply(turn.say("enrol.stale"))


async def choose_who(turn: Turn, offer: EnrolmentOffer, who: int) -> None:
    """Let `who` on this chat take the offer: the id of a person it knows, or SOMEBODY_NEW."""
    if who not in (
        SOMEBODY_NEW,
        *(person.id for person in await people.people_of(turn.session, turn.contact.id)),
    ):
        await stale(turn)
        return
    offer = replace(offer, who=who)
    if who != SOMEBODY_NEW and not await lacking(turn, who, await seats(turn, offer)):
        await nothing_new(turn, offer)
        return
    turn.remember(offer=offer)
    await ask_consent(turn, offer)


async def nothing_new(turn: Turn, offer: EnrolmentOffer) -> None:
    """Say that the person already holds all of it: a code stays for somebody else, a number on the roster is erased."""
    turn.remember(offer=None)
    if offer.key.startswith("i"):
        turn.reply(turn.say("enrol.has_role"))
        return
    for entry in await sources(turn, RosterEntry, offer.rows, lock=True):
        await turn.session.delete(entry)
    turn.reply(turn.say("enrol.contact.known"))


async def lacking(turn: Turn, person_id: int, offered: list[OfferedSeat]) -> list[OfferedSeat]:
    """The seats that this person does not hold yet, or not for so long."""
    roles = await people.roles_of(turn.session, person_id)
    held = {(role.place_id, role.role): role.ends_at for role in roles}
    return [
        seat
        for seat in offered
        if (key := (seat.place_id, seat.role)) not in held
        or people.later(held[key], seat.ends_at) != held[key]
    ]


async def disagree(turn: Turn) -> None:
    """Take the lack of consent: nothing is kept, and the invitation stays usable."""
    turn.remember(offer=None)
    await codes.note(turn, "consent.refused")
    turn.reply(turn.say("enrol.refused"))


async def agree(turn: Turn, offer: EnrolmentOffer) -> None:
    """Take consent: enrol, use up the invitation, and welcome, in one transaction."""
    if offer.who == NOT_ASKED:
        await present(turn, offer.key, offer.rows)
        return
    # Locked: a code that is pressed on two phones at once enrols one person.
    offered = await seats(turn, offer, lock=True)
    turn.remember(offer=None)
    if not offered:
        turn.reply(turn.say("enrol.gone"))
        return
    person = await take_all(turn, offered, offer.who)
    if person is None:
        await stale(turn)
        return
    codes.right(turn)
    await consent.keep(turn, person)
    await account.speak_as(turn, person)
    await welcome(turn)
    await alarms.alert_newcomer(turn)
    if offer.cried:
        turn.remember(unheard=Unheard(offer.cried, turn.now))


async def take_all(turn: Turn, offered: Sequence[OfferedSeat], who: int) -> Person | None:
    """Give some seats to this person of the chat; else the first enrols somebody new, who is then given the others."""
    known = {person.id: person for person in await people.people_of(turn.session, turn.contact.id)}
    person = known.get(who)
    for seat in offered:
        person = await take(turn, seat, person)
    return person


async def take(turn: Turn, seat: OfferedSeat, person: Person | None) -> Person:
    """Give one seat to `person` (None: to somebody new) and use up what it came from."""
    if person is None:
        name = clean_name(seat.name)
        # An interview that is open on this phone is somebody else's.
        turn.contact.interview_id = None
        person = await people.enrol(
            turn.session, turn.contact, seat.place_id, seat.role, name, turn.now, seat.ends_at
        )
    else:
        await people.add_role(turn.session, person.id, seat.place_id, seat.role, turn.now, seat.ends_at)
    if isinstance(seat.source, Invitation):
        await newcomers.tell(turn, seat.source, person)
        await invitations.use(turn.session, seat.source, person.id, turn.now)
    else:
        await turn.session.delete(seat.source)
    await turn.session.flush()
    turn.person = person
    await codes.note(turn, "enrolled", f"place:{seat.place_id}", {"role": seat.role})
    await deputising.joined(turn, seat.place_id, seat.role, person, seat.ends_at)
    return person


async def welcome(turn: Turn) -> None:
    """Thank, ask for a name if none is known (it may be left out), and show what can be done."""
    if turn.person and turn.person.name:
        await naming.greet(turn, turn.person.name)
    else:
        naming.ask(turn)


async def join_again(turn: Turn) -> bool:
    """Take a message that is nothing but a printed code, from somebody enrolled: a further role."""
    return codes.written_as_code(turn.incoming.text) and await on_code(turn, turn.incoming.text)
