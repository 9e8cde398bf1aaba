"""The version of the package and what pip installs it from, kept here alone.

It is on no index yet. Once it is on one, `REQUIREMENT` is f"somepolicy=={__version__}" and
`install` gives f"pip install 'somepolicy[{extra}]'", and nothing else changes.
"""

__version__ = "0.1.0"

# in a workflow; whoever keeps the repository says from where, as git+https://…@v1
REQUIREMENT = "somepolicy @ ${{ vars.SOMEPOLICY_FROM }}"


def install(extra: str) -> str:
    """Return the command that adds an extra, for the end of a message."""
    return f"pip install -e '.[{extra}]' in the folder of somepolicy"
