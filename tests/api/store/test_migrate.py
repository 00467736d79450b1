"""Migrations: several processes at once, a newer database, and tables that are those of the models."""

import subprocess
import sys

import postgres
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sanchoi.api.store import Base, Store
from sanchoi.gis.errors import SourceError
from sqlalchemy import text

START = "import sys; from sanchoi.api.store import Store; s = Store(sys.argv[1]); s.migrate(); s.ping(); s.close()"


def test_several_processes_migrate_at_once(url):
    found = [subprocess.Popen([sys.executable, "-c", START, url], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for each in found:
        said = each.communicate(timeout=60)[1]
        assert each.returncode == 0, said
    store = Store(url)
    with store.reading() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).all() == [("0002",)]
    store.close()


def test_a_newer_database_is_refused(store, url):
    with store.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    later = Store(url)
    with pytest.raises(SourceError, match="9999, newer than this program"):
        later.migrate()
    with pytest.raises(SourceError, match="newer"):
        Store.of(url)
    with store.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    later.close()


def test_the_tables_are_those_of_the_models(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, Base.metadata) == []


def ours(item, name, kind, reflected, compared):
    """Not PostGIS's own table, the R*Tree, the spatial index, or a geometry column, which reflection does not know."""
    if kind == "table":
        return name in Base.metadata.tables
    return name not in ("scenario_changes_geometry", "proposals_geometry", "geometry")


def test_migrating_again_changes_nothing(store):
    store.migrate()
    store.ping()


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_another_database_is_refused(url):
    with pytest.raises(SourceError, match="sqlite:///PATH or postgresql://") as found:
        Store(url)
    assert "secret" not in str(found.value)


def test_sqlite_keeps_what_it_was_told_to(tmp_path):
    with postgres.opened(postgres.fresh("sqlite", tmp_path)) as store, store.reading() as session:
        told = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "synchronous")]
        assert told == ["wal", 1, 2]  # 2 = FULL
        assert session.scalar(text("PRAGMA busy_timeout")) == 5000


def test_the_file_of_a_new_database_is_for_its_owner_alone(tmp_path):
    Store.of(f"sqlite:///{tmp_path / 'own.db'}").close()
    assert (tmp_path / "own.db").stat().st_mode & 0o777 == 0o600
