"""Downloads of CORDIS, the projects that the European Union funds."""
