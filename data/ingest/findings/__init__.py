"""The findings of an import about the data: a function for each, which returns its `Issue`.

All their words are here, to be read in one go; the rules (`subjects`, `laboratory`, `events` ...)
decide when a finding applies. An error stops the import, a warning asks for a check by a person,
a note informs.
"""
