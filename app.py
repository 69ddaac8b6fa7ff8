"""The app as it is served: `make run`, or `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from components.screen.routes import ROUTES
from components.screen.server import SCRIPT, lifespan
from components.screen.upload_guard import UploadGuard

app = st.App(SCRIPT, routes=ROUTES, middleware=[Middleware(UploadGuard)], lifespan=lifespan)
