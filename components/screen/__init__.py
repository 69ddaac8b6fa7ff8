"""The screen: the only modules that import Streamlit."""
