"""What somebody consented to, kept so that it can be shown: the words, when, and by which message."""

from handlers.turn import Turn
from handlers.wording import catalogue
from storage import consents
from storage.tables import Person


def key_of(turn: Turn) -> str:
    """The words that ask for consent on this channel: a channel for few words has its own."""
    return "enrol.consent_brief" if turn.can.brief else "enrol.consent"


async def keep(turn: Turn, person: Person) -> None:
    """Keep that this person has just agreed."""
    # The words as they stand before roles and places are filled in: those lead to the person.
    text = str(catalogue(turn.locale)[key_of(turn)])
    person.consent_version = await consents.version_of(turn.session, turn.locale, text, turn.now)
    # If the platform does not name the message under a button, the press itself is the message of consent.
    person.consented_at, person.consent_message = turn.now, turn.incoming.message_ref or turn.incoming.key
    turn.session.add(person)
