"""People: by given names, capitals, ranks and courtesy, and by the words around them."""

from __future__ import annotations

from functools import cached_property

from language.naming import Name, Words
from language.tongues import tongues

_SHORT = 6  # digits that are no phone number
_LONGEST = 5  # words
_ENOUGH = 2  # below this a run of unknown words is no name
_DOES = (
    "who_q",
    "call_past",
    "message_past",
    "email_past",
    "visit_past",
    "ordered",
    "wants",
    "complains",
    "have",
    "will",
    "changed",
    "says",
    "stage:qualified",
)
_AFTER = ("ko", "ne", "se", "wala", "saath", "paas", "liye", "about")
_BEFORE = (
    "with", "call_past", "meeting_past", "email_past", "message_past", "call",
    "meeting", "email_word", "message", "find", "show",
    "tell_about", "sent", "win", "lose", "finish", "snooze", "log_word", "visit_past", "note",
    "customer", "field:name",
)  # fmt: skip
_HEADS = ("customer", "order", "note", "deal", "add", "field:name", "find", "polite_end")
_NEAR = ("to", "from", "for", "deal", "order", "move", "do")
_OWNED = 4  # words to look at for what belongs to somebody
_KEPT = ("deal", "deals", "ticket", "order", "quote", "details", "field:phone", "field:email",
         "field:title", "field:city", "field:company", "finish", "close", "win", "lose", "snooze",
         "reminder", "place_of", "call", "message", "email_word", "phone", "complains", "broken",
         "show", "stage:next", "last")  # fmt: skip
_THEIRS = ("people_of", "task_word", "deal", "ticket", "order", "quote")  # "the Imogen task"
_KNOWN = 3  # how strong a name is that the words files list
_SMALL_WORDS = 2
_OF = ("of", "from", "at")  # after a name: where somebody works
_OBLIQUE = tuple(ending for tongue in tongues().values() for ending in tongue.oblique)


