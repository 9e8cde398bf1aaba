"""What the longer commands do on the way: one step a file."""
