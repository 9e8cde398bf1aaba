"""Rules -> what each engine reads. Not timed, and not loaded where a start is measured."""
