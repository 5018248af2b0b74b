"""The territories that travel with the application: one folder each, a data package."""
