"""The functions an expression may call: signatures, documentation and pure code in one table."""
