"""Placeholder while the reader's own is being written."""
from __future__ import annotations


def read_amount(text: str, currency: str) -> tuple[float, str] | None: return None
def read_due(text: str, now: object) -> str | None: return None
def read_phone(text: str, region: str) -> str | None: return text
def read_email(text: str) -> str | None: return text
def read_stage(text: str, stages: object) -> str | None: return None
