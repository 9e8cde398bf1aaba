"""A compiled policy and a document -> a decision."""
