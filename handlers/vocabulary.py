"""What people type instead of pressing a button: words in a file that whoever speaks the language can correct.

They stand in `handlers/words/`; a file that does not fit is a fault at the start (see `phrases.WordsFault`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

from questionnaires.answers.phrases import Words
from questionnaires.answers.text import fold

Meaning = TypeVar("Meaning")
SAID: Final = Words.read(Path(__file__).parent / "words" / "goi-viec.toml")

OPENING: Final = SAID.table("opening", {"open": "open", "sent": "sent"}.__getitem__)
"""What is said before a questionnaire's name; alone, what of it tells of a report that was sent."""
BEFORE_A_NAME: Final = frozenset(map(fold, SAID.phrases("before_a_name")))
"""What people write before their name, folded."""


def called(handlers: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """What each whole message calls, folded. Raises WordsFault for words of none of these handlers, or of two."""
    SAID.table("called", handlers.__getitem__)
    return {fold(word): handlers[name] for name, words in SAID.lists("called").items() for word in words}
