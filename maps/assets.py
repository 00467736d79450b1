"""Assets: Leaflet, htmx and a typeface from the pinned npm packages, copied beside the code once, and used from there.

`python -m sanchoi.maps.assets` copies them at set-up; `make setup` calls it after npm.
"""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from pathlib import Path

from sanchoi.gis.errors import SourceError

HERE = Path(__file__).parent
FOLDER = HERE / "vendor"
FILES = {
    "leaflet": {"leaflet.js": "dist/leaflet.js", "leaflet.css": "dist/leaflet.css", "leaflet-LICENSE.txt": "LICENSE"},
    "htmx.org": {"htmx.js": "dist/htmx.min.js", "htmx-LICENSE.txt": "LICENSE"},
    "@expo-google-fonts/be-vietnam-pro": {
        "BeVietnamPro-Regular.ttf": "400Regular/BeVietnamPro_400Regular.ttf",
        "BeVietnamPro-SemiBold.ttf": "600SemiBold/BeVietnamPro_600SemiBold.ttf",
        "BeVietnamPro-LICENSE.txt": "LICENSE_FONT",
    },
}
"""Package → name of each asset here, path in the package."""
VERSIONS = {"leaflet": "1.9.4", "htmx.org": "2.0.11", "@expo-google-fonts/be-vietnam-pro": "0.4.1"}
_TODO = "run: make setup"


def copy(modules: Path = HERE.parent / "node_modules", folder: Path = FOLDER) -> list[Path]:
    """Copy the assets from an npm folder.

    Parameters
    ----------
    modules : the `node_modules` folder that npm filled.
    folder : where the pages look for them.

    Raises
    ------
    SourceError : the package is missing or has another version.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [path for name in FILES for path in _copy(name, modules / name, folder)]


def _copy(name: str, package: Path, folder: Path) -> list[Path]:
    """Copy the assets of one package, of the version that is pinned."""
    expected = f"{name} {VERSIONS[name]} from npm"
    missing = [path for path in ("package.json", *FILES[name].values()) if not (package / path).is_file()]
    if missing:
        raise SourceError(f"{name} lacks {missing[0]} in node_modules", expected, _TODO)
    found = json.loads((package / "package.json").read_text(encoding="utf-8")).get("version")
    if found != VERSIONS[name]:
        raise SourceError(f"{name} {found}", expected, _TODO)
    return [Path(shutil.copyfile(package / source, folder / asset)) for asset, source in FILES[name].items()]


@cache
def asset(name: str, folder: Path = FOLDER) -> str:
    """Text of an asset, fit to be inlined: nothing in it loads anything.

    Raises
    ------
    SourceError : the assets were not copied.
    """
    text = file(name, folder).read_text(encoding="utf-8")
    text = re.sub(r"url\(images/[^)]*\)", "none", text)  # pictures of controls that the pages do not use
    return re.sub(r"\n//# sourceMappingURL=\S*", "", text).strip()


def file(name: str, folder: Path = FOLDER) -> Path:
    """Where an asset lies.

    Raises
    ------
    SourceError : the assets were not copied.
    """
    path = folder / name
    if not path.is_file():
        raise SourceError(f"the asset {name} is missing", "the files that set-up copies", _TODO)
    return path


if __name__ == "__main__":
    copy()
