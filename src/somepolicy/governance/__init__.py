"""What governance needs: the source held against the clauses, the decision log, the reports."""
