"""Words of the sites map: whole in both languages, and there for all that the rules and the warnings name."""

import io
import re
from importlib import resources
from pathlib import Path

import pandas as pd
from sanchoi.maps import advice_words, sites, sites_words, words
from sanchoi.maps.remarks import REMARKS


def test_every_word_has_the_same_blanks_in_both_languages():
    for key, (vi, en) in sites_words.WORDS.items():
        assert set(re.findall(r"\{(\w+)\}", vi)) == set(re.findall(r"\{(\w+)\}", en)), key


def test_every_word_that_the_scripts_ask_for_is_there():
    asked = set()
    for name in sites.SCRIPTS:
        asked |= set(re.findall(r'\bw\("(\w+)"', sites.page.template(name)))
    asked |= set(re.findall(r'data-(?:word|label|hint)="(\w+)"', sites.page.template("sites.html")))
    known = set(words.WORDS) | set(sites_words.WORDS)
    assert {key for key in asked if not key.endswith("_")} <= known


def test_laws_and_layers_of_the_rules_have_vietnamese_words():
    rules, land = (
        pd.read_csv(io.StringIO(resources.files("sanchoi.data").joinpath(f"{name}.csv").read_text("utf-8")), dtype=str)
        for name in ("constraints", "landuse_codes")
    )
    said = {text for table in (rules, land) for name in ("source", "article") for text in table[name].dropna()}
    assert said <= set(advice_words.LAWS)
    assert {f"cl_{layer}" for layer in rules["layer"]} <= set(advice_words.WORDS)


def test_every_warning_of_the_code_has_plain_words():
    folder = Path(str(resources.files("sanchoi.gis")))
    said = set()
    for path in folder.rglob("*.py"):
        said |= set(re.findall(r'notes\.add\(\s*"(\w+)"', path.read_text("utf-8")))
    assert len(said) > 20
    assert said <= set(REMARKS)
