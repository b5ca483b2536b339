"""Two processes under one: the site and the worker of background tasks."""
