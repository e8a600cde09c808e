"""The files of sentences."""

import re
from collections import Counter
from pathlib import Path

import pytest

from handlers.wording import FOLDER


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*/*.po")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_no_file_holds_a_key_twice(path: Path) -> None:
    keys = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [key for key, count in Counter(keys).items() if count > 1] == []
