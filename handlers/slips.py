"""What was sent by mistake: an emergency that is open or was closed lately, or a report."""

from figures import due
from handlers import emergency_raised, wishes
from handlers.danger import beside_slip
from handlers.emergency_named import named_in, own_kinds
from handlers.hearing import Said, ask_more, waits_for_other
from handlers.named_form import speaks_of
from handlers.tables import OF_NO_DANGER
from handlers.turn import Turn
from questionnaires.questionnaire import Questionnaire
from storage.kept import MoreWanted
from storage.tables import InterviewRow


async def as_slip_of_report(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words that say that something was sent by mistake which only a questionnaire asks for, while an emergency
    is open or was closed lately.

    That is no false alarm. If the words may be about either, or the emergency is being told just now, the bot asks
    which.
    """
    if interview or waits_for_other(turn, said) or said.called in OF_NO_DANGER:
        return False
    if not await is_only_asked(turn, beside_slip(said.text)):
        return False
    if said.awaited_for(MoreWanted) or named_in(said.text, await emergency_raised.told_here(turn)):
        return await ask_more(turn, interview)
    await wishes.correct(turn)
    return True


async def is_only_asked(turn: Turn, slip: str) -> bool:
    """Whether what was a mistake is asked in a questionnaire, and is no emergency that is open or was closed lately.

    False if there is none such: then nothing has to be told apart.
    """
    if not slip:
        return False
    rows = (*await emergency_raised.told_here(turn), await emergency_raised.closed_last(turn))
    kinds = {row.kind for row in rows if row is not None}
    if not kinds or not kinds.isdisjoint(own_kinds(slip)):
        return False
    return speaks_of(slip, await forms_asked(turn))


async def forms_asked(turn: Turn) -> list[Questionnaire]:
    """Return the questionnaires that this person's places are asked."""
    own = await due.own_places(turn.view)
    return [one.form for one in await due.asked_of_all(turn.view, own)]
