"""What is measured: one module each.

A module holds NAME and NOTE, `prepare(rules, folder, synthetic)` → an artefact that JSON can
hold (not timed) and `load(artefact)` → a function from a document to the set of violated ids.
Optional: `load_json(artefact)` → the same from UTF-8 bytes; `load_many(artefact)` → a function
from a list of UTF-8 bytes to the list of sets; `given(rules, document)` → the
document as this engine needs it (not timed); FORTY_ONLY where other rules cannot be loaded;
CACHES where a second load is quicker than the first.
"""
