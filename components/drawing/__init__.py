"""What figures share to draw with: theme, text, places, heatmaps. No figure, no Streamlit."""
