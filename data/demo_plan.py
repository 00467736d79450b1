"""Plan of the demo district: which communes there are, where, and what each is built to show.

All names are invented. Places are kilometres east and north of `ORIGIN`, in EPSG:5899.
"""

from __future__ import annotations

from dataclasses import dataclass

CRS = "EPSG:5899"
ORIGIN = (562_000.0, 1_741_000.0)
"""Lower left corner of the district, metres; most of it lies in the sea, so that no one takes it for a real place."""

WALK_M = {"0-5": 300, "6-14": 500}
M2_PER_CHILD = 2.0
TARGET_SHARE = 0.8


@dataclass(frozen=True)
class Plan:
    """One commune.

    Attributes
    ----------
    code, name, kind : invented; the code is the key.
    x_km, y_km : where its middle lies.
    children : of 0–5 and of 6–14 years.
    villages : how many ordinary villages it has.
    with_play : how many of them have a play area of their own.
    m2_per_child : ground in those play areas for each child of the village.
    ground : "town", "plain", "coast" or "hill": density, houses and land use follow it.
    set_piece : what stands in it besides: "barrier", "detour", "town", "industry", "island" or "".
    """

    code: str
    name: str
    kind: str
    x_km: float
    y_km: float
    children: tuple[int, int]
    villages: int
    with_play: int
    m2_per_child: float
    ground: str
    set_piece: str = ""
    surveyed: bool = True


COMMUNES = (
    Plan("90101", "Khe Lim", "xã", 1.6, 13.2, (231, 352), 3, 1, 5.0, "hill"),
    Plan("90102", "Đồi Sim", "xã", 5.1, 13.9, (412, 655), 4, 2, 6.0, "plain"),
    Plan("90103", "Trảng Cỏ", "xã", 8.6, 12.9, (498, 760), 5, 3, 4.0, "plain"),
    Plan("90104", "Ruộng Muối", "xã", 11.9, 13.7, (556, 843), 4, 0, 0.0, "plain"),
    Plan("90105", "Cát Trầm", "xã", 15.0, 13.0, (471, 702), 4, 4, 0.8, "coast"),
    Plan("90106", "A'Rồng", "xã", 2.5, 10.2, (268, 371), 3, 0, 0.0, "hill"),
    Plan("90107", "Bàu Nhãn", "xã", 6.3, 10.9, (437, 689), 5, 1, 6.0, "plain"),
    Plan("90108", "Đồng Sậy", "xã", 9.4, 9.9, (521, 794), 5, 0, 0.0, "plain"),
    Plan("90109", "Sen Hồng", "xã", 12.3, 10.9, (603, 918), 4, 4, 0.5, "plain"),
    Plan("90110", "Bãi Thùy", "xã", 15.4, 10.5, (585, 861), 4, 2, 3.0, "coast"),
    Plan("90111", "Mây Trắng", "xã", 1.5, 7.0, (246, 398), 3, 0, 0.0, "hill", surveyed=False),
    Plan("90112", "Cầu Ngói", "xã", 5.5, 8.0, (388, 597), 4, 3, 3.0, "plain"),
    Plan("90113", "Bến Cau", "xã", 10.6, 7.3, (462, 707), 1, 1, 7.0, "plain", "barrier"),
    Plan("90114", "Phố Lụa", "phường", 13.1, 8.7, (968, 1494), 0, 0, 9.0, "town", "town"),
    Plan("90115", "Chợ Lụa", "phường", 14.9, 8.3, (1127, 1702), 0, 0, 0.6, "town", "town"),
    Plan("90116", "Suối Ngọc", "xã", 3.3, 4.6, (214, 338), 3, 1, 4.0, "hill"),
    Plan("90117", "Gò Trâm", "xã", 6.7, 5.3, (395, 618), 2, 2, 7.0, "plain", "detour"),
    Plan("90118", "Lam Khê", "xã", 9.3, 4.2, (447, 671), 4, 4, 8.0, "plain"),
    Plan("90119", "Bến Lụa", "xã", 12.5, 5.7, (641, 973), 4, 3, 7.0, "plain"),
    Plan("90120", "Cửa Sậy", "xã", 15.3, 5.5, (519, 788), 4, 1, 3.0, "coast"),
    Plan("90121", "Đá Mồ Côi", "xã", 1.7, 1.7, (187, 291), 3, 0, 0.0, "hill"),
    Plan("90122", "Trúc Thượng", "xã", 5.3, 2.0, (372, 566), 4, 4, 7.0, "plain"),
    Plan("90123", "Trúc Hạ", "xã", 8.1, 1.2, (451, 699), 4, 1, 5.0, "plain"),
    Plan("90124", "Kho Muối", "xã", 11.3, 2.4, (0, 0), 0, 0, 0.0, "plain", "industry"),
    Plan("90125", "Gành Son", "xã", 14.9, 1.9, (418, 634), 4, 2, 5.0, "coast", "island"),
)

SHOWCASE: dict[str, tuple[str, str]] = {
    "unknown": ("90111", "Mây Trắng"),
    "no_children": ("90124", "Kho Muối"),
    "no_supply": ("90108", "Đồng Sậy"),
    "out_of_reach": ("90107", "Bàu Nhãn"),
    "crowded": ("90115", "Chợ Lụa"),
    "met": ("90118", "Lam Khê"),
    "barrier": ("90113", "Bến Cau"),
    "detour": ("90117", "Gò Trâm"),
    "area": ("90109", "Sen Hồng"),
    "supply": ("90123", "Trúc Hạ"),
}
"""Status or part of a reason → code and name of the commune that is built to show it."""

BRIDGES_KM = (3.1, 7.6, 13.8)
"""Where the river can be crossed, kilometres east of the origin."""

BARRIER_KM = 10.9
"""Where children of Bến Cau see their play area across the river; the next bridge is 2.9 km away."""

DETOUR_KM = (6.75, 5.0)
"""Middle of the two streets of Gò Trâm that lie side by side and meet only at their far end."""

TOWN_KM = (14.05, 8.62)
ISLAND_KM = (19.0, 1.9)

HALO = (("halo-bac", (310, 470)), ("halo-tay", (120, 190)), ("halo-nam", (290, 440)))
"""Ground beyond the district: id and children of 0–5 and 6–14 years; north, west, south."""
