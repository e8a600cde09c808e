"""Thay người: the officer of a commune gives a village another head.

One press ends the old head's rights and makes the invitation for the new one, in the same transaction: somebody who
was replaced, or whose phone was lost, can do nothing from then on. Until the new head has joined, the commune reports
for the village. The old head is told in their language that the role has ended and what stays; the commune's other
officers, that it was done. As long as the invitation is unused, one press takes all of it back.
"""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from handlers import codes, menu
from handlers.buttons import RowId, button
from handlers.menu import named
from handlers.messages import column
from handlers.navigation import OfPlace, ShowVillage
from handlers.turn import Turn
from handlers.wording import wording
from storage import facts, invitations, people, places, seats
from storage.tables import Invitation, Place, Role, RoleName


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the sentences, and the word in the audit, for one thing that may be done."""

    ask: str
    yes: str
    noted: str
    done: str


REPLACING: Final = Keys("replace.ask", "replace.yes", "head.replaced", "replace.done")
INVITING: Final = Keys("replace.ask_invite", "replace.yes_invite", "head.invited", "replace.invited")
"""A village without a head has nobody to replace: one is invited."""
DAYS: Final = 14
"""How long the new head's code is good for."""
HEAD: Final = RoleName.VILLAGE_HEAD


@button("f:i:{place}:0:{newest}")
class ReplaceHead(OfPlace):
    """Give the village another head; `newest` is the last role of a head as it was shown, 0 for none."""

    newest: RowId


@button("f:u:{place}:0:{invitation}")
class UndoReplacing(OfPlace):
    """Take that back, with the invitation that was made."""

    invitation: RowId


async def ask(turn: Turn, village: Place) -> None:
    """Show who is the head now, and what replacing them does."""
    heads = await seats.held(turn.session, village.id, HEAD)
    newest = heads[-1].id if heads else 0
    keys = REPLACING if heads else INVITING
    yes = named(turn.view, keys.yes, ReplaceHead(village.id, newest))
    no = named(turn.view, "replace.no", ShowVillage(village.id))
    text = turn.say(keys.ask, place=places.own_name(village), heads=await names_of(turn, heads))
    turn.reply(text, choices=column(yes, no))


async def names_of(turn: Turn, heads: list[Role]) -> str:
    """Return the heads' names; for one who gave none, since when they have been head."""
    names = []
    for role in heads:
        person = await people.get(turn.session, role.person_id)
        since = turn.say("replace.nameless", day=role.since.astimezone(turn.zone).date())
        name = person.name if person and person.name else str(since)
        names.append(str(turn.say("replace.deputy", name=name)) if role.ends_at else name)
    return ", ".join(names)


async def replace(turn: Turn, village: Place, newest: int) -> None:
    """End the present head's rights and make the new one's invitation. `newest`: the last head as it was shown."""
    heads = await seats.held(turn.session, village.id, HEAD)
    # Another officer may have replaced the head since this was shown.
    if (heads[-1].id if heads else 0) != newest:
        turn.reply(
            turn.say("replace.changed"),
            choices=column(named(turn.view, "replace.look", ShowVillage(village.id))),
        )
        return
    told = await seats.end(turn.session, heads, turn.now)
    await seats.withdraw_invitations(turn.session, village.id, HEAD, turn.now)
    code, row = await invitations.create(turn.session, village.id, HEAD, "", DAYS, turn.now)
    keys = REPLACING if heads else INVITING
    detail: dict[str, object] = {"ended": len(heads), "invitation": row.id}
    await codes.note(turn, keys.noted, f"place:{village.id}", detail)
    tell(turn, village, told, "replace.you_ended")
    if heads:
        await tell_colleagues(turn, village, "replace.colleague")
    bot = await facts.get(turn.session, facts.TELEGRAM_NAME)
    link = turn.say("replace.link", link=f"https://t.me/{bot}?start={code}") if bot else Markup()
    until = row.expires_at.astimezone(turn.zone).date()
    text = turn.say(keys.done, place=places.own_name(village), code=code, until=until) + link
    turn.reply(text, choices=column(named(turn.view, "replace.undo", UndoReplacing(village.id, row.id))))


async def undo(turn: Turn, village: Place, number: int) -> None:
    """Give the old head their role back and withdraw the invitation, unless it has been used."""
    row = await invitation_to(turn, village, number)
    if row is None:
        await menu.old_button(turn)
        return
    if over := key_of_end(row):
        turn.reply(turn.say(over))
        return
    await invitations.revoke(turn.session, row, turn.now)
    ended = await seats.ended(turn.session, village.id, HEAD, row.created_at)
    told = await seats.give_back(turn.session, ended)
    await seats.restore_invitations(turn.session, row)
    await codes.note(turn, "head.restored", f"place:{village.id}", {"invitation": number})
    tell(turn, village, told, "replace.you_again")
    if told:
        await tell_colleagues(turn, village, "replace.colleague_undone")
    key = "replace.undone" if told or not ended else "replace.undone_left"
    turn.reply(turn.say(key, place=places.own_name(village)))


async def invitation_to(turn: Turn, village: Place, number: int) -> Invitation | None:
    """The invitation with this id, locked, if it is for the village's head."""
    # Locked: the new head may be using it at this moment.
    row = await turn.session.get(Invitation, number, with_for_update=True)
    return row if row and (row.place_id, row.role) == (village.id, HEAD) else None


def key_of_end(invitation: Invitation) -> str:
    """Return the key of the sentence about an invitation that can no longer be taken back; "" if it can."""
    if invitation.used_at is not None:
        return "replace.too_late"
    return "replace.undone_before" if invitation.revoked_at is not None else ""


def tell(turn: Turn, village: Place, told: seats.ContactsOfRoles, key: str) -> None:
    """Tell the head, on each of their chats, in its language."""
    for _, chat in told:
        turn.reply(wording(chat.locale)(key, place=places.own_name(village)), to=chat.id)


async def tell_colleagues(turn: Turn, village: Place, key: str) -> None:
    """Tell the commune's other officers, naming nobody."""
    for officer in await people.officers_of(turn.session, village.id, RoleName.COMMUNE_OFFICER, turn.today):
        if turn.person is None or officer.person.id != turn.person.id:
            for chat in officer.contacts:
                say = wording(chat.locale, officer=True)
                turn.reply(say(key, place=places.own_name(village)), to=chat.id)
