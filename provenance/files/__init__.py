"""Files: opening what a user names, and replacing a file so that it is old or new, whole."""
