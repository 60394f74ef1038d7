"""A segment told back in words, as it was understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from babel import Locale

from handlers.journey_names import called
from handlers.pipeline import all_stages, stage_name
from handlers.turn import Turn
from language.voice import RLM, grouped
from rules.countries import code_of
from rules.money import Money
from rules.segments import (
    Ago,
    And,
    Around,
    Node,
    Not,
    Or,
    Period,
    Sum,
    Test,
    Value,
    Where,
)
from rules.segments.fields import LANGUAGES
from rules.touches import CHANNELS

_OPS = {"=": "is", ">=": "least", "<=": "most", ">": "over", "<": "under"}
_STEPS = {-1: "previous", 0: "this", 1: "next"}
_CUSTOMER = Test("customer", "is")
_ONE = Decimal(1)


def described(turn: Turn, node: Node) -> str:
    """``Customers · in Lahore · bought at least 2 times · ...``."""
    words = _Words(turn)
    nodes = list(node.nodes) if isinstance(node, And) else [node]
    whom = "segment_whom_customers" if _CUSTOMER in nodes else "segment_whom_contacts"
    rest = [words.told(each) for each in nodes if each != _CUSTOMER]
    return " · ".join([words.say(whom), *rest])


def _spoken(said: str) -> str:
    return next((code for code, names in LANGUAGES.items() if said.casefold() in names), "")


class _Words:
    def __init__(self, turn: Turn) -> None:
        self.turn, self.voice = turn, turn.voice

    def say(self, key: str, **values: str) -> str:
        return self.turn.say(key, **values).replace(RLM, "")

    # --- how conditions are joined ----------------------------------------------------------------

    def told(self, node: Node, *, denied: bool = False) -> str:
        match node:
            case Not(inner):
                return self.told(inner, denied=not denied)
            case And(nodes) | Or(nodes):
                return self._joined(node, nodes, denied=denied)
            case Test():
                return self._test(node, denied=denied)

    def _joined(self, node: Node, nodes: Sequence[Node], *, denied: bool) -> str:
        """Of "not (a or b)" it is said that neither holds."""
        every = isinstance(node, And) != denied
        joint = self.say("segment_and" if every else "segment_or")
        parts = [self.told(each, denied=denied) for each in nodes]
        return "(" + f" {joint} ".join(parts) + ")"

    # --- one test ---------------------------------------------------------------------------------

    def _test(self, test: Test, *, denied: bool) -> str:
        key = f"segment_{test.field}"
        if test.op in {"has", "is"}:
            suffix = "_has" if test.op == "has" else ""
            key = f"{key}{suffix}"
            if f"{key}_not" not in self.voice.words:
                key = "segment_field_has"
            said = {"name": self._name(test)} if key == "segment_field_has" else {}
            return self.say(f"{key}_not" if denied else key, **said)
        values = {"value": self._value(test, test.value), "name": self._name(test)}
        if isinstance(test.value, Decimal | Sum):
            return self._counted(test, denied=denied)
        if test.field == "silent":
            return self._silent(test, denied=denied)
        key = key if key in self.voice.words else "segment_field"
        if isinstance(test.value, tuple) and test.op == "~":
            values["value"] = f"…{values['value']}…" if test.field != "title" else values["value"]
        told = self.say(f"{key}_not" if denied else key, **values)
        return told + self._narrowed(test.where)

    def _name(self, test: Test) -> str:
        if test.name:
            return test.name
        key = f"segment_name_{test.field}"
        return self.say(key) if key in self.voice.words else test.field

    def _counted(self, test: Test, *, denied: bool) -> str:
        """How often, or how much; that there is none, or at least one, is said so."""
        narrowed = self._narrowed(test.where)
        none = (test.op, test.value) == ("=", Decimal(0))
        some = (test.op, test.value) == (">=", _ONE)
        if test.field in {"orders", "activities", "deals", "tickets"} and (none or some):
            never = none != denied
            return self.say(f"segment_{test.field}_{'none' if never else 'some'}") + narrowed
        bound = self._bound(test.op, self._value(test, test.value))
        key = f"segment_{test.field}"
        key = key if key in self.voice.words else "segment_field"
        told = self.say(key, bound=bound, value=bound, name=self._name(test)) + narrowed
        return self.say("segment_not", what=told) if denied else told

    def _bound(self, op: str, value: str) -> str:
        return self.say(f"segment_{_OPS[op]}", n=value)

    def _silent(self, test: Test, *, denied: bool) -> str:
        long = (test.op in {">=", ">"}) != denied
        length = self._length(test.value) if isinstance(test.value, Ago) else ""
        if test.op in {">", "<="}:
            length = self.say("segment_over", n=length)
        return self.say("segment_silent" if long else "segment_silent_not", value=length)

    # --- values -----------------------------------------------------------------------------------

    def _value(self, test: Test, value: Value) -> str:
        match value:
            case tuple():
                return self._any(self._text(test.field, each) for each in value)
            case Sum(amount, currency):
                money = Money.of(amount, currency or self.turn.currency)
                return self.voice.money(money)
            case Decimal():
                return grouped(value) + ("%" if test.field == "chance" else "")
            case Period() | Around():
                return self._period(value)
            case Ago():
                return self._length(value)
            case _:
                return ""

    def _any(self, values: Iterable[str]) -> str:
        return f" {self.say('segment_or')} ".join(map(self.voice.apart, values))

    def _text(self, field: str, said: str) -> str:
        if field == "country" and (code := code_of(said)):
            tongue = "ur" if self.voice.tongue == "ur" else "en"
            return str(Locale(tongue).territories.get(code, said))
        if field in {"consent", "opted_out"} and said in CHANNELS:
            return self.say(f"channel_{said}")
        if field == "journey":
            return called(self.turn, said)
        if field == "language" and self.voice.tongue == "ur" and (spoken := _spoken(said)):
            return self.say(f"tongue_{spoken}")
        return said

    def _narrowed(self, where: Sequence[Where]) -> str:
        if not where:
            return ""
        return f" ({', '.join(map(self._where, where))})"

    def _where(self, where: Where) -> str:
        match where.value:
            case Period() | Around() as period:
                return self._period(period)
            case Sum(amount, currency):
                money = self.voice.money(Money.of(amount, currency or self.turn.currency))
                return self.say("segment_each", bound=self._bound(where.op, money))
            case tuple() as values:
                return self._any(self._said(where.key, each) for each in values)
            case _:
                return ""

    def _said(self, key: str, value: str) -> str:
        if key == "stage":
            found = [each.key for each in all_stages(self.turn) if value == each.key]
            return stage_name(self.turn, value).replace(RLM, "") if found else value
        word = f"segment_{key}_{value}"
        return self.say(word) if word in self.voice.words else value

    # --- days -------------------------------------------------------------------------------------

    def _length(self, length: Ago) -> str:
        return self.say(f"segment_length_{length.unit}", n=str(abs(length.count)))

    def _period(self, period: Period | Around) -> str:
        match period:
            case Around(step, unit):
                return self.say(f"segment_{_STEPS[step]}_{unit}")
            case Period(Ago(count, _) as ago, Ago(0)) if count > 0:
                return self.say("segment_last", length=self._length(ago))
            case Period(Ago(0), Ago(count, _) as ahead) if count < 0:
                return self.say("segment_coming", length=self._length(ahead))
            case Period(None, Ago(count, _) as ago) if count > 0:
                return self.say("segment_long_ago", length=self._length(ago))
            case Period(None, last):
                return self.say("segment_until", day=self._day(last))
            case Period(first, None):
                return self.say("segment_since", day=self._day(first))
            case Period(first, last) if first == last:
                return self._day(first)
            case Period(first, last):
                return self.say("from_to", first=self._day(first), last=self._day(last))

    def _day(self, edge: date | Ago | None) -> str:
        if isinstance(edge, Ago):
            return self.voice.day(edge.day(self.turn.today))
        return self.voice.full_day(edge) if edge else ""
