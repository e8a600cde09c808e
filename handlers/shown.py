"""What is shown, not said, where a dialogue waits for it: a telephone number, a photo of a form on paper, or what more there
is to see of an emergency."""

from typing import Final

from handlers import emergency
from handlers.going_on import how_to_go_on
from handlers.interviewing import fill_in
from handlers.membership import numbers
from handlers.messages import MessageKind
from handlers.tables import OF_ALARMS
from handlers.turn import Turn
from storage.kept import NumberWanted, PaperWanted, Wanted
from storage.tables import InterviewRow

IN_EMERGENCY: Final = (MessageKind.LOCATION, MessageKind.PHOTO, MessageKind.OTHER, MessageKind.CONTACT)
"""What is told in an emergency besides words."""


async def take(turn: Turn, interview: InterviewRow | None, wanted: Wanted | None) -> bool:
    """Take what is shown if it is `wanted`; False if it is not."""
    if isinstance(wanted, NumberWanted) and turn.incoming.contact is not None:
        await numbers.on_words(turn)
        await how_to_go_on(turn, interview)
    elif is_paper(turn, interview, wanted):
        await fill_in.on_paper(turn)
    elif isinstance(wanted, OF_ALARMS) and turn.incoming.kind in IN_EMERGENCY:
        await emergency.on_more(turn)
    else:
        return False
    return True


def is_paper(turn: Turn, interview: InterviewRow | None, wanted: Wanted | None) -> bool:
    """Whether a photo is that of a form on paper: while a questionnaire is open it is an answer there."""
    return isinstance(wanted, PaperWanted) and interview is None and turn.incoming.kind is MessageKind.PHOTO
