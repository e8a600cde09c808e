"""Settings that are wrong, or that contradict each other, are refused by name; secrets never stand in the answer."""

import os
import re
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest

from bot.checks import CheckState
from bot.doctor import address, channels
from bot.problems import WrongCall
from bot.settings import load_settings, names_of_settings
from bot.starting import check_channels
from bot.teller import Teller
from handlers.wording import catalogue, pieces

SECRET = "a-secret-of-sixteen"
TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("THONBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_it_runs_on_this_machine() -> None:
    settings = load_settings()
    assert settings.database_url == "sqlite+aiosqlite:///data/thonbao.db"
    assert settings.zone.key == "Asia/Ho_Chi_Minh"
    assert settings.served == ()


def test_a_file_in_the_working_folder_is_read_and_the_environment_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("THONBAO_PORT=9000\nTHONBAO_LOCALE=en\n", encoding="utf-8")
    monkeypatch.setenv("THONBAO_PORT", "9001")
    assert (load_settings().port, load_settings().locale) == (9001, "en")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"timezone": "Asia/Hanoi"}, "THONBAO_TIMEZONE: không có múi giờ này"),
        ({"locale": "fr"}, "THONBAO_LOCALE: chỉ có vi và en"),
        ({"quiet_hours": "9 giờ tối"}, "THONBAO_QUIET_HOURS: viết như 21:00-6:00"),
        ({"quiet_hours": "21:00-26:00"}, "THONBAO_QUIET_HOURS: viết như 21:00-6:00"),
        ({"database_url": "mysql://x"}, "THONBAO_DATABASE_URL: phải bắt đầu bằng"),
        (
            {"telegram_proxy": "socks5://127.0.0.1:1080"},
            "THONBAO_TELEGRAM_PROXY: phải là một địa chỉ như http://",
        ),
        (
            {"telegram_base_url": "relay.example.vn"},
            "THONBAO_TELEGRAM_BASE_URL: phải là một địa chỉ như http://",
        ),
        ({"port": 0}, "THONBAO_PORT: là một số từ 1 đến 65535"),
        ({"port": "8080a"}, "THONBAO_PORT: là một số từ 1 đến 65535"),
        (
            {"telegram_base_url": "http://[relay"},
            "THONBAO_TELEGRAM_BASE_URL: phải là một địa chỉ như http://",
        ),
        ({"telegram_proxy": "http://relay:x"}, "THONBAO_TELEGRAM_PROXY: phải là một địa chỉ như http://"),
        ({"public_url": "thonbao.example.vn"}, "THONBAO_PUBLIC_URL phải là một địa chỉ như https://"),
        ({"public_url": "https://"}, "THONBAO_PUBLIC_URL phải là một địa chỉ như https://"),
        ({"public_url": "https://thonbao example.vn"}, "THONBAO_PUBLIC_URL phải là một địa chỉ như https://"),
        ({"public_url": "https://x.vn/a?b"}, "THONBAO_PUBLIC_URL phải là một địa chỉ như https://"),
        ({"public_url": "https://x.vn/#a"}, "THONBAO_PUBLIC_URL phải là một địa chỉ như https://"),
        ({"plans_dir": __file__}, "THONBAO_PLANS_DIR: phải là một thư mục"),
        ({"database_url": "sqlite+aiosqlite:///"}, "THONBAO_DATABASE_URL: thiếu tên tệp"),
        ({"database_url": "sqlite+aiosqlite:///:memory:"}, "THONBAO_DATABASE_URL: thiếu tên tệp"),
        ({"database_url": "sqlite+aiosqlite:///a.db?mode=ro"}, "THONBAO_DATABASE_URL: sau dấu ?"),
        ({"database_url": "postgresql+asyncpg://u@h/a?sslmode=require"}, "THONBAO_DATABASE_URL: sau dấu ?"),
        (
            {"public_url": "https://thonbao.example.vn", "telegram_token": TOKEN},
            "nên cần THONBAO_WEBHOOK_SECRET",
        ),
        (
            {"public_url": "https://x.vn", "telegram_token": TOKEN, "webhook_secret": "quá ngắn"},
            "nên cần THONBAO_WEBHOOK_SECRET",
        ),
        ({"webhook_secret": SECRET}, "có THONBAO_WEBHOOK_SECRET mà không có THONBAO_PUBLIC_URL"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, object], named: str) -> None:
    with pytest.raises(WrongCall) as refused:
        load_settings(**given)
    told = str(refused.value)
    assert named in told
    assert "Value error" not in told
    assert TOKEN not in told
    assert SECRET not in told
    assert refused.value.exit_code == 2


