"""Figures: each module draws one summary. No Streamlit, no DuckDB."""
