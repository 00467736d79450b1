"""What Alembic runs: the migrations, on the connection that `migrate` has opened, in its transaction."""

from alembic import context
from sanchoi.api.store.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
