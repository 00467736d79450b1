"""Make the index of a result in a process of its own, whose memory goes when it ends: RESULT TARGET."""

import sys
from pathlib import Path

from sanchoi.api.features.build import build
from sanchoi.gis.errors import SanchoiError

try:
    build(Path(sys.argv[1]), Path(sys.argv[2]))
except (SanchoiError, OSError) as error:
    sys.stderr.write(str(error))
    sys.exit(1)
