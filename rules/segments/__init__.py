"""Segments: which contacts are meant, as a small typed language (docs/segments.md)."""

from rules.segments.check import checked
from rules.segments.fields import FIELDS, Field
from rules.segments.printing import printed
from rules.segments.text import Misread, parse
from rules.segments.tree import (
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
    both,
    either,
    tests_of,
)

__all__ = [
    "FIELDS", "Ago", "And", "Around", "Field", "Misread", "Node", "Not", "Or", "Period", "Sum",
    "Test", "Value", "Where", "both", "checked", "either", "parse", "printed", "tests_of",
]  # fmt: skip
