"""`python -m somepolicy`."""

from somepolicy.cli import main

main()