def test_every_wrong_setting_is_listed() -> None:
    with pytest.raises(WrongCall) as refused:
        load_settings(locale="fr", timezone="Asia/Hanoi")
    assert {line.partition(":")[0] for line in str(refused.value).split("\n")[1:]} == {
        "THONBAO_LOCALE",
        "THONBAO_TIMEZONE",
    }


ODD = ("maybe", "-5", "9999999999999999999999", "1,5", "🙂", "nan", "")
"""Values that some setting or other cannot take."""


@cache
def refusals(locale: str) -> list[re.Pattern[str]]:
    """Return what each refusal of a setting in the catalogue looks like, with any number where one is filled in."""
    texts = [text for key, text in catalogue(locale).items() if key.startswith("admin.settings.")]
    shapes = (
        (re.escape(words) + (r"\d+" if name else "") for words, name in pieces(str(text))) for text in texts
    )
    return [re.compile(r"(THONBAO_\w+: )?" + "".join(shape)) for shape in shapes]


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("name", sorted(names_of_settings() - {"LOCALE"}))
def test_no_library_speaks_for_us(name: str, locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in a setting is taken, or refused with a sentence of the catalogue in the configured language."""
    monkeypatch.setenv("THONBAO_LOCALE", locale)
    for value in ODD:
        monkeypatch.setenv(f"THONBAO_{name}", value)
        try:
            load_settings()
        except WrongCall as refused:
            for line in str(refused).splitlines()[1:]:
                assert any(ours.fullmatch(line) for ours in refusals(locale)), line


def test_a_folder_of_plans_that_is_named_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings().lacks_plans
    monkeypatch.setenv("THONBAO_PLANS_DIR", str(tmp_path / "ours"))
    assert load_settings().lacks_plans
    (tmp_path / "ours").mkdir()
    assert not load_settings().lacks_plans


OA = {"APP_ID": "1", "SECRET_KEY": "k", "OA_SECRET": "s", "REFRESH_TOKEN": "t"}
SMS = {"URL": "http://192.168.1.20:8080", "PASSWORD": "p"}
SET = {
    "telegram": {"THONBAO_TELEGRAM_TOKEN": TOKEN},
    "telegram, odd": {"THONBAO_TELEGRAM_TOKEN": "odd"},
    "zalo-bot": {"THONBAO_ZALO_BOT_TOKEN": "1234567890:abcdefghijk"},
    "zalo-oa": {f"THONBAO_ZALO_OA_{name}": value for name, value in OA.items()},
    "zalo-oa, half": {"THONBAO_ZALO_OA_APP_ID": "1"},
    "sms": {f"THONBAO_SMS_{name}": value for name, value in SMS.items()},
    "sms, signed": {f"THONBAO_SMS_{name}": value for name, value in (SMS | {"SIGNING_KEY": "k" * 8}).items()},
}
PUBLIC = {"THONBAO_PUBLIC_URL": "https://thon.example", "THONBAO_WEBHOOK_SECRET": SECRET}


@pytest.mark.parametrize("way", [{}, PUBLIC], ids=["polling", "webhook"])
@pytest.mark.parametrize("channel", SET)
def test_the_doctor_finds_bad_what_cannot_be_served(
    channel: str, way: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing else: what it calls good begins."""
    for name, value in (SET[channel] | way).items():
        monkeypatch.setenv(name, value)
    settings, say = load_settings(), Teller("vi")
    told = [check.text for check in channels(settings, say) if check.state is CheckState.BAD]
    with pytest.raises(WrongCall) if told else nullcontext() as refused:
        check_channels(settings)
    assert told == (str(refused.value).splitlines() if refused else [])
    assert ("Zalo OA" in address(settings, say).text) == (channel.startswith("zalo-oa") and bool(way))
