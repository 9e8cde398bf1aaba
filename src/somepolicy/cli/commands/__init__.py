"""One file a command, named after it. No command imports another."""