class People(Words):
    """Finds people in a sheet."""

    @cached_property
    def card(self) -> bool:
        """Whether a number or address stands in the text, as on a card."""
        tokens = self.sheet.tokens
        return any(
            t.kind == "email" or (t.kind == "number" and len(t.key) > _SHORT) for t in tokens
        )

    def find(self) -> list[Name]:
        found: list[Name] = []
        at = 0
        while at < len(self.sheet.tokens):
            name = self._person_at(at)
            if name:
                found.append(name)
                at = name.j
            else:
                at += 1
        return found

    def plain(self, at: int) -> bool:
        """Nor is a word in everyday use anybody's name, but for one written large after a name."""
        if self.capital(at) and self._named_before(at):
            return super().plain(at) and not self.sheet.has(at, "given:surname")
        if self.capital(at) and self.sheet.has(at, "given:word") and self._in_place(at):
            return False
        return super().plain(at) or self.usual(at)

    def _in_place(self, at: int) -> bool:
        """Whether a capital word of everyday use stands as a name does: "call Hope", "Dawn's"."""
        sheet = self.sheet
        if sheet.key(at + 1) == "'s" or sheet.has(at - 1, *_BEFORE, "honorific", "add", "that"):
            return True
        if sheet.value(at, "month"):
            return False
        does = sheet.has(at + 1, *_DOES, "call_past", "meeting_past", "sent", "is", "win", "lose")
        return does or (sheet.has(at - 1, *_NEAR, "told", "do") and not self.opens(at))

    def _named_before(self, at: int) -> bool:
        """Whether the word before this one may be a first name: it is large and no other word."""
        before = at - 1
        if not self.word(before) or not self.capital(before):
            return False
        return self.given(before) or not (super().plain(before) or self.usual(before))

    def _initials(self, at: int) -> int:
        """How many tokens are letters before a name written large: "M." Iqbal, "S. M." Ali; where
        somebody is asked for, before a small one as well."""
        sheet, j = self.sheet, at
        asked = self._is_asked_for(at)
        while j - at < _LONGEST and len(sheet.key(j)) == 1 and self._stands_large(j, asked):
            j += 1 + (sheet.key(j + 1) == "." and sheet.glued(j + 1))
        if j == at or not (self._stands_large(j, asked) and self._nameable(j, inside=True)):
            return 0
        if asked:
            return j - at
        alone = j - at == 1 and not self.given(j)  # "A Textile", "I Met"
        stands = not self.word(at - 1) or sheet.has(at - 1, *_BEFORE, *_NEAR, *_OF, "and", "is")
        return j - at if stands and not alone else 0

    def _stands_large(self, at: int, asked: bool) -> bool:
        return self.word(at) and self.sheet.tokens[at].latin and (asked or self.capital(at))

    def _is_asked_for(self, at: int) -> bool:
        """Whether it is asked who this is: "who is m iqbal", "m iqbal kaun hai"."""
        sheet = self.sheet
        is_ = sheet.has(at - 1, "is") or sheet.key(at - 1) == "'s"
        if sheet.has(at - 1 - is_, "who_q"):
            return True
        last = len(sheet.tokens) - 1
        last -= sheet.key(last) in "?؟"
        return at == 0 and sheet.has(last, "is") and sheet.has(last - 1, "who_q")

    def _person_at(self, at: int) -> Name | None:
        start = at
        at += self._initials(at)
        ranked = self.rank(at) and self._nameable(at + self.sheet.size(at))
        j = at + self.sheet.size(at) if ranked else at
        first = j
        strong = _KNOWN if ranked or (first > start and self._is_asked_for(start)) else 0
        while j - start < _LONGEST:
            at = j + (self._particles(j) if j > first else 0)
            if not self._nameable(at, inside=j > start):
                break
            if j > first and not (self.same_line(at) and self._matches(first, at)):
                break
            if j > first and self.rank(at) and not (strong >= _KNOWN or self.given(at)):
                return None  # "Bung Dr Ifeoma": the name begins later
            strong += self._strength(at)
            j = at + (self.sheet.size(at) if self.given(at) else 1)
        if j == first:
            return None
        j = self._drop_tail(first, j)
        if self.sheet.has(j, "honorific"):
            strong += 4
        if j <= first:
            return None
        weight = strong + self._place(start, j, strong)
        return Name("person", start, j, weight) if weight >= _ENOUGH else None

    def _particles(self, at: int) -> int:
        """How many small words lead on to another part of the name: "van der" Berg."""
        count = 0
        while count < _SMALL_WORDS and self.sheet.has(at + count, "particle"):
            count += 1
        return count if self.word(at + count) and self.capital(at + count) else 0

    def _matches(self, first: int, at: int) -> bool:
        """Words of one name are all capital or all small."""
        one, other = self.sheet.tokens[first], self.sheet.tokens[at]
        if one.latin != other.latin:
            return False
        return not one.latin or one.capital == other.capital

    def _place(self, i: int, j: int, strong: int) -> int:
        """How much the words around a run say that it is a name."""
        sheet, last = self.sheet, self.sheet.tokens[j - 1]
        oblique = strong < 2 and last.key.endswith(_OBLIQUE) and not self.capital(j - 1)
        score = -2 if oblique and not sheet.has(j, "people_of") else 0
        if i == 0 and self.card and j < len(sheet.tokens) and sheet.tokens[j].kind == "mark":
            score += 2
        does = sheet.has(j, *_DOES) and (self.capital(i) or self.opens(i))
        where = not sheet.verb_first and sheet.has(j, "place_of")
        if sheet.has(j, *_AFTER) or sheet.key(j) == "'s":
            score += 3
        elif does or where or (sheet.has(j, "ka") and (strong or self._owns(j))):
            score += 2
        if sheet.has(i - 1, "courtesy"):
            score += 4
        if (sheet.has(i - 1, "polite_end") and self._numbered(j)) or (
            sheet.has(j, "mein") and self.capital(i)
        ):
            score += 2
        headed = sheet.key(i - 1) == ":" and sheet.has(i - 2, *_HEADS)
        works = sheet.has(i - 1, *_OF) and self.word(i - 2) and not self.plain(i - 2)
        if sheet.has(i - 1, *_BEFORE) or headed or works:
            score += 2
        elif sheet.has(i - 1, *_NEAR):
            sure = (
                self.capital(i)
                or self._addressed(i, j)
                or not sheet.verb_first
                or sheet.has(j, "at", "from")
            )
            score += 2 if sure else 1
        theirs = self.capital(i) and not self.opens(i) and sheet.has(j, *_THEIRS)
        if strong < 5 and not theirs and (sheet.has(i - 1, "the", "measure") or self.counted(i)):
            score -= 4
        return score

    def _owns(self, at: int) -> bool:
        """Whether what an unknown word has is a customer's: "zorain ki deal", no pump's size."""
        sheet = self.sheet
        near = range(at, min(at + _OWNED, len(sheet.tokens)))
        return sheet.verb_first or any(sheet.has(each, *_KEPT) for each in near)

    def _numbered(self, at: int) -> bool:
        """Whether a phone number or address stands here."""
        token = self.sheet.tokens[at] if at < len(self.sheet.tokens) else None
        return token is not None and (
            token.kind == "email" or token.key == "+" or token.key[:1] == "0"
        )

    def _addressed(self, i: int, j: int) -> bool:
        """Whether something is sent to this word, which ends what is said: "quote to veronika"."""
        sheet = self.sheet
        ends = j >= len(sheet.tokens) or sheet.tokens[j].kind == "mark"
        sent = sheet.has(i - 2, "goods", "quote", "email_word", "message", "sent")
        return ends and sheet.has(i - 1, "to") and sent

    def _drop_tail(self, first: int, j: int) -> int:
        """Names do not end in everyday words."""
        while j > first and self.plain(j - 1) and not self.given(j - 1) and not self.rank(j - 1):
            j -= 1
        return j

    def _strength(self, at: int) -> int:
        strong = 3 if self.given(at) else 0
        if not strong and self.abbreviated(at):
            return -_ENOUGH
        if self.sheet.tokens[at].latin and self.capital(at) and not self.opens(at):
            strong += 2
        elif self.sheet.tokens[at].latin and self.capital(at):
            strong += 1
        return strong

    def _nameable(self, at: int, inside: bool = False) -> bool:
        sheet = self.sheet
        if self.word(at) and sheet.has(at, "name_tail") and not self.given(at):
            return inside
        if not self.word(at) or (
            sheet.has(at, "honorific", "org_end", "currency") and not self.given(at)
        ):
            return False
        if self.rank(at) and (inside or self.given(at)):
            return inside or sheet.tokens[at].capital or self._marked(at + 1)
        if sheet.has(at, "city") and not self.given(at):
            return False
        token = sheet.tokens[at]
        if token.latin:
            return self._latin(at, inside)
        if self.given(at):
            return not self.plain(at) or inside or self._marked(at + 1)
        return not self.plain(at) and len(token.key) > 1

    def _latin(self, at: int, inside: bool) -> bool:
        sheet, token = self.sheet, self.sheet.tokens[at]
        plain = self.plain(at) and not (token.capital and sheet.has(at - 1, "courtesy"))
        if self.given(at):
            if not plain or inside:
                return not plain or token.capital
            return token.capital and (not self.opens(at) or self._marked(at + 1))
        if plain or (sheet.has(at, "particle") and not token.capital):
            return False
        return len(token.key) > 1

    def _marked(self, at: int) -> bool:
        """Whether the word before this place is used as a name."""
        sheet = self.sheet
        if sheet.has(at, "ko", "ne", "se", "ka", "wala", "saath", "paas", "honorific", "given"):
            return True
        if at >= len(sheet.tokens):
            return False
        token = sheet.tokens[at]
        return token.key in {"'s", ",", "'"} or (token.latin and token.capital)
