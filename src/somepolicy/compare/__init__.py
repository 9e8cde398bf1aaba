"""What changes between two policies."""
