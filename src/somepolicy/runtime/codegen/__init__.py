"""Program -> Python `ast`, compiled: values, reasons, rules, and the run of them all."""
