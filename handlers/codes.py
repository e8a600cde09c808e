"""Codes that open a door: finds one in what a person typed, and slows down whoever guesses.

There are two kinds. An invitation's code enrols; a connecting code (MAY-<chat>-XXXX-XXXX) joins another phone of
somebody who is enrolled. Both are kept only as hashes. After `FREE_TRIES` wrong ones a chat has to wait, and each
further wrong one doubles the wait. While it waits nothing is looked up: not even a right code tells anything.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from handlers.turn import Turn
from questionnaires.answers.text import fold, visible
from storage import audit, invitations, people
from storage.tables import Invitation

FREE_TRIES: Final = 5
"""How many wrong codes cost nothing: people type them from paper."""
FIRST_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(days=1)
"""A chat may try again at least once a day: its owner may yet get a right code."""
FORGOTTEN_AFTER: Final = timedelta(days=2)
"""Counting begins anew after this long without a try, following a wait."""
LONGEST_TEXT: Final = 300
"""A longer text is no attempt to type a code."""

CONNECTING: Final = re.compile(r"\bMAY[\s\-]+(\d{1,18})[\s\-]+([A-Z0-9]{4})[\s\-]*([A-Z0-9]{4})(?![A-Z0-9])")
DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−_", "-"))
"""What keyboards and copied texts use for a hyphen."""
WRITTEN: Final = re.compile(r"[A-Za-z0-9]{4}(-[A-Za-z0-9]{4}){2}-[A-Za-z0-9]")
"""A code as it is printed, and nothing else."""
PRINTED: Final = re.compile(r"(?<![\w-])[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2}-[A-Z0-9](?![\w-])")
"""A code as it is printed, anywhere in a long text that was forwarded whole."""


def invitation_in(text: str) -> str | None:
    """Return the invitation's code in `text`, normalised: alone, after a command, or with words around it."""
    if len(text) > LONGEST_TEXT:
        return printed_code(text)
    words = visible(text).translate(DASHES).split()
    # Longest run first: a code that is typed in pieces must not be cut.
    whole = invitations.normalise(" ".join(words))
    if whole:
        return whole
    for part in runs(words):
        code = invitations.normalise(part)
        if code and deliberate(part):
            return code
    return None


def printed_code(text: str) -> str | None:
    """Return the invitation's code as it is printed, somewhere in a long text."""
    printed = PRINTED.search(text.translate(DASHES))
    return invitations.normalise(printed[0]) if printed else None


def runs(words: list[str]) -> Iterator[str]:
    """Yield every run of adjacent words, without the marks around it: a code may be typed in pieces."""
    for start, end in combinations(range(len(words) + 1), 2):
        yield " ".join(words[start:end]).strip(".,;:!?\"'“”«»()[]")


def deliberate(part: str) -> bool:
    """Whether `part` of a sentence is written as a code is, rather than being words that happen to have its letters."""
    return part.isupper() or "-" in part or any(letter.isdigit() for letter in part)


def written_as_code(text: str) -> bool:
    """Whether the whole message is a code as it is printed, dashes included: nothing else looks like that."""
    return bool(WRITTEN.fullmatch(text.translate(DASHES).strip()))


def connecting_in(text: str) -> tuple[int, str] | None:
    """The chat's number and the secret of a connecting code in `text`."""
    if len(text) > LONGEST_TEXT:
        return None
    code = CONNECTING.search(visible(text).translate(DASHES).upper())
    return (int(code[1]), code[2] + code[3]) if code else None


def misspelt(text: str) -> bool:
    """Whether somebody seems to have tried a code that cannot be one: too short, or with marks on letters."""
    if len(text) > LONGEST_TEXT:
        return False
    return any(map(looks_like_code, text.translate(DASHES).split()))


def looks_like_code(word: str) -> bool:
    """Whether a word has enough letters and digits for a code, or its dashes."""
    letters = fold(word).replace("-", "").replace(" ", "")
    if word.count("-") >= 2 and 8 <= len(letters) <= 20:
        return True
    return len(letters) >= 8 and any(map(str.isdigit, letters)) and any(map(str.isalpha, letters))


def wait_until(turn: Turn) -> datetime | None:
    """Return until when this chat may try no code, in its own zone; None if it may."""
    until = turn.contact.blocked_until
    if until is None or until <= turn.now:
        return None
    return until.astimezone(turn.zone)


async def wrong(turn: Turn) -> datetime | None:
    """Count one wrong code; return until when the chat must now wait, if it must."""
    contact = turn.contact
    if contact.blocked_until and turn.now - contact.blocked_until > FORGOTTEN_AFTER:
        contact.wrong_codes = 0
    contact.wrong_codes += 1
    detail: dict[str, object] = {"count": contact.wrong_codes}
    if contact.wrong_codes >= FREE_TRIES:
        # From some point on a doubling only makes a number too large for a time.
        doublings = min(contact.wrong_codes - FREE_TRIES, 20)
        wait = min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
        contact.blocked_until = turn.now + wait
        detail["wait_seconds"] = int(wait.total_seconds())
    await note(turn, "code.wrong", detail=detail)
    return wait_until(turn)


async def answer_wrong(turn: Turn) -> None:
    """Answer a code that does not exist, and slow down whoever tries many."""
    until = await wrong(turn)
    if until:
        turn.reply(turn.say("enrol.code.wait", until=until))
    else:
        turn.reply(turn.say("enrol.code.wrong"))


def right(turn: Turn) -> None:
    """Forget the wrong codes, since somebody enrolled by a code. A merely right code is not enough: with one code in
    hand, somebody could guess any number of others."""
    turn.contact.wrong_codes = 0
    turn.contact.blocked_until = None


async def note(turn: Turn, action: str, subject: str = "", detail: dict[str, object] | None = None) -> None:
    """Write what this person did into the audit. `subject` is like "place:12"; never a name or a code."""
    person_id = turn.person.id if turn.person else None
    await audit.record(turn.session, action, person_id, turn.contact.id, subject, detail or {})


async def is_proposers(turn: Turn, invitation: Invitation) -> bool:
    """Whether somebody on this phone proposed the officer whom a code is for; if so, say it.

    Holding both posts, one person could approve and lock alone; that is why two have to agree.
    """
    agreed = await invitations.agreed_request(turn.session, invitation)
    users = {user.id for user in await people.people_of(turn.session, turn.contact.id)}
    if agreed is None or agreed.asked_by not in users:
        return False
    await note(turn, "code.of_proposer", f"place:{invitation.place_id}")
    turn.reply(turn.say("enrol.code.proposed"))
    return True
