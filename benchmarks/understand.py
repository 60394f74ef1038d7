"""What reading a message costs, beside hassil and dateparser on the same messages in the same run.

hassil matches templates of a few of our actions and fills wildcards; dateparser only looks for
dates (`dateparser.search.search_dates`, told the languages). Neither reads as much; what counts is
the order of size, and in how many messages each finds anything. The processor's time is counted,
so other programs disturb little. With a number (100000) so many hostile texts are read; without
one, a thousand.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dateparser.search import search_dates
from hassil import Intents, recognize

from language.reader import read
from language.typed import typed_values
from tests.language.hostile import hostile, real

NOW = datetime.fromisoformat("2026-11-25T10:00:00+05:00")
ROUNDS = 3
SLOW = 20.0  # milliseconds from which a text is read again: the machine may have been busy
TEMPLATES = {
    "activity.log": ["(met|called|spoke to|emailed) {name} [(from|at) {company}][,] [{text}]"],
    "deal.add": ["[new] deal [with|for] {name}[,] [worth] {amount}"],
    "deal.win": [
        "(won|closed|bagged) [the] {name} [deal] [for {amount}]",
        "{name} ki deal jeet gaye",
    ],
    "deal.lose": ["lost [the] {name} [deal] [because|due to] {reason}"],
    "task.add": ["remind me to {text}", "call {name} [on] {due}", "{name} ko {due} call karni hai"],
    "contact.add": ["(add|new lead|new customer)[:] {name}[,] {phone}"],
    "contact.show": ["(tell me about|show) {name}", "{name} ka number"],
    "order.add": ["{name} (ordered|ne order diya) {quantity} {product}"],
}


def templates() -> Callable[[str], object]:
    """hassil with templates for eight actions; what stands in a slot is a wildcard."""
    slots = ("name", "company", "text", "amount", "reason", "due", "phone", "quantity", "product")
    intents = Intents.from_dict(
        {
            "language": "en",
            "intents": {
                intent: {"data": [{"sentences": sentences}]}
                for intent, sentences in TEMPLATES.items()
            },
            "lists": {slot: {"wildcard": True} for slot in slots},
        }
    )
    return lambda text: recognize(text, intents)


def dates() -> Callable[[str], object]:
    """dateparser, which says where in a text the dates are."""
    how = {"RELATIVE_BASE": NOW.replace(tzinfo=None), "PREFER_DATES_FROM": "future"}
    return lambda text: search_dates(text, languages=["en", "ur"], settings=how)


def spent(work: Callable[[str], object], text: str) -> float:
    """Milliseconds of the processor for one text."""
    begun = time.process_time()
    work(text)
    return (time.process_time() - begun) * 1e3


def measured(
    readers: dict[str, Callable[[str], object]], texts: list[str]
) -> dict[str, list[float]]:
    """For each reader its best time for each text; they take turns."""
    best = {name: [float("inf")] * len(texts) for name in readers}
    for _ in range(ROUNDS):
        for name, work in readers.items():
            for at, text in enumerate(texts):
                best[name][at] = min(best[name][at], spent(work, text))
    return best


def started() -> float:
    """Seconds of the processor until `rabta understand` has answered one line and ended."""
    line = f'{{"id": 1, "text": "met Ali", "now": "{NOW.isoformat()}"}}\n'.encode()
    program = Path(sys.executable).with_name("rabta")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "understand"], input=line, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def worst(count: int) -> tuple[float, str]:
    """The longest time of any hostile text, for actions and for values, and how it begins."""
    slowest = (0.0, "")
    for text in hostile(count):
        for work in (lambda said: read(said, NOW), lambda said: typed_values(said, NOW)):
            took = spent(work, text)
            if took > SLOW:
                took = min(took, spent(work, text), spent(work, text))
            slowest = max(slowest, (took, ascii(text[:40])))
    return slowest


def main() -> None:
    warnings.simplefilter("ignore")  # of libraries, on texts that they do not know
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    texts = real()
    readers: dict[str, Callable[[str], object]] = {
        "rabta": lambda text: [one for one in read(text, NOW) if one.intent != "none"],
        "rabta's values": lambda text: typed_values(text, NOW),
        "hassil": templates(),
        "dateparser": dates(),
    }
    best = measured(readers, texts)
    ours = statistics.median(best["rabta"])
    print(f"reading {len(texts)} messages, Python {sys.version.split()[0]}, one core")
    head = ("messages/s", "p50 ms", "p99 ms", "max ms", "x rabta", "found in")
    print(f"  {'':15}" + "".join(f"{name:>11}" for name in head))
    for name, times in best.items():
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        rate, found = 1000 * len(times) / sum(times), sum(map(bool, map(readers[name], texts)))
        figures = f"{rate:11.0f}{p50:11.2f}{p99:11.2f}{max(times):11.2f}{p50 / ours:11.1f}"
        print(f"  {name:15}{figures}{found / len(texts):11.0%}")
    print(f"  rabta understand starts and answers in {min(started() for _ in range(3)):.2f} s")
    took, text = worst(count)
    print(f"  of {count} hostile texts the longest took {took:.1f} ms: {text}")


if __name__ == "__main__":
    main()
