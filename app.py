"""The app as it is served: `make run`, or `streamlit run app.py`."""

import streamlit as st

from components.screen.routes import ROUTES
from components.screen.server import MIDDLEWARE, SCRIPT, lifespan

app = st.App(SCRIPT, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
