"""What Streamlit runs for a reader, at the first visit and at every change; app.py serves it.

It has a folder to itself for two reasons. Beside a folder `pages`, Streamlit takes it for an app of
its older kind until somebody has opened `/`, and answers a link to a page with "Page not found".
And Streamlit looks for imports beside it first, where a module such as `numbers.py` would hide
Python's own.
"""

from components.screen import shell

shell.run()
