"""Slow, obvious versions of what the product computes fast. No vectors, no sharing, no code of the product."""

import math

# --- crowding ---------------------------------------------------------------------------------------------------------


def decay(d, limit, kind):
    if not d <= limit:
        return 0.0
    if kind == "binary":
        return 1.0
    if kind == "step":
        return 1.0 if d <= limit / 3 else 0.68 if d <= 2 * limit / 3 else 0.22
    return (math.exp(-0.5 * (d / limit) ** 2) - math.exp(-0.5)) / (1 - math.exp(-0.5))


def crowding(d, children, area, limit, kind="gaussian", omega=None):
    """A_ib by two plain loops: first each site's ratio, then each cell's sum. d: cells × sites, limit: bands × sites."""
    cells, sites, bands = len(d), len(area), len(limit)
    omega = [1.0] * bands if omega is None else omega
    ratio = []
    for j in range(sites):
        asked = sum(
            omega[b] * children[i][b] * decay(d[i][j], limit[b][j], kind) for i in range(cells) for b in range(bands)
        )
        ratio.append(area[j] / asked if asked > 0 else 0.0)
    return [
        [sum(ratio[j] * decay(d[i][j], limit[b][j], kind) for j in range(sites)) for b in range(bands)]
        for i in range(cells)
    ]
