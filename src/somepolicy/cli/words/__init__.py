"""Every fixed word that people read, once per language: a file for each table."""
