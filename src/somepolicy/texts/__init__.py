"""Every fixed word that people read: a file for each language."""
