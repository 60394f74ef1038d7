"""Whether what stands in the books as an order is a purchase."""

from __future__ import annotations

from functools import lru_cache

UNDONE = frozenset({
    "canceled", "cancelled", "returned", "refunded", "void", "voided", "rejected", "declined",
    "failed", "draft", "quote", "quotation", "estimate", "abandoned", "منسوخ", "واپس", "mansookh",
    "mansukh", "wapas", "wapis",
})  # fmt: skip
"""Words of a status that say that nothing was bought, as shops and books write them."""


DELIVERED = frozenset({
    "delivered", "completed", "complete", "fulfilled", "received", "closed", "done", "paid",
    "پہنچ گیا", "مکمل", "pahunch gaya", "mukammal",
})  # fmt: skip
"""Statuses of an order that has arrived, as shops and books write them."""


@lru_cache(maxsize=1000)
def counts(status: str | None) -> bool:
    """Whether an order of this status is a purchase: all are whose status does not deny it."""
    if not status:
        return True
    words = "".join(letter if letter.isalpha() else " " for letter in status.casefold()).split()
    return UNDONE.isdisjoint(words) or "partially" in words
