"""How things are written out: one thing shown a file, for people and for other programs."""
