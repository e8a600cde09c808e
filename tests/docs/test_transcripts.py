"""Every transcript and picture of the documentation is what the bot really says and draws.

With WRITE_TRANSCRIPTS=1 they are written anew instead of compared.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.docs import pictures
from tests.docs.telling import ROOT, Block, blocks, commanded, documents, picture, run, talked

WRITE = "WRITE_TRANSCRIPTS" in os.environ
BLOCKS = [block for file in documents() for block in blocks(file)]
TALKS = [block for block in BLOCKS if block.talk]
COMMANDS = [block for block in BLOCKS if not block.talk]
IMAGES = ROOT / "docs" / "images"
PICTURE = IMAGES / "tinh-hinh.png"


def compare(block: Block, said: str) -> None:
    if WRITE:
        block.write(said)
    assert said == block.written


def test_every_name_is_used_once() -> None:
    names = [block.name for block in BLOCKS]
    assert len(set(names)) == len(names) >= 8


@pytest.mark.parametrize("block", TALKS, ids=lambda block: block.name)
async def test_conversation(block: Block, demonstration: Path, tmp_path: Path) -> None:
    compare(block, await talked(block, demonstration, tmp_path))


BEGIN = "thonbao init"
"""What several blocks begin with, unseen: it loads the country's communes, so it is done once for all of them."""


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a database that was just made."""
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run(BEGIN.split())
    return folder / "data"


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: block.name)
def test_commands(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    for name in [name for name in os.environ if name.startswith("THONBAO_")]:
        monkeypatch.delenv(name)
    if block.before == [BEGIN]:
        shutil.copytree(request.getfixturevalue("begun"), tmp_path / "data")
        block = replace(block, facts={})
    for room in ("docs", "questionnaires"):
        (tmp_path / room).symlink_to(ROOT / room)
    monkeypatch.chdir(tmp_path)
    compare(block, commanded(block))


async def test_the_picture_is_the_one_that_the_bot_draws(demonstration: Path, tmp_path: Path) -> None:
    drawn = await picture(demonstration, tmp_path)
    if WRITE:
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_bytes(drawn)
    assert drawn == PICTURE.read_bytes()


@pytest.mark.parametrize("name", ["chat", "rooms"])
def test_the_pictures_of_the_readme_show_what_is_there(name: str) -> None:
    chat = next(block for block in blocks(ROOT / "README.md") if block.name == "in-english")
    drawn = pictures.phone(chat.written) if name == "chat" else pictures.rooms()
    file = IMAGES / f"{name}.svg"
    if WRITE:
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")
