"""The forms of verbs, from the stems, endings and families that the words files list."""

from __future__ import annotations

from collections.abc import Iterator

from language.wordfiles import listed, under, words_files

Families = dict[tuple[str, str], list[str]]
_LEAST = 5  # letters of a form; shorter ones are words of other languages too ("rule", "hate")


def families() -> Families:
    """For each tongue and form of a verb the whole family of forms."""
    found = {}
    for table in words_files().values():
        for tongue, lines in table.get("families", {}).items():
            for line in lines.strip().splitlines():
                family = listed(line)
                found.update({(tongue, form): family for form in family})
    return found


def formed(known: Families, tongue: str, phrase: str) -> list[str]:
    """The forms of a phrase that ends in a verb, each also with the verb joined on."""
    before, _, last = phrase.rpartition(" ")
    family = known.get((tongue, last), []) if before else []
    joined = [f"{before}{form}" for form in family]
    return [f"{before} {form}" for form in family] + joined


def commands(tongue: str, phrase: str) -> list[str]:
    """The ways to tell somebody to do what a stem says ("دکھا~"); the phrase itself where it
    is none."""
    stem, mark, _ = phrase.partition("~")
    said = under("imperatives").get(tongue) if mark else None
    if not said:
        return [phrase]
    before, _, last = stem.rpartition(" ")
    if last in said["irregular"]:
        return [f"{before} {form}".strip() for form in listed(said["irregular"][last])]
    ends = said["after_vowel"] if stem[-1:] in said["vowels"] else said["after_consonant"]
    told = [stem + end for end in listed(ends)]
    return told + [f"{stem} {verb}" for verb in listed(said["with"])]


def conjugated(tongue: str) -> Iterator[str]:
    """Every stem of a language with each ending of its kind: forms that are no names."""
    endings = under("endings")
    for kind, stems in under("stems").items():
        for ending in listed(endings[kind].get(tongue, "")):
            for stem in listed(stems.get(tongue, "")):
                form = stem + ending.removeprefix("-")
                if len(form) >= _LEAST:
                    yield form
