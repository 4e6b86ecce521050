"""What a session has set up with ``logging``."""

import sys
from typing import Any

type Settings = dict[str, Any]


def _loggers() -> dict[str, Any]:
    """The root and all loggers, when ``logging`` was imported at all."""
    logging = sys.modules.get("logging")
    if logging is None:
        return {}
    known = logging.Logger.manager.loggerDict
    found = {name: one for name, one in known.items() if isinstance(one, logging.Logger)}
    return {"": logging.root, **found}


_FRESH: tuple[Any, ...] = (0, True, False, [], [])
_FRESH_ROOT: tuple[Any, ...] = (30, True, False, [], [])
_levels: dict[int, str] = {}


def _settings(logger: Any) -> tuple[Any, ...]:
    lists = list(logger.handlers), list(logger.filters)
    return logger.level, logger.propagate, logger.disabled, *lists


def read() -> Settings:
    """Loggers and names of levels that are not as they begin."""
    changed = {
        name: _settings(logger)
        for name, logger in _loggers().items()
        if _settings(logger) != (_FRESH if name else _FRESH_ROOT)
    }
    levels = _changed_levels()
    return {"loggers": changed, "levels": levels} if changed or levels else {}


def _changed_levels() -> dict[int, str]:
    logging = sys.modules.get("logging")
    if logging is None:
        return {}
    names = logging._levelToName
    return {level: name for level, name in names.items() if level % 10 or not 0 <= level <= 50}


def set(settings: Settings) -> None:  # noqa: A001
    """Set loggers up again."""
    import logging

    for level, name in settings["levels"].items():
        logging.addLevelName(level, name)
    for name, (level, propagate, disabled, handlers, filters) in settings["loggers"].items():
        logger = logging.getLogger(name or None)
        logger.setLevel(level)
        logger.propagate, logger.disabled = propagate, disabled
        logger.handlers, logger.filters = list(handlers), list(filters)


def reset() -> None:
    """Let all loggers be as they begin."""
    for name, logger in _loggers().items():
        level, propagate, disabled, handlers, filters = _FRESH if name else _FRESH_ROOT
        logger.setLevel(level)
        logger.propagate, logger.disabled = propagate, disabled
        logger.handlers, logger.filters = list(handlers), list(filters)
    logging = sys.modules.get("logging")
    for level, name in _changed_levels().items():
        assert logging is not None
        del logging._levelToName[level]
        logging._nameToLevel.pop(name, None)
