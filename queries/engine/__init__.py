"""The engine: composes the `.sql` files beside it with a selection, and runs them with DuckDB."""
