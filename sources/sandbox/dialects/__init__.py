"""How the made-up company answers, one module a vendor's dialect."""
