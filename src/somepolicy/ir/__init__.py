"""The program form: the checked policy, every name bound, every expression typed.

What every backend reads; docs/program-form.md describes it.
"""

from somepolicy.ir.clauses import Clause, LeadIn, Reading, Section
from somepolicy.ir.expressions import (
    Answer,
    Applied,
    AsOf,
    Attestation,
    Called,
    Constant,
    Defined,
    Expr,
    Fallback,
    Junction,
    Operation,
    Parametric,
    Part,
    Presence,
    Published,
    Quantifier,
    Read,
    Shape,
    Sum,
)
from somepolicy.ir.kinds import Kind, Logging, Topic, Unregulated
from somepolicy.ir.operators import Operator
from somepolicy.ir.parameters import Parameter, ParameterValue
from somepolicy.ir.program import Program
from somepolicy.ir.rules import Definition, Each, Predicate, Question, Rule
from somepolicy.ir.texts import Localised, Message

__all__ = [
    "Answer",
    "Applied",
    "AsOf",
    "Attestation",
    "Called",
    "Clause",
    "Constant",
    "Defined",
    "Definition",
    "Each",
    "Expr",
    "Fallback",
    "Junction",
    "Kind",
    "LeadIn",
    "Localised",
    "Logging",
    "Message",
    "Operation",
    "Operator",
    "Parameter",
    "ParameterValue",
    "Parametric",
    "Part",
    "Predicate",
    "Presence",
    "Program",
    "Published",
    "Quantifier",
    "Question",
    "Read",
    "Reading",
    "Rule",
    "Section",
    "Shape",
    "Sum",
    "Topic",
    "Unregulated",
]
