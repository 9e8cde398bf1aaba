"""The languages that a policy may speak."""

LANGUAGES = ("nb", "nn", "en")
