"""What bundled questionnaires were called before. A name says what is asked, so two that only bore a number got others.

Revision 0009 of the database renames what is stored. Buttons in people's chats and scripts of administrators still say
the old names; they are read as the new ones.
"""

from collections.abc import Mapping
from typing import Final

RENAMED: Final[Mapping[str, str]] = {
    "giao-duc-2": "trung-hoc-xoa-mu-chu",
    "von-su-nghiep-2": "von-su-nghiep-da-6-10",
}
"""The names of today by those of before."""


def name_today(name: str) -> str:
    """What the questionnaire `name` is called now."""
    return RENAMED.get(name, name)
