"""Rabta killed at random moments while people write, and what became of every message.

    python -m tests.faults.kills --kills 300 --seed 7

A round is one door (Telegram polled or by webhook, Slack by socket or by HTTP) before one database
(SQLite with one process, PostgreSQL with three): ``round.py`` tells it, ``checks.py`` judges it.
"""
