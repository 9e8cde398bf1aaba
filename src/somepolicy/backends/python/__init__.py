"""The program form -> generated Python, kept on disk."""
