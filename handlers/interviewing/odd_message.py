"""A message that can be no answer to the open question: a sticker, a voice, or another file than is asked for."""

from typing import Final

from handlers.interviewing.sitting import Sitting
from handlers.messages import CUT_SHORT, MessageKind
from questionnaires.questionnaire import FILE_TYPES, QuestionType

ODD: Final = {
    "sticker": "sticker",
    "animation": "sticker",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "document": "document",
    "file": "document",
    CUT_SHORT: CUT_SHORT,
}
"""Other things that people send; each value names its own sentence."""
WANTED: Final = {type_: f"forms.refused.{type_}_wanted" for type_ in FILE_TYPES} | {
    QuestionType.IMAGE: "forms.refused.photo_wanted"
}
"""What is said where a file is asked for, and something else came."""


def key_of(sitting: Sitting) -> str:
    """The key of the sentence that replies to it."""
    incoming = sitting.turn.incoming
    if sitting.asks(*FILE_TYPES) and sitting.position is not None:
        return WANTED[sitting.form.question(sitting.position).type]
    if incoming.kind in (MessageKind.PHOTO, MessageKind.LOCATION, MessageKind.CONTACT):
        return f"interview.odd.{incoming.kind.value}"
    return f"interview.odd.{ODD.get(incoming.what, 'other')}"
