"""The vocabulary: kinds, roles, predicates, statements, errors."""
