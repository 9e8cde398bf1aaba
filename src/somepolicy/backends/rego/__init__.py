"""The program form -> a Rego module, for OPA 1: what each rule finds, and the decision.

A condition becomes a term that is true, false or null, which is unknown; the functions it is
made of are total and stand in `library.rego`. What has no exact counterpart in Rego is
refused by name, and the module says of which rules it knows nothing.
"""

from somepolicy.backends.rego.given import rego_input
from somepolicy.backends.rego.module import RegoModule, rego
from somepolicy.backends.rego.terms import RefusedError

__all__ = ["RefusedError", "RegoModule", "rego", "rego_input"]
