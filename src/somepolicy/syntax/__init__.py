"""Policy text -> Module: sources and spans, diagnostics, syntax nodes, grammar, parser."""
