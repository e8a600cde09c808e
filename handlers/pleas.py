"""Somebody in danger urges: nobody has come, people are still trapped. However long ago the emergency was raised, that is
about it.

Hours after the last words nothing else written is taken for more of it. A plea is: it goes to those who answer for it
at once, and whoever wrote it reads who has it, or that nobody has.
"""

from typing import Final

from markupsafe import Markup

from handlers import alarms, emergency_raised, open_alarms
from handlers.danger import LONGEST, SAID
from handlers.emergency_details import LONGEST as MOST_TOLD
from handlers.emergency_more import as_told, send_on, tell_raiser
from handlers.emergency_named import named_in
from handlers.going_on import how_to_go_on
from handlers.hearing import Said, may_be_more
from handlers.turn import Turn
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of, without_marks
from storage.kept import MoreWanted
from storage.tables import Emergency, InterviewRow

PLEADING: Final = SAID.flags("pleading")
"""What people write who wait for help."""
FEWEST: Final = 3
"""The fewest words of a plea."""


async def take(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Pass on a plea about the emergency of the writer that is open, if none was told of for hours."""
    if said.dialogue is not None or not is_plea(said.text):
        return False
    row = await waiting(turn)
    if row is None or (interview is not None and not await may_be_more(turn, interview, said.text)):
        return False
    await pass_on(turn, row)
    await how_to_go_on(turn, interview)
    return True


async def pass_on(turn: Turn, row: Emergency) -> None:
    """Pass the plea on as more of this emergency, and say who has it."""
    emergency_raised.listen(turn, MoreWanted(row.id))
    await send_on(turn, row, "words", " ".join(turn.incoming.text.split())[:MOST_TOLD])
    key = await as_told(turn, row, "emergency.passed_on")
    text = turn.say(key, **emergency_raised.named(turn, row))
    if key != "emergency.passed_on":
        text = await alarms.with_numbers(turn.session, row, turn.today, turn.say, text)
    tell_raiser(turn, row, Markup("\n").join([text, await open_alarms.holder(turn, row)]))


def is_plea(text: str) -> bool:
    """Whether `text` urges those who were to help. Fewer words, as most answers are, are not looked at."""
    return len(text.split()) >= FEWEST and PLEADING.stands_in(without_marks(tokens_of(clean(text[:LONGEST]))))


async def waiting(turn: Turn) -> Emergency | None:
    """Return the writer's emergency that a plea is about, if all were last told of hours ago: of several the one that it
    names, else the newest that nobody has, else the newest."""
    rows = await emergency_raised.raised(turn)
    if not rows or await emergency_raised.told_last(turn) is not None:
        return None
    unanswered = [row for row in rows if row.acknowledged_at is None]
    return named_in(turn.incoming.text, rows) or (unanswered or rows)[-1]
