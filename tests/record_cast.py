"""A small history for the tests of the record: an official proposes, a reviewer asks, decides and publishes."""

import people
import shapely
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.desk import Content, Place
from sanchoi.api.store import Proposal

PLACE = Place("small", "e1", "90101", people.VINTAGE)
LAND = shapely.box(108.0, 15.0, 108.001, 15.001)
WORTH = {
    "newly_covered": {"all": 120.0},
    "cost": 3e8,
    "sentence_vi": "Thêm 120 trẻ em có sân chơi.",
    "sentence_en": "120 more children get a play area.",
}


def content(**others):
    return Content(
        **{"name": "Sân chơi thôn 2", "geometry": LAND, "land_use": "BCS", "owner": "Hộ ông Bình", "note": "Gần suối"}
        | {"backer": "Thôn 2", "cost": 4e8}
        | others
    )


class Cast:
    """People of a store, and what they do."""

    def __init__(self, store):
        self.store = store
        self.official = people.add(store, "commune", ["90101"], login="lan", name="Nguyễn Thị Lan")
        self.reviewer = people.add(store, "reviewer", login="huy", name="Trần Huy")

    def create(self, actor=None, place=PLACE, worth=WORTH, key="", **others):
        with self.store.session() as session:
            return desk.create(session, actor or self.official, place, content(**others), worth, key=key)[0]

    def move(self, found, to, actor=None, reason="vì thế"):
        with self.store.session() as session:
            fresh = session.get(Proposal, found.id)
            return desk.move(session, actor or self.official, found.id, fresh.revision, to, reason)

    def edit(self, found, worth=WORTH, **others):
        with self.store.session() as session:
            fresh = session.get(Proposal, found.id)
            return desk.edit(session, self.official, found.id, fresh.revision, PLACE, content(**others), worth)

    def history(self):
        """One that was accepted and shown to all, one submitted, one draft: 3 proposals, 4 versions, 7 remarks, 11 rows."""
        one = self.create()
        self.move(one, "submitted", reason="xin gửi")
        self.move(one, "needs_info", self.reviewer, "thiếu ảnh")
        self.edit(one, note="Đã có đường vào")
        self.move(one, "submitted", reason="đã bổ sung")
        self.move(one, "under_review", self.reviewer)
        with self.store.session() as session:
            fresh = session.get(Proposal, one.id)
            desk.publish(session, self.reviewer, one.id, fresh.revision, True, "cho dân biết")
            desk.comment(session, self.reviewer, one.id, "chủ đất chưa rõ", internal=True)
        two = self.create(name="Sân thôn 3", geometry=shapely.box(108.01, 15.0, 108.012, 15.001), cost=None)
        self.move(two, "submitted")
        three = self.create(name="Nháp", geometry=shapely.box(108.02, 15.0, 108.021, 15.001), key="k3")
        return one, two, three
