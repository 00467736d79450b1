"""CQL2 text: a filter as text → the same tree that CQL2 JSON gives. One pass, so its time grows with its length alone.

    filter     = and {OR and}              and = not {AND not}            not = {NOT} comparison
    comparison = operand [(= | <> | < | > | <= | >=) operand | IS [NOT] NULL | [NOT] (LIKE operand | BETWEEN operand AND operand
                 | IN "(" operand {"," operand} ")")]
    operand    = number | 'text' | TRUE | FALSE | name | "name" | shape | name "(" [filter {"," filter}] ")" | "(" filter ")"

The parsers that are ready to be had take exponential time over brackets or end the process when signs are heaped up.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

import shapely

MAX_DEPTH = 50
"""Brackets, functions and NOTs that may lie in each other."""
TOKENS = re.compile(
    r"""\s*(?:
        (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<text>'(?:[^'\\]|''|\\'|\\)*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<name>[^\W\d](?:[\w.:]*\w)?)
      | (?P<mark><>|<=|>=|[=<>(),])
    )""",
    re.VERBOSE,
)
SHAPES = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION")
COMPARED = ("=", "<>", "<", ">", "<=", ">=")
WORDS = ("AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS")
Tree = Any
"""A CQL2 JSON tree."""


@dataclass(frozen=True)
class Token:
    """One token: its kind, its text, and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int


def parse(text: str) -> Tree:
    """The tree of a filter.

    Raises
    ------
    ValueError : it is no CQL2; the message is the place where reading stopped.
    """
    return _Reader(text).whole()


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = TOKENS.match(text, at)
        if match is None:
            raise ValueError(text[at : at + 20])
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind], match.start(kind), match.end()))
        at = match.end()
    return [*found, Token("end", "", end, end)]


class _Reader:
    """Reads the tokens of one filter from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at, self.depth = text, _tokens(text), 0, 0

    def whole(self) -> Tree:
        tree = self.either()
        if self.here.kind != "end":
            raise self.stopped()
        return tree

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def stopped(self) -> ValueError:
        return ValueError(self.text[self.here.start : self.here.start + 20] or "…")

    def word(self, *words: str) -> bool:
        """Whether a word stands here; it is then passed."""
        if self.here.kind == "name" and self.here.text.upper() in words:
            self.at += 1
            return True
        return False

    def mark(self, text: str) -> bool:
        """Whether a mark stands here; it is then passed."""
        if self.here.kind == "mark" and self.here.text == text:
            self.at += 1
            return True
        return False

    def need(self, passed: bool) -> None:
        if not passed:
            raise self.stopped()

    def down(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.stopped()

    def either(self) -> Tree:
        parts = [self.both()]
        while self.word("OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else {"op": "or", "args": parts}

    def both(self) -> Tree:
        parts = [self.negated()]
        while self.word("AND"):
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}

    def negated(self) -> Tree:
        if not self.word("NOT"):
            return self.comparison()
        self.down()
        tree = {"op": "not", "args": [self.negated()]}
        self.depth -= 1
        return tree

    def comparison(self) -> Tree:
        left = self.operand()
        if self.here.kind == "mark" and self.here.text in COMPARED:
            self.at += 1
            return {"op": self.tokens[self.at - 1].text, "args": [left, self.operand()]}
        if self.word("IS"):
            negated = self.word("NOT")
            self.need(self.word("NULL"))
            return _unless(negated, {"op": "isNull", "args": [left]})
        negated = self.word("NOT")
        if self.word("LIKE"):
            return _unless(negated, {"op": "like", "args": [left, self.operand()]})
        if self.word("BETWEEN"):
            low = self.operand()
            self.need(self.word("AND"))
            return _unless(negated, {"op": "between", "args": [left, low, self.operand()]})
        if self.word("IN"):
            self.need(self.mark("("))
            return _unless(negated, {"op": "in", "args": [left, self.rest(self.operand)]})
        self.need(not negated)
        return left

    def rest(self, part: Any) -> list[Tree]:  # noqa: ANN401 - a method of this class
        """Parts separated by commas up to the closing bracket."""
        self.down()
        parts = [part()]
        while self.mark(","):
            parts.append(part())
        self.need(self.mark(")"))
        self.depth -= 1
        return parts

    def operand(self) -> Tree:
        token = self.here
        if token.kind == "mark":
            self.need(self.mark("("))
            parts = self.rest(self.either)
            if len(parts) != 1:
                raise ValueError(self.text[token.start : token.start + 20])
            return parts[0]
        if token.kind == "end" or (token.kind == "name" and token.text.upper() in WORDS):
            raise self.stopped()
        self.at += 1
        if token.kind == "number":
            return _number(token.text)
        if token.kind == "text":
            return token.text[1:-1].replace("''", "'").replace("\\'", "'")
        if token.kind == "quoted":
            return {"property": token.text[1:-1].replace('""', '"')}
        upper = token.text.upper()
        if upper in ("TRUE", "FALSE"):
            return upper == "TRUE"
        if upper in SHAPES:
            return self.shape(token)
        if not self.mark("("):
            return {"property": token.text}
        parts = [] if self.mark(")") else self.rest(self.either)
        if upper == "BBOX":
            return {"bbox": parts}
        if upper in ("DATE", "TIMESTAMP"):
            return {upper.lower(): parts[0] if len(parts) == 1 else None}
        return {"op": token.text.lower(), "args": parts}

    def shape(self, token: Token) -> Tree:
        """A shape in well-known text, as GeoJSON."""
        self.word("Z")
        self.need(self.mark("("))
        deep = 1
        while deep:
            here = self.here
            if here.kind not in ("number", "mark", "name") or (here.kind == "name" and here.text.upper() not in SHAPES):
                raise self.stopped()
            deep += {"(": 1, ")": -1}.get(here.text, 0)
            if deep > MAX_DEPTH:
                raise self.stopped()
            self.at += 1
        wkt = self.text[token.start : self.tokens[self.at - 1].end]
        try:
            return json.loads(shapely.to_geojson(shapely.from_wkt(wkt)))
        except shapely.errors.ShapelyError as error:
            raise ValueError(wkt[:20]) from error


def _unless(negated: bool, tree: Tree) -> Tree:
    return {"op": "not", "args": [tree]} if negated else tree


def _number(text: str) -> int | float:
    if text.lstrip("+-").isdecimal() and len(text) < 400:
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text[:20])
    return value
