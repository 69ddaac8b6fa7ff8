"""The options of figures: kinds, those that several figures share, those of adverse events."""
