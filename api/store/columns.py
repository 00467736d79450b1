"""Columns that SQLite and PostgreSQL hold each in its own way: moments in UTC and geometry in EPSG:4326."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import shapely
from geoalchemy2 import Geometry
from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator, TypeEngine

SRID = 4326


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite holds no zone, so it is taken away there and given back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Shape(TypeDecorator[Any]):
    """A shapely geometry in EPSG:4326: WKB on SQLite, `geometry(Geometry,4326)` on PostGIS."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that one database holds it in."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Geometry("GEOMETRY", SRID, spatial_index=False))
        return dialect.type_descriptor(LargeBinary())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 - as the driver takes it
        """To the database."""
        if value is None:
            return None
        return from_shape(value, SRID) if dialect.name == "postgresql" else shapely.to_wkb(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 - as the driver gives it
        """From the database."""
        if value is None:
            return None
        return to_shape(value) if dialect.name == "postgresql" else shapely.from_wkb(value)
