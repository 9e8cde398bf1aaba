"""Every diagnostic code of the policy language, once: what it stands for.

P1 text and syntax, P2 names, P3 types, P4 fidelity to the clauses, P5 bounds, P6 manifest
and schema files, P7 warnings, P8 tests. A code never changes its meaning.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

Severity = Literal["error", "warning"]

CODES = MappingProxyType(
    {
        # text and syntax
        "P101": "the file is not UTF-8",
        "P102": "the file holds a control character",
        "P103": "the file holds a character that reverses the direction of text",
        "P104": "a text has no closing quote",
        "P105": "a character does not belong to the language",
        "P106": "a word or sign cannot stand here",
        "P107": "the file ends in the middle of something",
        "P108": "`and` and `or` are mixed without brackets",
        "P109": "comparisons are chained",
        "P110": "a date or time does not exist",
        "P111": "the parts of the rule do not fit its effect",
        "P112": "a name is not well formed here",
        "P113": "a declaration stands in the wrong file",
        "P114": "braces in a message are not closed",
        "P115": "a file of the policy cannot be read",
        # names
        "P201": "a name is declared twice",
        "P202": "an unknown name",
        "P203": "an unknown field",
        "P204": "an unknown clause",
        "P205": "an unknown reading",
        "P206": "an unknown function or predicate",
        "P207": "an unknown role",
        "P208": "an unknown kind of document",
        "P209": "definitions go round in a circle",
        "P210": "a variable hides another name",
        "P211": "an unknown language",
        "P212": "a message lacks a language or has one twice",
        "P213": "a name cannot be used here",
        # types
        "P301": "a condition is not true or false",
        "P302": "the types of a comparison do not fit",
        "P303": "a comparison can never hold",
        "P304": "the arguments do not fit the function",
        "P305": "a list is needed here",
        "P306": "a text is needed here",
        "P307": "an absent fact would help to pass",
        "P308": "`otherwise` needs a field whose absence means none",
        "P309": "the pattern is refused",
        "P310": "a message may not show this",
        "P311": "the value of a parameter does not fit",
        "P312": "a value of this type cannot be used so",
        "P313": "a field has two types",
        "P314": "an attestation is asked for where a document can have none",
        # fidelity
        "P401": "a rule cites no clause that concerns its kind of document",
        "P402": "the effect is stricter or softer than the clause",
        "P403": "a clause is neither cited nor undecided",
        "P404": "a clause is undecided and yet cited",
        "P405": "a rule relies on a reading of other clauses",
        "P406": "an attestation answers exactly one clause",
        "P407": "the clause concerns a kind without a rule that cites it",
        "P408": "a reading is not signed, and `--require-signed` asks for it",
        # bounds
        "P501": "nested too deep",
        "P502": "the file is too large",
        "P503": "too many rules",
        "P504": "too many lists within lists",
        "P505": "a number has too many digits",
        # manifest and schema
        "P601": "the manifest cannot be read",
        "P602": "the manifest does not fit",
        "P603": "the schema cannot be read",
        "P604": "the schema uses what the policy language does not know",
        "P605": "a list without maxItems or a text without maxLength",
        "P606": "a `$ref` of the schema leads nowhere or in a circle",
        "P607": "a word list cannot be used, or a function lacks its list",
        "P608": "a part of the schema that nothing can fulfil",
        # warnings
        "P701": "a declaration is not used",
        "P702": "a condition is always true or always false",
        "P703": "a message can show a value that has no label in its language",
        "P704": "a clause is under a force that no lead-in of its section has",
        "P705": "a name mixes letters of several scripts",
        "P706": "two names look the same",
        # tests of a policy
        "P801": "an unknown rule or clause in a test",
        "P802": "the document of a test cannot be read",
        "P803": "a test expects nothing",
        "P804": "a test changes a field that does not exist",
        "P805": "a test sets a field to what is no value",
        "P806": "the time of a test is not fixed",
    }
)


def severity(code: str) -> Severity:
    """Return how serious a code is; only P7 codes are warnings."""
    return "warning" if code.startswith("P7") else "error"
