"""Draw docs/conversation.png: a real conversation, through the real desk, as two phones show it.

Needs a Chromium on the machine; run it with ``.venv/bin/python -m docs.picture``.
"""

from __future__ import annotations

import html
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from handlers.reply import Fields, Items, Line, Reply, Table, Title
from storage.clock import SetClock
from storage.database import Database
from storage.migrate import migrate
from tests.conversation import Conversation, buttons

HERE = Path(__file__).parent
NOON = datetime(2026, 11, 25, 8, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)

ENGLISH = (
    "met Sara Malik from Nishat Mills, she wants 40 looms, deal 5 lakh, call her friday 3pm",
    "nishat moved to proposal",
)
URDU = (
    "گلشن ٹیکسٹائل کی عائشہ خان سے ملاقات ہوئی، ۵ لاکھ کی ڈیل، جمعے کو ۳ بجے کال کرنی ہے",
    "گلشن ٹیکسٹائل والی ڈیل 4.8 لاکھ میں جیت گئے",
)

STYLE = """
* { box-sizing: border-box } body { margin: 0; padding: 28px; display: flex; gap: 28px;
  background: #eef1f5; font: 17px/1.45 'Noto Sans', 'DejaVu Sans', sans-serif; width: 1080px }
.phone { flex: 1; background: #d9e4ec; border-radius: 26px; padding: 20px 18px;
  box-shadow: 0 4px 18px #0002 }
.said, .answer { border-radius: 16px; padding: 10px 14px; margin: 8px 0; max-width: 92%;
  width: fit-content; unicode-bidi: plaintext }
.said { background: #dcf8c6; margin-left: auto } .answer { background: white }
.rtl { font-family: 'Noto Nastaliq Urdu', 'Noto Naskh Arabic'; line-height: 2.1; font-size: 16px }
.said:lang(ur) { font-family: 'Noto Nastaliq Urdu', 'Noto Naskh Arabic'; line-height: 2.1;
  font-size: 16px }
p { margin: 0 } p.title:not(:first-child) { margin-top: 9px } b { font-weight: 650 }
.quiet { color: #667; font-size: 15px }
table { border-collapse: collapse; margin: 6px 0 } td, th { padding: 2px 12px 2px 0;
  text-align: start } .row { display: flex; flex-wrap: wrap; gap: 6px; margin: 0 0 10px }
.row span { background: #ffffffb0; color: #2a6da8; border-radius: 9px; padding: 5px 14px;
  font-size: 15px } .when { text-align: center; color: #5a6672; font-size: 14px; margin: 10px }
"""


def drawn(reply: Reply) -> str:
    """A reply as a bubble with its buttons under it."""
    lines: list[str] = []
    for part in reply.parts:
        match part:
            case Title(text):
                lines.append(f"<p class=title><b>{html.escape(text)}</b></p>")
            case Line(text, quiet):
                lines.append(f"<p class={'quiet' if quiet else 'line'}>{html.escape(text)}</p>")
            case Fields(rows):
                lines += [
                    f"<p><b>{html.escape(k)}:</b> <bdi>{html.escape(v)}</bdi></p>" for k, v in rows
                ]
            case Items(items):
                lines += [f"<p>• {html.escape(item)}</p>" for item in items]
            case Table(head, rows):
                cells = [("th", head), *(("td", row) for row in rows)]
                body = "".join(
                    "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in row) + "</tr>"
                    for tag, row in cells
                )
                lines.append(f"<table>{body}</table>")
    side = 'dir="rtl"' if reply.rtl else 'dir="ltr"'
    labels = "".join(f"<span>{html.escape(each.label)}</span>" for each in buttons(reply))
    kind = "answer rtl" if reply.rtl else "answer"
    return (
        f'<div class="{kind}" {side}>{"".join(lines)}</div><div class="row" {side}>{labels}</div>'
    )


def phone(folder: Path, tongue: str, said: tuple[str, ...], friday: str) -> str:
    database = Database(f"sqlite:///{folder}/{tongue}.db")
    migrate(database)
    chat = Conversation(database, SetClock(NOON))
    shown: list[str] = []
    for text in said:
        shown.append(f'<div class="said" dir="auto" lang="{tongue}">{html.escape(text)}</div>')
        shown.append(drawn(chat.says(text)))
    chat.clock.set(FRIDAY)
    shown.append(f'<div class="when">{friday}</div>')
    shown += [drawn(heard.reply) for heard in chat.rings()[:1]]
    return f'<div class="phone">{"".join(shown)}</div>'


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is needed to draw the picture.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = folder / "page.html"
        phones = phone(folder, "en", ENGLISH, "Friday, 3:00 pm")
        phones += phone(folder, "ur", URDU, "جمعہ، 3:00")
        page.write_text(f"<meta charset=utf-8><style>{STYLE}</style>{phones}", "utf-8")
        subprocess.run(  # noqa: S603 - the browser found above, on our own page
            [
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", f"--user-data-dir={folder}/profile",
                "--force-device-scale-factor=1.5", "--window-size=1080,1040",
                f"--screenshot={HERE / 'conversation.png'}", page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )  # fmt: skip


if __name__ == "__main__":
    main()
