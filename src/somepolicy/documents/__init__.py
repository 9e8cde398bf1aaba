"""Files, folders and streams -> documents: one reader, whoever decides on them, and in how many processes.

What there is to read is found by sources.py; reading.py hands it on in chunks (chunks.py), cut
from lines, lists and tables but not parsed (lines.py, arrays.py, table.py), or parsed one by one.
"""
