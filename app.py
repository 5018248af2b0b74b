"""Starts the app: `streamlit run app.py`, or `passerelle app`."""

from passerelle.app import main

main()
