"""Vietnamese syllables: whether a word is spelt as one. Text in the wrong encoding almost never is.

A syllable is a beginning, a rhyme and at most one tone; one that ends in c, ch, p or t bears the rising or the heavy tone.
Loan words and names of other languages of Vietnam (Krông, Pleiku) are no syllables in this sense: nothing is concluded from them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from sanchoi.gis.names import TONES

_BEGINNINGS = "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x"
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu yêm yên yêng yêt yêu
    o oc oi om on ong op ot oa oac oach oai oan oang oanh oao oat oay oăc oăm oăn oăng oăt oe oen oeo oet ooc oong
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uên uơ uy uya uych uyn uynh uyt uyu uyên uyêt
    uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y ych ynh yt
    """
BEGINNINGS = tuple(_BEGINNINGS.split())
"""Consonants that a syllable may begin with."""
RHYMES = frozenset(_RHYMES.split())
"""What may follow them, without tone."""
HARD, BEFORE_FRONT, FRONT = ("c", "g", "ng"), ("gh", "k", "ngh"), "eêiy"
"""Beginnings that never stand before e, ê, i or y, and those that stand nowhere else."""
ROUND = ("oa", "oă", "oe", "uâ", "uê", "uơ", "uy")
"""Rhymes that are written qu- after the sound of c."""
VOWELS = "aeiouy"
STOPS = ("c", "ch", "k", "p", "t")
SHARP = ("\u0301", "\u0323")
"""Tones of a syllable that ends in a stop: rising and heavy."""


@lru_cache(maxsize=100_000)
def is_syllable(word: str) -> bool:
    """Whether a word (composed letters) is spelt as a Vietnamese syllable, in small letters, capitals, or with a first capital.

    Capitals whose toned vowels alone are small ("THàNH") count too: fonts without toned capitals force people to write so.
    """
    if not word or not _even(word):
        return False
    tones: list[str] = []
    plain: list[str] = []
    for letter in unicodedata.normalize("NFD", word.lower()):
        if letter not in TONES:
            plain.append(letter)
        elif plain and (plain[-1] in VOWELS or unicodedata.combining(plain[-1])):
            tones.append(letter)
        else:
            return False
    text = unicodedata.normalize("NFC", "".join(plain))
    if len(tones) > 1:
        return False
    if text.startswith("gi") and (text == "gi" or _fits("g", text[1:], tones, True)):
        return True
    return any(text.startswith(start) and _fits(start, text[len(start) :], tones) for start in (*BEGINNINGS, ""))


def _fits(start: str, rhyme: str, tones: list[str], soft: bool = False) -> bool:
    """Whether a rhyme may follow a beginning. `soft` : gi, whose i begins the rhyme."""
    if rhyme not in RHYMES or (rhyme.endswith(STOPS) and tones and tones[0] not in SHARP):
        return False
    if start in HARD and not soft:
        return rhyme[0] not in FRONT and not (start == "c" and rhyme.startswith(ROUND))
    return start not in BEFORE_FRONT or rhyme[0] in FRONT


def _even(word: str) -> bool:
    if word == word.lower() or word == word.upper() or word == word[0] + word[1:].lower():
        return True
    small = [letter for letter in word if letter != letter.upper()]
    return all(any(mark in TONES for mark in unicodedata.normalize("NFD", letter)) for letter in small)
