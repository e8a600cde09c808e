"""Tells a platform that refuses one person from one that is in trouble itself, where no code does."""

from typing import Final

MOST: Final = 8
"""So many refusals in a row are about a minute of trying."""


class Refusing:
    """The chats whose messages are refused, one after the other, while others' are taken."""

    def __init__(self) -> None:
        self.taken = 0
        self.refused: dict[str, tuple[int, int]] = {}
        """By address: how many refusals in a row, and how many messages had been taken before the first."""

    def took(self, address: str) -> None:
        """Note that a message was taken."""
        self.taken += 1
        self.refused.pop(address, None)

    def refuses(self, address: str) -> bool:
        """Note that a message was refused; return whether that is so of this chat alone, and will stay so."""
        count, before = self.refused.get(address, (0, self.taken))
        self.refused[address] = count + 1, before
        return count + 1 >= MOST and self.taken > before
