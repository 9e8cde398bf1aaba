"""Other engines, hand-written Python and somepolicy on equal work."""
