"""Keys for what a team makes and names itself: they stay for good, whatever it is called later."""

from __future__ import annotations

import re
from collections.abc import Collection

from language.folding import fold


def free_key(name: str, taken: Collection[str], *, usual: str, longest: int) -> str:
    """A key that nothing has or had: ``site_visit``, ``site_visit_2``; of a name without any
    letter it is the ``usual`` one. ``longest`` is without the number behind it."""
    base = "_".join(re.findall(r"\w+", fold(name)))[:longest] or usual
    keys = (base if n == 1 else f"{base}_{n}" for n in range(1, len(taken) + 2))
    return next(key for key in keys if key not in taken)
