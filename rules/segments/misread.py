"""That a query cannot be read, and what of it."""

from __future__ import annotations


class Misread(ValueError):
    """``why`` is what was looked for (field, sign, text, period, ...) or wrong; ``said`` what
    stands there instead, empty at the end."""

    def __init__(self, why: str, said: str) -> None:
        super().__init__(why, said)
        self.why, self.said = why, said
