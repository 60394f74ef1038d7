"""The settings: from the environment or a ``.env`` file, all with ``RABTA_`` in front."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import available_timezones

from babel import Locale
from dotenv import dotenv_values
from phonenumbers import SUPPORTED_REGIONS
from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.mail_settings import relay_of, sender_of
from bot.setting_checks import (
    Owner,
    address,
    clash,
    like,
    machine,
    one_of,
    owner,
    public,
    webhook,
    whole,
)
from language.voice import TONGUES

if TYPE_CHECKING:
    from bot.reception import House

PREFIX = "RABTA_"
ENV_FILE = Path(".env")
HTTP_PORT = 8000
"""Where to listen if something calls and no port was chosen."""
_FOR_TESTS = "RABTA_TEST_"
_DATABASES = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")
_PASSWORD = re.compile(r"(?<=:)[^:@/]+(?=@)")


class WrongSetting(Exception):
    """A setting that cannot be meant, in one sentence that names it."""


def _default_database() -> str:
    return f"sqlite:///{user_data_path('rabta', appauthor=False) / 'rabta.db'}"


class Settings(BaseSettings):
    """What ``.env.example`` documents. Build it with ``load``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=False,
    )

    database_url: str = Field(default_factory=_default_database)
    owners: Annotated[frozenset[Owner], NoDecode] = frozenset()
    join: Literal["invite", "open"] = "invite"
    rate_per_minute: int = 30

    telegram_token: SecretStr | None = None
    telegram_base_url: str = "https://api.telegram.org/bot"
    telegram_base_file_url: str = "https://api.telegram.org/file/bot"
    telegram_webhook_url: str = ""

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_base_url: str = "https://slack.com/api/"

    smtp_url: SecretStr | None = None
    mail_from: str = ""
    mail_per_minute: int = 60
    public_url: str = ""

    http_host: str = "127.0.0.1"
    http_port: int | None = None

    timezone: str = "Asia/Karachi"
    region: str = "PK"
    currency: str = "PKR"
    language: str = "en"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log."""
        tokens = (getattr(self, name) for name in type(self).model_fields)
        told = [t.get_secret_value() for t in tokens if isinstance(t, SecretStr)]
        relay = relay_of(self.smtp_url.get_secret_value()) if self.smtp_url else None
        return (*told, *((relay.password,) if relay and relay.password else ()))

    @property
    def talks(self) -> bool:
        """Is there a token for any door?"""
        return self.telegram_token is not None or self.slack_bot_token is not None

    @property
    def slack_by_http(self) -> bool:
        return self.slack_bot_token is not None and self.slack_app_token is None

    @property
    def http(self) -> tuple[str, int] | None:
        """Where to listen; None where nothing calls and nobody asked for it."""
        calls = self.telegram_webhook_url or self.slack_by_http
        wanted = self.http_port or calls or (self.smtp_url and self.public_url)
        return (self.http_host, self.http_port or HTTP_PORT) if wanted else None

    @property
    def channels(self) -> frozenset[str]:
        """On which customers are reached without a hand's help."""
        ways = {"email": self.smtp_url, "telegram": self.telegram_token}
        return frozenset(name for name, there in ways.items() if there is not None)

    def house(self) -> House:
        """Who comes in, and how a workspace starts."""
        from bot.reception import House

        return House(
            owners=self.owners,
            open=self.join == "open",
            currency=self.currency,
            region=self.region,
            timezone=self.timezone,
            language=self.language,
            rate=self.rate_per_minute,
        )

    # --- each says what is wrong, and the name and value are put in front of it -------------------

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        if not url.startswith(_DATABASES):
            raise ValueError("it must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("owners", mode="before")
    @classmethod
    def _owners(cls, text: Any) -> Any:
        if not isinstance(text, str):
            return text
        return frozenset(owner(each.strip()) for each in text.split(",") if each.strip())

    @field_validator("rate_per_minute", mode="before")
    @classmethod
    def _rate(cls, number: Any) -> int:
        return whole(number, 10_000)

    @field_validator("mail_per_minute", mode="before")
    @classmethod
    def _mails(cls, number: Any) -> int:
        return whole(number, 10_000)

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, url: SecretStr) -> SecretStr:
        relay_of(url.get_secret_value())
        return url

    @field_validator("mail_from")
    @classmethod
    def _from(cls, said: str) -> str:
        sender_of(said)
        return said

    @field_validator("public_url")
    @classmethod
    def _public(cls, url: str) -> str:
        return public(url)

    @field_validator("telegram_token")
    @classmethod
    def _telegram(cls, token: SecretStr) -> SecretStr:
        return like(r"\d+:[\w-]+", token, "123456789:AAH-x")

    @field_validator("slack_bot_token")
    @classmethod
    def _slack_bot(cls, token: SecretStr) -> SecretStr:
        return like(r"xoxb-[\w-]+", token, "xoxb-1-2-x")

    @field_validator("slack_app_token")
    @classmethod
    def _slack_app(cls, token: SecretStr) -> SecretStr:
        return like(r"xapp-[\w-]+", token, "xapp-1-x")

    @field_validator("telegram_base_url", "telegram_base_file_url", "slack_base_url")
    @classmethod
    def _address(cls, url: str) -> str:
        return address(url)

    @field_validator("telegram_webhook_url")
    @classmethod
    def _webhook(cls, url: str) -> str:
        return webhook(url)

    @field_validator("http_host")
    @classmethod
    def _host(cls, name: str) -> str:
        return machine(name)

    @field_validator("http_port", mode="before")
    @classmethod
    def _port(cls, number: Any) -> int:
        return whole(number, 65_535)

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, name: str) -> str:
        return one_of(available_timezones(), name, "no such time zone")

    @field_validator("region")
    @classmethod
    def _region(cls, code: str) -> str:
        return one_of(SUPPORTED_REGIONS, code.upper(), "no country by that code of two letters")

    @field_validator("currency")
    @classmethod
    def _currency(cls, code: str) -> str:
        return one_of(Locale("en").currencies, code.upper(), "no currency by that code")

    @field_validator("language")
    @classmethod
    def _language(cls, name: str) -> str:
        return one_of(TONGUES, name, f"it can be {', '.join(TONGUES)}")

    @field_validator("join", "language", mode="before")
    @classmethod
    def _lower(cls, word: Any) -> Any:
        return word.lower() if isinstance(word, str) else word

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, word: Any) -> Any:
        return word.upper() if isinstance(word, str) else word


