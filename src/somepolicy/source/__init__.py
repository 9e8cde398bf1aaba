"""A held copy of the source text: its units, and whether they are still what the policy holds."""
