"""The letters of codes and receipts that people read aloud and type."""

from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O, 1 I L and U, which are taken for one another (U for V)."""
