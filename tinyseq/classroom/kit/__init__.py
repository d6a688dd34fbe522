"""A folder for a class without network: all wheels of one system and Python, the lessons, and scripts that install them."""
