"""Whether an officer's words only name what can be asked about: a place, or a topic."""

from figures import access
from figures.ground import ground_of
from handlers.turn import Turn
from handlers.vocabulary import WHY
from queries.understand import understand
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of, without_marks
from questionnaires.one_change import says_wrong


async def names_topic(turn: Turn, text: str) -> bool:
    """Whether an officer's `text` is understood as a question by itself, if only as a place or a topic, and neither says
    why something is so nor that it is wrong: "thôn Lủng Cháng", "so với kế hoạch"."""
    if says_wrong(text) or WHY.first_in(without_marks(tokens_of(clean(text)))) is not None:
        return False
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if ground is None:
        return False
    words = (ground.dictionary, ground.gazetteer, ground.asker)
    return understand(text, *words, turn.today).status == "answer"
