"""What can be said about findings and cameras without a database."""
