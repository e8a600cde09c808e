"""What a spreadsheet's cells and titles may hold, without openpyxl, which CSV does not need."""

import re
from typing import Final

LONGEST_TITLE: Final = 31
"""How many letters a sheet's name may have."""
NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\]")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be a formula in a spreadsheet."""
NOT_IN_CELLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control signs, which XML cannot hold."""
