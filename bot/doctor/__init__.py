"""`python app.py doctor`: looks at all that the bot needs, and says in plain words what to fix."""
