"""What Alembic runs: all steps in the transaction of the connection that `serve.migrating` hands over."""

from alembic import context

from serve.tables import TABLES

context.configure(connection=context.config.attributes["connection"], target_metadata=TABLES, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