def load() -> Settings:
    """The settings. Raises WrongSetting."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise WrongSetting(_sentence(error)) from None
    except UnicodeDecodeError:
        raise WrongSetting(f"{ENV_FILE} cannot be read: save it as UTF-8 text.") from None
    wrong = clash(settings)
    if wrong:
        raise WrongSetting(wrong)
    return settings


def unknown(environment: Mapping[str, str] = os.environ) -> list[str]:
    """A sentence for each name that looks like a setting and is none."""
    known = [name.upper() for name in Settings.model_fields]
    names = {name.upper() for name in (*environment, *dotenv_values(ENV_FILE))}
    ours = {name for name in names if name.startswith(PREFIX) and not name.startswith(_FOR_TESTS)}
    strange = sorted(ours - {PREFIX + name for name in known})
    return [f"{name} is no setting.{_nearest(name, known)}" for name in strange]


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name.removeprefix(PREFIX), known, n=1)
    return f" Did you mean {PREFIX}{near[0]}?" if near else ""


def _sentence(error: ValidationError) -> str:
    """The first problem: name, value (never a secret's) and what is wrong with it."""
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0])
    problem = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "literal_error":
        problem = f"it can be {first['ctx']['expected'].replace(chr(39), '')}"
    name = PREFIX + field.upper()
    end = "" if problem.endswith("?") else "."
    if Settings.model_fields[field].annotation == SecretStr | None:
        return f"{name} is wrong: {problem}{end}"
    value = _PASSWORD.sub("***", str(first["input"]))
    return f'{name} is "{value}": {problem}{end}'
