"""SQL in files, one select each, and the small runner that puts them together."""
