"""Which button a text presses, by what is open: a dialogue, an interview, or neither.

How a text spells a button is in `handlers.typed`.
"""

from handlers import emergency, open_alarms
from handlers.hearing import Said
from handlers.membership import naming
from handlers.tables import LISTING, OF_ALARMS
from handlers.turn import Turn
from handlers.typed import WAYS_OUT, button_typed, is_number, is_short, letter_typed, wants_number
from storage.kept import WhichEmergencyWanted
from storage.tables import InterviewRow


async def button_meant(turn: Turn, interview: InterviewRow | None, said: Said) -> str | None:
    """Return the data of the button that is typed. In an interview a number may be an answer."""
    if said.dialogue is not None:
        return await in_dialogue(turn, said)
    numbers = chooses(turn, said) and not await wants_number(turn, interview)
    typed = button_typed(turn, said.text, numbers)
    if typed is not None:
        return typed
    outside = interview is None and not turn.can.buttons
    way = WAYS_OUT.get(said.text.strip()) if outside else None
    return str(way) if way is not None else await under_letter(turn, interview, said)


async def in_dialogue(turn: Turn, said: Said) -> str | None:
    """Return the data of the button that is typed in a dialogue, where a number is words unless the bot asks with a list."""
    listed = is_number(turn, said.text) and isinstance(said.wanted, LISTING)
    typed = button_typed(turn, said.text, listed) or naming.agreed(turn, said.text)
    return typed or await way_out(turn, said) or await letter_typed(turn, said.text)


async def way_out(turn: Turn, said: Said) -> str | None:
    """Return the menu or help for a 0 or 9 while an emergency is told, unless a number is wanted there."""
    way = WAYS_OUT.get(said.text.strip()) if is_number(turn, said.text) else None
    if way is None or not isinstance(said.wanted, OF_ALARMS) or await emergency.wants_number(turn):
        return None
    return str(way)


async def under_letter(turn: Turn, interview: InterviewRow | None, said: Said) -> str | None:
    """Return the data of the button under a letter. Where it can be pressed, words in an interview are an answer."""
    of_letter = said.called is None and (interview is None or not turn.can.buttons)
    return await letter_typed(turn, said.text) if of_letter else None


def chooses(turn: Turn, said: Said) -> bool:
    """Whether the text may choose from a list: a number, also when the bot asks which emergency is meant."""
    which = isinstance(said.wanted, WhichEmergencyWanted) or open_alarms.is_listed(turn)
    asked = which and turn.contact.interview_id is None and is_short(said.text)
    return asked or is_number(turn, said.text)
