"""Former names of bundled questionnaires. Two whose names ended in a mere number got names that say what they ask.

Revision 0009 of the database renames what is stored. Buttons in people's chats and administrators' scripts still use the
old names, which are read as the new ones.
"""

from collections.abc import Mapping
from typing import Final

RENAMED: Final[Mapping[str, str]] = {
    "giao-duc-2": "trung-hoc-xoa-mu-chu",
    "von-su-nghiep-2": "von-su-nghiep-da-6-10",
}
"""Today's names by former ones."""


def name_today(name: str) -> str:
    """Return the present name of the questionnaire `name`."""
    return RENAMED.get(name, name)
