"""A list of companies, CSV or XLSX, read with a mapping."""
