"""The frame of the app; `streamlit run app.py` starts it."""

from components.screen import shell

shell.run()
