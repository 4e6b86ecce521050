"""What the worker offers to Python. In the browser a JavaScript object, in tests a Python one."""

from typing import Protocol


class Hooks(Protocol):
    """The worker's functions; each may block the thread of Python."""

    def started(self) -> object:
        """Tell that the source is a whole entry, which runs from now on."""

    def output(self, outputs: str) -> object:
        """Send a JSON list of outputs of the running entry."""

    def input(self, prompt: str, password: bool) -> object:
        """Wait for a line; anything but text means that the run is being stopped."""

    def sleep(self, ms: float) -> object:
        """Wait, interruptibly."""

    def deadline(self, ms: float) -> object:
        """Ask for a KeyboardInterrupt in ``ms`` unless ``deadline(0)`` comes first."""
