"""The letters of codes and receipts that people read aloud and type."""

from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 and O, 1, I and L, and U, which people mistake for one another (U for V)."""
