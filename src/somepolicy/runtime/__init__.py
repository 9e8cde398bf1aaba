"""Program + document -> Decision: documents admitted, rules evaluated, clauses cited."""
