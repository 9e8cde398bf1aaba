"""What runs the program form: a room each."""
