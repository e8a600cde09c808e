"""Words that sounded like a cry and were none: they are taken for what they were meant for."""

from dataclasses import replace

from handlers import laid_aside
from handlers.hearing import takes
from handlers.interviewing import fill_in
from handlers.membership import naming
from handlers.messages import FileRef, MessageKind
from handlers.names import clean_name
from handlers.tables import DIALOGUES
from handlers.turn import Turn
from storage.kept import CryWanted, LaidAside, NameWanted, PaperWanted
from storage.tables import InterviewRow


async def was_answer(turn: Turn, interview: InterviewRow, asked: CryWanted) -> bool:
    """Whether what was no cry is for the interview: it takes any words, or surely takes this as an answer."""
    if await fill_in.hears_words(turn, interview):
        return True
    return not asked.gathered and await takes(turn, interview, asked.words, surely=not asked.about)


async def as_wanted(turn: Turn, asked: CryWanted, laid: LaidAside) -> None:
    """Take what was no cry for what had been asked for: the words, or the photo of a paper form."""
    laid_aside.wait_again(turn, laid)
    turn.hear(asked.words if asked.gathered else laid.words)
    if isinstance(laid.wanted, PaperWanted) and asked.photos:
        photo = FileRef(asked.photos[0].ref, asked.photos[0].size)
        turn.incoming = replace(turn.incoming, kind=MessageKind.PHOTO, photo=photo)
    name = clean_name(turn.incoming.text)
    if isinstance(laid.wanted, NameWanted) and name:
        naming.confirm(turn, laid.wanted, name)  # "lũ về rồi cứu" is nobody's name unasked
        return
    await DIALOGUES[type(laid.wanted)](turn)
