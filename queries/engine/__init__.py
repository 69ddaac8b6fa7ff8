"""The engine: composes the `.sql` files of `queries` with a selection, and runs them in DuckDB."""
