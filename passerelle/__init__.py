"""The face: command line, app, and the Ecosystem facade they share."""

__version__ = "0.1.0"
