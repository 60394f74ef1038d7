"""What the reader needs to know about the workspace: region, currency, its own names for things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from language.known import Known

USUAL_STAGES = {key: key for key in ("lead", "qualified", "proposal", "negotiation")}


@dataclass(frozen=True, slots=True)
class Setting:
    """The defaults that apply where a message does not say.

    ``stages``, ``pipelines`` and ``fields`` (custom ones) are names by key, as the team calls them;
    what has the usual name has its key for a name. `known` are its people, companies and such;
    `spoken` says whether something was spoken of lately in this chat (None: there is no chat).
    """

    region: str = "PK"
    currency: str = "PKR"
    stages: Mapping[str, str] = field(default_factory=lambda: USUAL_STAGES)
    pipelines: Mapping[str, str] = field(default_factory=lambda: {"sales": "sales"})
    fields: Mapping[str, str] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    spoken: bool | None = None
