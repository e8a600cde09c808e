"""The files of sentences."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from handlers.wording import FOLDER, LOCALES, number_in, wording

NUMBERS: Final = (0, 7, 999, 1000, 123456, 10**9, -1234, *map(Decimal, ("1234", "1E+3", "25.00", "1234.5")))


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*/*.po")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_no_file_holds_a_key_twice(path: Path) -> None:
    keys = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_numbers_are_written_as_babel_writes_them(locale: str) -> None:
    assert [wording(locale).number(one) for one in NUMBERS] == [number_in(locale, one) for one in NUMBERS]
