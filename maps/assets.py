"""Browser assets: Leaflet from the pinned npm package, copied beside the code once and inlined into every page.

`python -m sanchoi.maps.assets` copies them at set-up; `make setup` calls it after npm.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

from sanchoi.gis.errors import SourceError

HERE = Path(__file__).parent
FOLDER = HERE / "vendor"
FILES = {"leaflet.js": "dist/leaflet.js", "leaflet.css": "dist/leaflet.css", "leaflet-LICENSE.txt": "LICENSE"}
VERSION = "1.9.4"
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
    package = modules / "leaflet"
    missing = [path for path in FILES.values() if not (package / path).is_file()]
    if missing:
        raise SourceError(f"leaflet lacks {missing[0]} in {modules.name}", f"leaflet {VERSION} from npm", _TODO)
    if f"Leaflet {VERSION}" not in (package / FILES["leaflet.js"]).read_text(encoding="utf-8")[:200]:
        raise SourceError("another version of leaflet", f"leaflet {VERSION}", _TODO)
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(package / source, folder / name)) for name, source in FILES.items()]


@cache
def asset(name: str, folder: Path = FOLDER) -> str:
    """Text of an asset, fit to be inlined: nothing in it loads anything.

    Raises
    ------
    SourceError : the assets were not copied.
    """
    path = folder / name
    if not path.is_file():
        raise SourceError(f"the map asset {name} is missing", "the files that set-up copies", _TODO)
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"url\(images/[^)]*\)", "none", text)  # pictures of controls that the pages do not use
    return re.sub(r"\n//# sourceMappingURL=\S*", "", text).strip()


if __name__ == "__main__":
    copy()
