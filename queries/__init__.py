"""SQL in files, one select each, and the engine that composes and runs them."""
