"""Photos sent as answers that could not be kept: they are asked for again and never count as sent.

A photo is fetched and checked after its message was answered, so the answer exists before its file.
"""

from collections.abc import Mapping

from sqlmodel import col, select

from handlers.buttons import choice
from handlers.interviewing import flow, marks
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import AskAgain
from handlers.messages import Choice
from handlers.wording import Wording
from questionnaires.interview import GoTo, Skip
from questionnaires.questionnaire import FILE_TYPES, Questionnaire, QuestionType
from storage.session import Session
from storage.tables import Attachment, AttachmentState, Form, InterviewRow

PAPER = "@paper"
"""Stands for a question's path: the photo shows the paper form of the report. No question has such a name."""
PHOTO = "photo-"
"""The value of such an answer begins with this; the attachment's number follows."""


async def again_button(session: Session, attachment: Attachment, say: Wording) -> Choice | None:
    """The button back to a photo's question; None if its interview is gone."""
    number = attachment.interview_id
    row = await session.get(InterviewRow, number) if number is not None else None
    form = await session.get(Form, row.form_id) if row else None
    if row is None or form is None or attachment.path == PAPER:
        return None
    mark = marks.mark_of(Questionnaire.from_json(form.compiled), attachment.path)
    key = "interview.button.file_again" if attachment.media_type else "interview.button.photo_again"
    return choice(say(key), AskAgain(row.id, mark))


async def ask_lost(sitting: Sitting) -> bool:
    """Drop the first photo that could not be kept, and ask for it again. Return whether there was one."""
    path = await first_lost(sitting)
    if path is None:
        return False
    sitting.step(GoTo(path))
    sitting.step(Skip())
    events = sitting.step(GoTo(path))
    flow.left(sitting)
    is_photo = sitting.form.question(path).type is QuestionType.IMAGE
    lost = "interview.photo_lost" if is_photo else "interview.file_lost"
    flow.show(sitting, events, sitting.turn.say(lost))
    return True


def photos_of(sitting: Sitting) -> Mapping[str, int]:
    """The numbers of the photos that are answers, by path."""
    return {
        path: int(value.removeprefix(PHOTO))
        for path, value in sitting.interview.values.items()
        if value.startswith(PHOTO) and sitting.form.question(path).type in FILE_TYPES
    }


async def first_lost(sitting: Sitting) -> str | None:
    """The first question whose photo was refused."""
    numbers = photos_of(sitting)
    if not numbers:
        return None
    chosen = select(Attachment.id).where(
        col(Attachment.id).in_(numbers.values()), Attachment.state == AttachmentState.REFUSED
    )
    refused = set(await sitting.turn.session.exec(chosen))
    return next((path for path, number in numbers.items() if number in refused), None)
