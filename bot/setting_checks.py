"""What a setting's value must be like, and what does not go together. Problems are sentences."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

if TYPE_CHECKING:
    from bot.settings import Settings

SLACK_PATH = "/slack/events"
HTTP_PATHS = ("/healthz", "/readyz")
"""Addresses on our port that are spoken for."""

Owner = tuple[str, str, str]
"""Platform, team ("" on Telegram) and the platform's own id of a user."""


def owner(text: str) -> Owner:
    platform, _, rest = text.partition(":")
    team, slash, user = rest.rpartition("/")
    fits = {"telegram": not slash and user.isdecimal(), "slack": bool(team and user)}
    if not fits.get(platform):
        raise ValueError("write telegram:1001 or slack:T01ABC/U02DEF")
    return platform, team, user


def like(pattern: str, token: SecretStr, example: str) -> SecretStr:
    if not re.fullmatch(pattern, token.get_secret_value()):
        raise ValueError(f"it must look like {example}")
    return token


def address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+/\S*", url):
        raise ValueError("it must begin with https:// or http:// and have a path")
    return url


def webhook(url: str) -> str:
    found = re.fullmatch(r"https?://[^\s/?#]+(/[\w./~-]*)", url, re.ASCII)
    if not found:
        raise ValueError("it must be like https://rabta.example.com/telegram")
    if found[1] in (SLACK_PATH, *HTTP_PATHS):
        raise ValueError(f"{found[1]} is for something else, choose another path")
    return url


def public(url: str) -> str:
    if not re.fullmatch(r"https://[\w.-]+(:\d+)?(/[\w./~-]*)?", url, re.ASCII):
        raise ValueError("it must be like https://rabta.example.com")
    return url.rstrip("/")


def machine(name: str) -> str:
    if not re.fullmatch(r"[\w.:-]+", name):
        raise ValueError("it must be an address of this machine, such as 127.0.0.1 or 0.0.0.0")
    return name


def whole(number: Any, most: int) -> int:
    if not str(number).isdecimal() or not 1 <= int(str(number)[:9]) <= most:
        raise ValueError(f"it must be a number from 1 to {most}")
    return int(number)


def one_of(known: Any, word: str, problem: str) -> str:
    if word not in known:
        raise ValueError(f"{problem}.{_did_you_mean(word, known)}".removesuffix("."))
    return word


def _did_you_mean(word: str, known: Any) -> str:
    near = get_close_matches(word, known, n=1)
    return f" Did you mean {near[0]}?" if near else ""


# Together


def clash(settings: Settings) -> str:
    """A sentence on what does not go together; empty where all is well."""
    return _slack(settings) or _telegram(settings) or _mail(settings)


def _mail(settings: Settings) -> str:
    if settings.smtp_url and not settings.mail_from:
        return "RABTA_MAIL_FROM is missing: mails to customers need an address that they are from."
    if settings.mail_from and not settings.smtp_url:
        return "RABTA_SMTP_URL is missing: RABTA_MAIL_FROM is of no use without."
    return ""


def _slack(settings: Settings) -> str:
    bot, app = settings.slack_bot_token, settings.slack_app_token
    signing = settings.slack_signing_secret
    if bot and not app and not signing:
        return (
            "RABTA_SLACK_APP_TOKEN is missing: Slack needs it, or RABTA_SLACK_SIGNING_SECRET to"
            " come by HTTP, not only BOT_TOKEN."
        )
    if not bot and (app or signing):
        has = "APP_TOKEN" if app else "SIGNING_SECRET"
        return f"RABTA_SLACK_BOT_TOKEN is missing: Slack needs it, not only {has}."
    return ""


def _telegram(settings: Settings) -> str:
    url = settings.telegram_webhook_url
    if url and not settings.telegram_token:
        return "RABTA_TELEGRAM_TOKEN is missing: RABTA_TELEGRAM_WEBHOOK_URL is of no use without."
    their_own = settings.telegram_base_url.startswith("https://api.telegram.org/")
    if url.startswith("http://") and their_own:
        return (
            f'RABTA_TELEGRAM_WEBHOOK_URL is "{url}": it must begin with https://, or'
            " RABTA_TELEGRAM_BASE_URL be a Bot API server of yours."
        )
    return ""
