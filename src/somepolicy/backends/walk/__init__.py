"""The program form walked: slow and obvious, the oracle of the generated code."""
