"""The analytics engine: pure Python, no Django, usable from a notebook.

Importing this package costs nothing: numpy, pyarrow, ibis and scipy are imported by the modules that
need them.
"""
