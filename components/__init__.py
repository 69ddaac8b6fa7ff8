"""What pages are made of: figures, statistics, the build, and the screen."""
