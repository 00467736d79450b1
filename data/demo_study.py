"""Text of the demo's study.toml."""

from __future__ import annotations

from sanchoi.data.demo_plan import CRS, M2_PER_CHILD, TARGET_SHARE, WALK_M

_WALK = ", ".join(f'"{band}" = {metres}' for band, metres in WALK_M.items())

TEXT = f"""\
# Demo study: a synthetic district. Every name and number in it is invented.
[study]
name = "Huyện mẫu Sông Lụa"
crs = "{CRS}"
date = 2026-07-01
language = "vi"
cell_m = 100
synthetic = true

[communes]
path = "communes.gpkg"
id = "commune_id"
name = "name"
vintage = "2025-07-01"
kind = "kind"
surveyed = "surveyed"
population = "population"

[children]
path = "children.csv"
id = "commune_id"
bands = {{ "0-5" = "children_0_5", "6-14" = "children_6_14" }}

[buildings]
path = "buildings.gpkg"
storeys = "storeys"
residential = "residential"

# Another weight for the children: add these two lines and it comes before the buildings.
# [population]
# path = "population.tif"

[play_areas]
path = "play_areas.gpkg"
id = "play_area_id"
name = "name"
kind = "kind"
area = "area_m2"
usable = "usable_m2"
access = "access"
ages = "ages"

[network]
path = "roads.gpkg"
bridge = "bridge"

[barriers]
path = "barriers.gpkg"

[norms]
profile = "qcvn-01-2021"
# Figures of the planner's own, so that every status occurs. They stand in no law.
walk_m = {{ {_WALK} }}
m2_per_child = {M2_PER_CHILD}
target_share = {TARGET_SHARE}

[parcels]
path = "parcels.gpkg"
id = "parcel_id"
land_use = "land_use"
owner = "owner"
min_area_m2 = 500
max_area_m2 = 50000
# Forest is not on offer.
where = "land_use NOT IN ('RSX', 'RPH')"
# VND for a m² of each land class, and for what is built on it: invented, save the 331.2 million of one play point.
cost_per_m2 = {{ A = 100000, B = 400000, C = 250000 }}
build_cost = 331200000

# A layer that is left out here is "not checked", and then no parcel is more than conditional.
[constraints.water]
path = "barriers.gpkg"
[constraints.roads]
path = "road_classes.gpkg"
[constraints.power]
path = "power.gpkg"
[constraints.dikes]
path = "dikes.gpkg"
[constraints.cemeteries]
path = "cemeteries.gpkg"
[constraints.industry]
path = "industry.gpkg"
[constraints.petrol]
path = "petrol.gpkg"
[constraints.flood]
path = "flood.gpkg"
[constraints.buildings]
path = "buildings.gpkg"
# nothing.gpkg is empty: the study says that there is none of these.
[constraints.landfill]
path = "nothing.gpkg"
[constraints.military]
path = "nothing.gpkg"
[constraints.bridges]
path = "nothing.gpkg"

[terrain]
path = "dem.tif"

[nearby.schools]
path = "schools.gpkg"
[nearby.halls]
path = "halls.gpkg"

[siting]
budget = 5000000000
min_spacing_m = 300

[halo]
path = "halo.gpkg"
id = "halo_id"
bands = {{ "0-5" = "children_0_5", "6-14" = "children_6_14" }}
""" + "".join(
    f"""
[[sources]]
layer = "{layer}"
name = "{name}"
attribution = "Sân Chơi contributors, synthetic demo"
licence = "MIT"
date = 2026-07-01
"""
    for layer, name in (
        ("communes", "Synthetic communes"),
        ("children", "Synthetic counts of children"),
        ("buildings", "Synthetic buildings"),
        ("play_areas", "Synthetic inventory of play areas"),
        ("network", "Synthetic roads"),
        ("barriers", "Synthetic river"),
        ("halo", "Synthetic ground beyond the district"),
        ("parcels", "Synthetic parcels"),
        ("constraints", "Synthetic constraints"),
        ("terrain", "Synthetic height model"),
        ("nearby", "Synthetic schools and halls"),
    )
)
