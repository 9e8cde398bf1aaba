"""A copy of the source text: its segments, and whether they are still what the policy holds."""
