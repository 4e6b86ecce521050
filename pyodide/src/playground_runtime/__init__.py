"""The Python side of a playground session, for the worker of a browser's runtime frame.

It runs entries in one namespace, turns what they print and show into outputs, and carries values
and files from one runtime to the next. ``bridge`` is the door through which the worker calls;
everything else is plain Python and knows no browser.
"""
