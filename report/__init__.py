"""The manager's page, from published tables only: it is handed a connection to them and knows nothing else."""
