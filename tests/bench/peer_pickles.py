"""Measures what saves a whole namespace by pickling, on a trace, in a Python of its own.

``python peer_pickles.py save METHOD TRACE FOLDER`` runs the entries and saves after each;
``restore`` loads the last save in a new process. ``pickle`` is the method of pyhub: one pickle for
each variable. Variables that cannot be pickled are left out, as each of them does or would have to.
"""

import contextlib
import io
import json
import os
import pickle
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

HIDDEN = frozenset({"__name__", "__doc__", "__package__", "__loader__", "__spec__", "__builtins__"})


def session() -> ModuleType:
    """An empty ``__main__``."""
    module = ModuleType("__main__")
    module.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = module
    return module


def dump(method: str, module: ModuleType) -> bytes:
    """The namespace as this method saves it."""
    if method == "dill":
        import dill

        file = io.BytesIO()
        dill.dump_module(file, module=module)
        return file.getvalue()
    values = {name: value for name, value in vars(module).items() if name not in HIDDEN}
    if method == "pickle":
        return pickle.dumps({name: data for name, data in _each(values).items() if data})
    import cloudpickle

    try:
        data: bytes = cloudpickle.dumps(values)
    except Exception:
        data = cloudpickle.dumps({name: value for name, value in values.items() if _fits(value)})
    return data


def _each(values: dict[str, Any]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, value in values.items():
        with contextlib.suppress(Exception):
            found[name] = pickle.dumps(value)
    return found


def _fits(value: object) -> bool:
    import cloudpickle

    try:
        cloudpickle.dumps(value)
    except Exception:
        return False
    return True


def load(method: str, data: bytes, module: ModuleType) -> None:
    """Fill the namespace again."""
    if method == "dill":
        import dill

        dill.load_module(io.BytesIO(data), module=module)
    elif method == "cloudpickle":
        vars(module).update(pickle.loads(data))
    else:
        for name, one in pickle.loads(data).items():
            with contextlib.suppress(Exception):
                vars(module)[name] = pickle.loads(one)


def save(method: str, entries: list[str], folder: Path) -> dict[str, Any]:
    """Bytes and milliseconds of the save after each entry."""
    module = session()
    steps, data = [], b""
    for entry in entries:
        exec(compile(entry, "<entry>", "exec"), vars(module))
        started = time.perf_counter()
        try:
            data = dump(method, module)
        except Exception as error:
            return {"failure": f"{type(error).__name__}: {error}"}
        steps.append([len(data), (time.perf_counter() - started) * 1000])
    (folder / "saved").write_bytes(data)
    return {"steps": steps}


def restore(method: str, check: str, first_use: str, folder: Path) -> dict[str, Any]:
    """Milliseconds to the first use and to all, which is the same here, and what the check says."""
    module = session()
    data = (folder / "saved").read_bytes()
    started = time.perf_counter()
    load(method, data, module)
    used = run(first_use, module)
    took = (time.perf_counter() - started) * 1000
    return {"first": took, "all": took, "check": run(check, module), "used": used}


def run(source: str, module: ModuleType) -> str:
    """What an entry prints, or its error."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(source, "<check>", "exec"), vars(module))
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return out.getvalue()


if __name__ == "__main__":
    verb, chosen, trace, place = sys.argv[1:]
    given = json.loads(Path(trace).read_text())
    answer = (
        save(chosen, given["entries"], Path(place))
        if verb == "save"
        else restore(chosen, given["check"], given["first_use"], Path(place))
    )
    print(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)
