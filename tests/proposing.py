"""Proposals in tests: lands of the small result, and a client on which anybody may act.

with service.client() as asked:
    cast = proposing.cast(asked)
    proposing.put(asked, cast["official"], proposing.land(600, 480))
"""

import itertools

import people
import pyproj
import shapely
import small
from service import RESULT

VINTAGE = "2025-07-01"
HOME, NEXT = "Hòa Phú", "Đại Lãnh"
KEYS = itertools.count(1)
DEGREES = pyproj.Transformer.from_crs(small.CRS, "EPSG:4326", always_xy=True)


def land(x, y, side=30):
    """GeoJSON of a square of the small study, whose communes meet at x = 1000."""
    ring = [DEGREES.transform(*at) for at in small.square(x, y, side, side).exterior.coords]
    return shapely.geometry.mapping(shapely.Polygon(ring))


def cast(asked):
    """Somebody of every kind."""
    store = asked.app.state.store
    return {
        "official": people.add(store, "commune", [HOME], VINTAGE, login="official", name="Cán bộ Hòa Phú"),
        "neighbour": people.add(store, "commune", [NEXT], VINTAGE, login="neighbour"),
        "reviewer": people.add(store, "reviewer", login="reviewer", name="Người thẩm định"),
        "second": people.add(store, "reviewer", login="second"),
        "viewer": people.add(store, "viewer", login="viewer"),
    }


def body(geometry, **others):
    return {"result": RESULT, "name": "Sân chơi thôn 2", "geometry": geometry, "land_use": "BCS", "cost": 4e8, **others}


def put(asked, actor, geometry, **others):
    """Put a proposal down; its record."""
    people.acting(asked, actor)
    got = asked.post("/api/v1/proposals", json=body(geometry, **others), headers={"Idempotency-Key": f"k{next(KEYS)}"})
    assert got.status_code == 201, got.text
    return got.json()


def move(asked, actor, found, *states, reason="vì thế", **more):
    """Bring it through states; its record afterwards."""
    people.acting(asked, actor)
    for to in states:
        got = asked.post(
            f"/api/v1/proposals/{found['id']}/moves",
            json={"to": to, "reason": reason, **more},
            headers={"If-Match": f'"{found["revision"]}"'},
        )
        assert got.status_code == 200, got.text
        found = got.json()
    return found


def publish(asked, actor, found, public=True):
    """Show it to everybody; its record afterwards."""
    people.acting(asked, actor)
    got = asked.post(
        f"/api/v1/proposals/{found['id']}/publication",
        json={"public": public, "reason": "lấy ý kiến"},
        headers={"If-Match": f'"{found["revision"]}"'},
    )
    assert got.status_code == 200, got.text
    return got.json()
