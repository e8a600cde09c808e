"""An officer's words that ask to remind one village: "nhắc thôn Bản Sáo nộp phiếu nước".

Words alone remind nobody: the village is shown, with the button that reminds its head.
"""

from typing import Final

from figures import access
from figures.coverage import officers_villages
from handlers.buttons import choice
from handlers.messages import column
from handlers.navigation import ShowVillage
from handlers.officers import overview
from handlers.turn import Turn
from handlers.vocabulary import REMINDING
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from storage import places
from storage.tables import Place, RoleName

NEAR: Final = 4
"""How many of the first words are searched for the wish to remind."""


async def wanted(turn: Turn, text: str) -> bool:
    """Show the village that `text` wants reminded, or those it may be; False for other words."""
    if not access.holds(turn.view, RoleName.COMMUNE_OFFICER) or not says_remind(text):
        return False
    meant = await named_in(turn, f" {fold(text)} ")
    if len(meant) == 1:
        await overview.show_place(turn, meant[0])
    elif meant:
        buttons = (choice(places.own_name(village), ShowVillage(village.id)) for village in meant)
        turn.reply(turn.say("officer.which"), choices=column(*buttons))
    return bool(meant)


def says_remind(text: str) -> bool:
    """Whether `text` begins with a wish to remind somebody."""
    tokens = tokens_of(clean(text[:100]))
    return any(REMINDING.at(tokens, place) for place in range(min(NEAR, len(tokens))))


async def named_in(turn: Turn, said: str) -> list[Place]:
    """Return the villages of this officer's communes whose name is in `said`, which is folded."""
    return [village for village in await officers_villages(turn.view) if places.is_named_in(village, said)]
