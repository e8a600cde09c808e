"""A channel that nothing names but its own file is set, examined, served and measured: it is only installed."""

import asyncio
import json
import sys
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bot.channels import registry
from bot.doctor import channels
from bot.serve import webhook_path
from bot.settings import load_settings
from bot.teller import Teller
from tests.bot.test_serve import PATIENCE, SECRET, started, webhooks
from tests.forking import command
from tests.free_ports import free_port

ROOT = Path(__file__).parents[2]
CALL = b"77: /start"


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The variables with which Python finds a package that brings the channel."""
    package = tmp_path / "site" / "thonbao_radio-1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: thonbao-radio\nVersion: 1\n")
    (package / "entry_points.txt").write_text(f"[{registry.GROUP}]\nradio = tests.bot.radio:RadioSettings\n")
    return {"PYTHONPATH": f"{package.parent}:{ROOT}", "THONBAO_RADIO_LOG": str(tmp_path / "radio.log")}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_it_is_served_and_measured(
    kind: str, database_url: str, tmp_path: Path, installed: dict[str, str]
) -> None:
    port, log = free_port(), tmp_path / "radio.log"
    variables = {
        "THONBAO_DATABASE_URL": database_url,
        "THONBAO_DATA_DIR": str(tmp_path),
        "THONBAO_PORT": str(port),
        **webhooks(port),
        **installed,
    }
    async with started(variables) as process, aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{port}"
        async with asyncio.timeout(PATIENCE):
            while not await answers(http, url):
                await asyncio.sleep(0.1)
            for secret, status in (("wrong", 403), (SECRET, 200), (SECRET, 200)):
                path, headers = webhook_path("radio", SECRET), {"X-Radio-Secret": secret}
                async with http.post(url + path, data=CALL, headers=headers) as got:
                    assert got.status == status
            while not log.exists():
                await asyncio.sleep(0.1)
        async with http.get(url + "/metrics") as got:
            assert 'thonbao_updates_total{channel="radio",kind="text"}' in await got.text()
        process.terminate()
        await asyncio.wait_for(process.communicate(), PATIENCE)
    said = log.read_text(encoding="utf-8")
    assert said.count("77: ") == 1


async def answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(url + "/healthz") as got:
            return got.status == 200
    except aiohttp.ClientConnectionError:
        return False


def install(path: str) -> None:
    """Let a process that was forked look for packages as one that starts with this PYTHONPATH."""
    sys.path[:0] = path.split(":")
    registry.known_channels.cache_clear()


def test_its_settings_and_lines_are_shown(tmp_path: Path, installed: dict[str, str]) -> None:
    run = partial(command, folder=tmp_path, before=partial(install, installed["PYTHONPATH"]))
    checks = json.loads(run("doctor", "--json", environment=installed).stdout)["checks"]
    assert [check["text"] for check in checks if check["name"] == "radio"] == [
        f"Radio: {tmp_path / 'radio.log'}"
    ]
    assert "Radio" in next(check["text"] for check in checks if check["name"] == "webhook")
    slip = run("doctor", environment={**installed, "THONBAO_RADIO_LGO": "x"})
    assert (slip.returncode, "THONBAO_RADIO_LOG" in slip.stderr) == (2, True)


def test_without_it_nothing_is_said_of_it() -> None:
    named = [check.name for check in channels(load_settings(), Teller("vi"))]
    assert named == ["telegram"]
