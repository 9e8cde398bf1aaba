"""What a command is given: documents, a policy, times, a language, and what the shell completes."""
