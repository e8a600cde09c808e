"""Every transcript of this folder, played on a channel with buttons and on one without; one on every channel there is.

With WRITE_TRANSCRIPTS=1 the transcripts are written anew instead of compared.
"""

import os
import re
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.channel_settings import ChannelSettings
from bot.channels.registry import OURS
from handlers.messages import Capabilities
from tests.conversations.conversation import FULL, PLAIN, conversation

FOLDER = Path(__file__).resolve().parent
SCRIPTS = sorted(path for path in FOLDER.glob("*.md") if not path.name.endswith(".plain.md"))
CHANNELS = FOLDER / "channels"
"""One whole report, as the people of each channel see it; what they do stands in each file."""
WANTS_NUMBER = re.compile(r"(?:Nhận số|Nhan so) |(?:mấy người|may nguoi) ")
NUMBERED = re.compile(r"^  1\. ", re.MULTILINE)
WRITE = "WRITE_TRANSCRIPTS" in os.environ


@pytest.mark.parametrize("channel", ["buttons", "plain"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_transcript(script: Path, channel: str, database: AsyncEngine, tmp_path: Path) -> None:
    can: Capabilities = FULL if channel == "buttons" else PLAIN
    expected = script if channel == "buttons" else script.with_suffix(".plain.md")
    actions = script.read_text(encoding="utf-8")
    async with conversation(database, tmp_path, can, actions) as played:
        said = await played.play(actions)
    compare(said, expected)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("settings", OURS, ids=lambda kind: kind.name)
async def test_a_report_as_each_channel_shows_it(
    settings: type[ChannelSettings], kind: str, database: AsyncEngine, tmp_path: Path
) -> None:
    look, actions = settings.load().look(), (CHANNELS / "telegram.md").read_text(encoding="utf-8")
    async with conversation(database, tmp_path, look.can, actions, look) as played:
        said = await played.play(actions)
    compare(said, CHANNELS / f"{settings.name}.md")


def test_nothing_is_numbered_where_a_number_is_the_answer() -> None:
    """Whoever answers "2" must not be taken to choose the second line."""
    pages = [*FOLDER.glob("*.plain.md"), *CHANNELS.glob("*.md")]
    messages = [said for page in pages for said in page.read_text(encoding="utf-8").split("\n› ")]
    wanting = [said for said in messages if WANTS_NUMBER.search(said.rpartition("\n\n  ")[2])]
    assert len(wanting) > 100
    assert [said for said in wanting if NUMBERED.search(said.rpartition("\n\n  ")[2])] == []


def compare(said: str, expected: Path) -> None:
    if WRITE:
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
