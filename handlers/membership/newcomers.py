"""Tells two people that somebody became an officer whom they agreed on; both learn who it is, and can end it again."""

from handlers import acting
from handlers.buttons import choice
from handlers.messages import column
from handlers.navigation import ShowStaff
from handlers.turn import Turn
from handlers.wording import first_upper
from storage import invitations, places
from storage.tables import Invitation, Person


async def tell(turn: Turn, invitation: Invitation, person: Person) -> None:
    """Tell whoever asked for the invitation and whoever agreed; for any other invitation nobody is told."""
    agreed = await invitations.agreed_request(turn.session, invitation)
    unit = await turn.session.places.get(invitation.place_id)
    if agreed is None or unit is None:
        return
    deciders = filter(None, {agreed.asked_by, agreed.decided_by})
    for contact in acting.reachable(turn, await acting.chats_of(turn.session, deciders)):
        say = acting.words_for(contact, officer=True)
        name = person.name or say("due.somebody")
        text = say(
            "staff.joined", name=name, role=say(f"role.{invitation.role}"), place=places.own_name(unit)
        )
        look = choice(say("staff.button.show"), ShowStaff(unit.id))
        await acting.tell_once(turn, contact, f"staff-joined-{agreed.id}", [first_upper(text)], column(look))
