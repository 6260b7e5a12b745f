"""How the tables of feedback come about, step by step, run by Alembic."""
