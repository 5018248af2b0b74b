"""A territory as a Frictionless data package: what is read, what is checked."""
