"""Jobs with their events, scenarios with their changes and a spatial index."""

import sqlalchemy as sa
from alembic import op
from sanchoi.api.store.columns import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("process_id", sa.String(64), nullable=False),
        sa.Column("result_id", sa.Text),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("progress", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("share", sa.Float, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("error", sa.JSON),
        sa.Column("output", sa.JSON),
        sa.Column("created", Moment, nullable=False),
        sa.Column("started", Moment),
        sa.Column("finished", Moment),
        sa.Column("heartbeat", Moment),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
    )
    op.create_index("jobs_status_created", "jobs", ["status", "created"])
    op.create_table(
        "job_events",
        sa.Column("job_id", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("share", sa.Float, nullable=False),
        sa.Column("progress", sa.Integer, nullable=False),
    )
    op.create_table(
        "scenarios",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("result_id", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("scenarios_result_updated", "scenarios", ["result_id", "updated_at"])
    op.create_table(
        "scenario_changes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("scenario_id", sa.String(32), sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.UniqueConstraint("scenario_id", "position", name="scenario_changes_order"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE scenario_changes ADD COLUMN geometry BLOB")
        op.execute("CREATE VIRTUAL TABLE scenario_change_boxes USING rtree(id, west, east, south, north)")
        op.execute(
            "CREATE TRIGGER scenario_change_gone AFTER DELETE ON scenario_changes"
            " BEGIN DELETE FROM scenario_change_boxes WHERE id = OLD.id; END"
        )
    else:
        op.execute("ALTER TABLE scenario_changes ADD COLUMN geometry geometry(Geometry,4326)")
        op.execute("CREATE INDEX scenario_changes_geometry ON scenario_changes USING gist (geometry)")


def downgrade() -> None:
    """Take the tables away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER scenario_change_gone")
        op.execute("DROP TABLE scenario_change_boxes")
    for name in ("scenario_changes", "scenarios", "job_events", "jobs"):
        op.drop_table(name)
