"""Module -> Program: schema types, names bound, expressions typed, fidelity checked."""
