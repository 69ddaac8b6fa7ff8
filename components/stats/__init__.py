"""Statistics, by method: rows in, summaries out. No Streamlit, no DuckDB, no Plotly."""
