"""The app as it is served: `make run`, or `streamlit run app.py`."""

import streamlit as st

from components.screen.server import SCRIPT, lifespan

app = st.App(SCRIPT, lifespan=lifespan)
