"""Limits: how large, how many and how long an upload may be. What lies beyond is refused in words, never cut."""

from __future__ import annotations

import re
from dataclasses import dataclass

MB = 1_000_000
ADDRESSES = re.compile(
    r"/(?:api/v1|vi|en)/(?:.*/)?(?:files?|uploads?|photos?|documents?|attachments?|import)(?:/[^/]*)?/?"
)
"""Addresses that may be sent a file; all others are kept to `Settings.limits.body_bytes`."""


@dataclass(frozen=True)
class Limits:
    """What one upload may be.

    Attributes
    ----------
    body_bytes : the whole request. site_bytes, photo_bytes, document_bytes : one file.
    entries : members of a zip file. inflated_bytes : all of them together, unpacked. ratio : unpacked against packed, from
        `ratio_from` bytes on. features : shapes in a file. vertices : of all of them together. rings : likewise.
    fields : properties kept of a shape. key_chars, text_chars : length of their names and texts.
    depth : of elements or brackets in each other. groups : pairs of code and value in a DXF drawing.
    pixels : of a photo as sent. side : the long side of a photo as kept. quality : of its JPEG.
    seconds, cpu_seconds : one worker by the clock, and by its own work. memory_bytes : address space of one worker.
    answer_bytes : what a worker may write. workers : at once in one process of the service. wait_seconds : for one to be free.
    bytes_per_second : the slowest a body may come, after `grace_seconds`. idle_seconds : the longest that nothing of it may come.
    body_seconds : the longest it may take.
    """

    body_bytes: int = 20 * MB
    site_bytes: int = 10 * MB
    photo_bytes: int = 15 * MB
    document_bytes: int = 15 * MB
    entries: int = 100
    inflated_bytes: int = 50 * MB
    ratio: float = 100.0
    ratio_from: int = 100_000
    features: int = 1_000
    vertices: int = 10_000
    rings: int = 2_000
    fields: int = 40
    key_chars: int = 60
    text_chars: int = 500
    depth: int = 50
    groups: int = 1_000_000
    pixels: int = 50_000_000
    side: int = 1_600
    quality: int = 82
    seconds: float = 20.0
    cpu_seconds: int = 15
    memory_bytes: int = 1_500 * MB
    answer_bytes: int = 40 * MB
    workers: int = 2
    wait_seconds: float = 15.0
    bytes_per_second: float = 1_000.0
    grace_seconds: float = 20.0
    idle_seconds: float = 60.0
    body_seconds: float = 1_800.0


DEFAULT = Limits()
