"""Tags: which part of a page is a heading, a paragraph, a cell or a picture, so that a screen reader can read the report.

fpdf2 keeps one flat list of structure elements, all of them children of the document. Here they have parents of their own: the list
still holds all, which fpdf2 numbers and places, and is written as the children of the document alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fpdf import FPDF
from fpdf.structure_tree import StructElem
from fpdf.syntax import PDFArray


class _Element(StructElem):
    """A structure element, with attributes."""

    def __init__(self, kind: str, parent: Any, page: int, alt: str | None = None, a: str | None = None) -> None:  # noqa: ANN401
        super().__init__(kind, parent, [], page, alt=alt)
        self.a = a


class _Kids(PDFArray):
    """All elements of a document, written as those that have no other parent."""

    root: Any = None

    def serialize(self, _security_handler: Any = None, _obj_id: int | None = None) -> str:  # noqa: ANN401 - fpdf2's
        own = PDFArray(each for each in self if each.p is self.root)
        return own.serialize(_security_handler, _obj_id)


class Tags:
    """Structure of one document; what is marked must be on the page that is open."""

    def __init__(self, pdf: FPDF) -> None:
        self.pdf = pdf
        self._builder = pdf.struct_builder
        self._root = self._builder.doc_struct_elem
        self._all = _Kids()
        self._all.root = self._root
        self._root.k = self._all
        self._marks: dict[int, int] = defaultdict(int)

    def group(
        self, kind: str, parent: _Element | None = None, alt: str | None = None, a: str | None = None
    ) -> _Element:
        """An element that holds others."""
        made = _Element(kind, self._root if parent is None else parent, self.pdf.page, alt, a)
        self._all.append(made)
        if parent is not None:
            parent.k.append(made)
        return made

    @contextmanager
    def marked(self, within: _Element) -> Iterator[None]:
        """What is drawn belongs to an element; on a later page, to a part of it there."""
        page = self.pdf.page
        owner = within if within.page_number() == page else self.group("/Span", within)
        mark = self._marks[page]
        self._marks[page] += 1
        owner.k.append(mark)
        spid = self._builder.spid_per_page_number.setdefault(page, len(self._builder.spid_per_page_number))
        self._builder.struct_tree_root.parent_tree.nums[spid].append(owner)
        self.pdf.pages[page].struct_parents = spid
        self.pdf._out(f"{within.s} <</MCID {mark}>> BDC")
        yield
        self.pdf._out("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn is not part of the text: lines, page numbers, a heading that comes again."""
        self.pdf._out("/Artifact BMC")
        yield
        self.pdf._out("EMC")


Element = _Element
