"""Clock: the time of day where the service is used."""

from datetime import timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
"""Việt Nam has one zone and no summer time."""
