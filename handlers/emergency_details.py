"""What a message tells of an open emergency: where it is, whom to call, how many people, or words."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from handlers.danger import SOMEBODY
from handlers.emergency_named import ends_it
from handlers.messages import FileRef, Incoming, Location, MessageKind
from handlers.turn import Turn
from handlers.wording import LOCALES, wording
from questionnaires.answers import AnswerKind, ExpectedAnswer, read
from questionnaires.answers.numerals import whole_at
from questionnaires.answers.text import clean, fold, has_letters
from questionnaires.answers.tokens import Token, tokens_of, without_marks
from storage import emergencies
from storage.kept import ClosingWanted, CryWanted
from storage.roster import normalise_phone
from storage.tables import Attachment, Emergency

LONGEST: Final = 500
"""The most letters of a message that are passed on."""
SENTENCE: Final = 2
"""The fewest words of a sentence that closes an emergency."""
SOON: Final = timedelta(hours=1)
"""What is written later than this after it was asked for is about something else."""
LARGEST: Final = 2**31 - 1
"""The most bytes that a size can be kept as."""
MANY: Final = 50
"""The largest bare number taken for a number of people; a larger one may be the answer to a question."""
CALLABLE: Final = re.compile(r"(?:0|\+?84)[\d .\-]{8,14}", re.ASCII)
"""A number to call, told apart from how many people are in danger."""
IN_ENGLISH: Final = ("people", "person", "persons")
"""What English speakers call those whom the tables of danger know in Vietnamese."""


def is_button_of_place(text: str) -> bool:
    """Whether a text is the label of the button that shares one's location, as sent from where that is impossible."""
    labels = [str(wording(locale)("channel.share_location")) for locale in LOCALES]
    return fold(text.strip()) in map(fold, (*labels, " / ".join(labels)))


def told_in(incoming: Incoming) -> tuple[str, str]:
    """Return what sort of detail a message tells, and the detail: where it is, whom to call, how many people, or words."""
    said = incoming.text.strip()
    if incoming.contact is not None:
        return "phone", incoming.contact.phone
    if incoming.kind is MessageKind.LOCATION and incoming.location is not None:
        return "location", degrees(incoming.location)
    if CALLABLE.fullmatch(said) and normalise_phone(said):
        return "phone", said
    if said.isdigit() and int(said[:9]) <= MANY:
        return "people", said
    return "words", " ".join(said.split())


def counts_people(text: str, today: date) -> bool:
    """Whether `text` is a number by itself, or counts people, in figures or words."""
    if not has_letters(text):
        return any(map(str.isdigit, text))
    return names_people(text) or bool(
        read(text, ExpectedAnswer(AnswerKind.COUNT, today, unit="người")).value  # "không" is 0, and no number
    )


def names_people(text: str) -> bool:
    """Whether `text` counts people and says so: "2 người", not "2"."""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    return any(people_at(words, place) for place in range(len(words)))


def people_at(words: Sequence[Token], place: int) -> bool:
    """Whether people are counted at `place`: "5 người", "hai mẹ con", "3 people"."""
    number, end = whole_at(words, place)
    if number is None or end >= len(words):
        return False
    return words[end].text in IN_ENGLISH or SOMEBODY.at(words, end) is not None


def degrees(where: Location) -> str:
    """Return a place on the map as officers read it."""
    return f"{where.latitude:.5f}, {where.longitude:.5f}"


def closing_asked(turn: Turn) -> ClosingWanted | None:
    """Return for what the sentence that closes an emergency was asked for; None if long ago, or if it was not."""
    wanted = turn.screen.expects
    return wanted if isinstance(wanted, ClosingWanted) and turn.now - wanted.asked <= SOON else None


def last_words(row: Emergency) -> str:
    """Return the last words about it, if they say that it is over or were asked for as such; else ""."""
    last = row.details[-1] if row.details else {"what": "", "text": ""}
    sentence = last["what"] == "words" and len(last["text"].split()) >= SENTENCE
    return str(last["text"]) if sentence and (last.get("to_close") or ends_it(last["text"])) else ""


def last_said(row: Emergency) -> datetime:
    """Return when something was last said about it; at first, when it was raised."""
    return max([row.raised_at, *(datetime.fromisoformat(detail["at"]) for detail in row.details)])


def want_photo(turn: Turn, row: Emergency, photo: FileRef) -> None:
    """Have a photo of this emergency fetched."""
    wanted = Attachment(
        emergency_id=row.id,
        contact_id=turn.contact.id,
        path="",
        file_ref=photo.ref,
        size=min(photo.size, LARGEST),
        created_at=turn.now,
    )
    turn.session.add(wanted)


def tell_with(turn: Turn, row: Emergency, said: CryWanted) -> None:
    """Put what was said before an emergency was raised into the alert itself."""
    emergencies.add_detail(row, "words", said.words[:LONGEST], turn.now)
    if said.where:
        emergencies.add_detail(row, "location", said.where, turn.now)
    for photo in said.photos:
        want_photo(turn, row, FileRef(photo.ref, photo.size))
