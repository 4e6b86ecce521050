"""Sessions out of and into the playground, as files.

* **source** is what an export is made of; **notebook**, **script**, **webpage** and **archive**
  write it as ``.ipynb``, ``.py``, ``.html`` and as a session file;
* **incoming** turns a file that somebody brings into a ``Plan``: **notebook_in**, **script_in** and
  **archive_in** read it, check every part as a browser's claim and store its blobs. The action
  ``import_session`` writes a plan in one transaction;
* **transfers** does one export or import from beginning to end, in the web process when it is
  small and in a worker when it is not.

Nothing here runs code or unpickles a value. docs/exchange.md has the formats.
"""
