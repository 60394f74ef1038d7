"""Settings: what is wrong is said in one sentence that names it, and tokens stay hidden."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from bot.logs import Discreet, hidden
from bot.reception import House
from bot.settings import Settings, WrongSetting, load, unknown

TOKEN = "123456789:AAHnot-a-real-token-of-anybody_xyz"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No setting of whoever runs the tests, and no .env of theirs."""
    for name in [each for each in os.environ if each.startswith("RABTA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_starts_without_any_setting() -> None:
    settings = load()
    assert settings.database_url.startswith("sqlite:///")
    assert settings.database_url.endswith("rabta.db")
    assert (settings.timezone, settings.currency, settings.region) == ("Asia/Karachi", "PKR", "PK")
    assert not settings.talks
    assert settings.house().owners == frozenset()
    assert not settings.house().open
    assert settings.house().rate == House().rate == 30


def test_env_file_and_environment(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text(
        "RABTA_OWNERS=telegram:1001, slack:T1/U100\nRABTA_CURRENCY=pkr\nRABTA_LANGUAGE=ur\n"
        f"RABTA_TELEGRAM_TOKEN={TOKEN}\nRABTA_REGION=\n"
        "RABTA_RATE_PER_MINUTE=12\n"
    )
    monkeypatch.setenv("RABTA_LANGUAGE", "roman")
    settings = load()
    assert settings.owners == {("telegram", "", "1001"), ("slack", "T1", "U100")}
    assert settings.currency == "PKR"
    assert settings.language == "roman"
    assert settings.house().rate == 12
    assert settings.region == "PK"
    assert settings.talks
    assert settings.secrets == (TOKEN,)
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "TIMEZONE", "Asia/Karachee",
            'RABTA_TIMEZONE is "Asia/Karachee": no such time zone. Did you mean Asia/Karachi?',
        ),
        (
            "CURRENCY", "PKRR",
            'RABTA_CURRENCY is "PKRR": no currency by that code. Did you mean PKR?',
        ),
        ("LANGUAGE", "urdu", 'RABTA_LANGUAGE is "urdu": it can be en, ur, roman. Did you mean ur?'),
        ("JOIN", "all", 'RABTA_JOIN is "all": it can be invite or open.'),
        (
            "LOG_LEVEL", "loud",
            'RABTA_LOG_LEVEL is "LOUD": it can be DEBUG, INFO, WARNING or ERROR.',
        ),
        (
            "OWNERS", "telegram:@ayesha",
            'RABTA_OWNERS is "telegram:@ayesha": write telegram:1001 or slack:T01ABC/U02DEF.',
        ),
        (
            "DATABASE_URL", "my://r:verysecret@h",
            'RABTA_DATABASE_URL is "my://r:***@h": it must begin with sqlite:/// or postgresql://.',
        ),
        (
            "TELEGRAM_TOKEN", "verysecret",
            "RABTA_TELEGRAM_TOKEN is wrong: it must look like 123456789:AAH-x.",
        ),
        (
            "SLACK_BOT_TOKEN", "xoxb-1-2-verysecret",
            (
                "RABTA_SLACK_APP_TOKEN is missing: Slack needs it, or RABTA_SLACK_SIGNING_SECRET to"
                " come by HTTP, not only BOT_TOKEN."
            ),
        ),
        (
            "SLACK_SIGNING_SECRET", "verysecret",
            "RABTA_SLACK_BOT_TOKEN is missing: Slack needs it, not only SIGNING_SECRET.",
        ),
        (
            "TELEGRAM_WEBHOOK_URL", "https://rabta.example.com/hook",
            "RABTA_TELEGRAM_TOKEN is missing: RABTA_TELEGRAM_WEBHOOK_URL is of no use without.",
        ),
        (
            "TELEGRAM_WEBHOOK_URL", "rabta.example.com/hook",
            (
                'RABTA_TELEGRAM_WEBHOOK_URL is "rabta.example.com/hook": it must be like'
                " https://rabta.example.com/telegram."
            ),
        ),
        (
            "TELEGRAM_WEBHOOK_URL", "https://rabta.example.com/slack/events",
            (
                'RABTA_TELEGRAM_WEBHOOK_URL is "https://rabta.example.com/slack/events":'
                " /slack/events is for something else, choose another path."
            ),
        ),
        (
            "HTTP_PORT", "eighty",
            'RABTA_HTTP_PORT is "eighty": it must be a number from 1 to 65535.',
        ),
        (
            "HTTP_PORT", "65536",
            'RABTA_HTTP_PORT is "65536": it must be a number from 1 to 65535.',
        ),
        (
            "RATE_PER_MINUTE", "0",
            'RABTA_RATE_PER_MINUTE is "0": it must be a number from 1 to 10000.',
        ),
        (
            "HTTP_HOST", "http://here",
            (
                'RABTA_HTTP_HOST is "http://here": it must be an address of this machine, such as'
                " 127.0.0.1 or 0.0.0.0."
            ),
        ),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"RABTA_{name}", value)
    with pytest.raises(WrongSetting) as wrong:
        load()
    assert str(wrong.value) == sentence
    assert "verysecret" not in sentence


def test_telegram_itself_calls_by_https_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RABTA_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("RABTA_TELEGRAM_WEBHOOK_URL", "http://rabta.example.com/hook")
    with pytest.raises(WrongSetting, match="it must begin with https://"):
        load()
    monkeypatch.setenv("RABTA_TELEGRAM_BASE_URL", "http://127.0.0.1:8081/bot")
    assert load().telegram_webhook_url == "http://rabta.example.com/hook"


def test_the_port_is_open_where_something_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RABTA_SLACK_BOT_TOKEN", "xoxb-1-2-x")
    monkeypatch.setenv("RABTA_SLACK_SIGNING_SECRET", "secret")
    assert load().http == ("127.0.0.1", 8000)
    monkeypatch.setenv("RABTA_SLACK_APP_TOKEN", "xapp-1-x")
    assert load().http is None, "with an app token Slack comes by sockets"
    monkeypatch.setenv("RABTA_HTTP_PORT", "8123")
    monkeypatch.setenv("RABTA_HTTP_HOST", "0.0.0.0")  # noqa: S104 - what is being set
    assert load().http == ("0.0.0.0", 8123)  # noqa: S104


def test_an_env_file_that_is_no_text_is_told(elsewhere: Path) -> None:
    (elsewhere / ".env").write_bytes(b"RABTA_CURRENCY=\xff\xfe")
    with pytest.raises(WrongSetting, match=r"^\.env cannot be read: save it as UTF-8 text\.$"):
        load()


def test_a_name_that_is_no_setting_is_told_with_the_nearest(elsewhere: Path) -> None:
    (elsewhere / ".env").write_text("RABTA_TIMEZOEN=Asia/Karachi\nOTHER=1\n")
    assert unknown({"RABTA_TELEGRAM_TOKN": "x", "RABTA_TEST_POSTGRES": "x"}) == [
        "RABTA_TELEGRAM_TOKN is no setting. Did you mean RABTA_TELEGRAM_TOKEN?",
        "RABTA_TIMEZOEN is no setting. Did you mean RABTA_TIMEZONE?",
    ]


def test_every_setting_is_documented() -> None:
    example = (Path(__file__).parents[1] / ".env.example").read_text("utf-8")
    for name in Settings.model_fields:
        assert f"RABTA_{name.upper()}=" in example


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://api.telegram.org/bot{TOKEN}/getMe",
        f"token {TOKEN} refused",
        "xoxb-123456789-abcdef",
        "xapp-1-A123-verylong",
        "postgresql://rabta:verysecret@db/rabta",
    ],
)
def test_row_48_no_token_in_any_line(text: str) -> None:
    shown = hidden(text)
    assert "***" in shown
    for secret in (TOKEN, "123456789-abcdef", "verylong", "verysecret"):
        assert secret not in shown


def test_row_48_no_token_in_a_traceback() -> None:
    def fail() -> None:
        raise ConnectionError(f"https://somewhere/bot{TOKEN}/getUpdates and odd-secret")

    try:
        fail()
    except ConnectionError as error:
        seen = (type(error), error, error.__traceback__)
        record = logging.LogRecord("rabta", logging.ERROR, __file__, 1, "%s", ("failed",), seen)
    line = Discreet(["odd-secret"]).format(record)
    assert "ConnectionError" in line
    assert TOKEN not in line
    assert "odd-secret" not in line
