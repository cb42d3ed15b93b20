"""What is logged: one JSON object a line, and in it nothing but codes, numbers and ids.

A key that is not in ``ALLOWED`` is dropped, and so is a value that does not look as its key's values look. What a
library says is dropped too, because it may quote an address, a query or a row: its logger, its place in the code,
the type of an exception and the lines it passed through are kept.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from time import monotonic
from types import TracebackType
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from wilberforce.base.ids import random_id

Event = MutableMapping[str, Any]
CODE = r"[a-z][a-z0-9_.]{0,60}"
NUMBER = r"-?\d{1,12}(\.\d{1,6})?"
ALLOWED = {
    "event": CODE,
    "level": "debug|info|warning|error|critical",
    "at": r"\d{4}-\d\d-\d\dT[\d:.]+Z",
    "logger": r"[A-Za-z_][\w.]{0,80}",
    "place": r"\w{1,60}:\d+",
    "request": r"[0-9a-f-]{36}",
    "method": "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE",
    "route": r"[^@\s]{0,200}",
    "status": r"\d{3}",
    "ms": NUMBER,
    "percent": NUMBER,
    "part": CODE,
    "action": CODE,
    "job": r"\d{1,18}",
    "task": r"[\w.]{1,120}",
    "queue": CODE,
    "error": r"[\w.<>]{1,300}",
    "frames": r"[\w.<>: ]{0,2000}",
}
PATTERNS = {key: re.compile(pattern) for key, pattern in ALLOWED.items()}
LEVELS = {"wilberforce": "INFO", "procrastinate": "INFO", "django": "WARNING"} | dict.fromkeys(
    ("procrastinate.periodic", "procrastinate.blueprints", "procrastinate.jobs"), "WARNING"
)
"""What procrastinate says of itself whenever any command begins would hide what the command says."""

log = structlog.stdlib.get_logger("wilberforce.web")


def configuration(*, json_lines: bool) -> dict[str, Any]:
    """Django's LOGGING. On a developer's screen the same lines are shown plainly, from warnings upwards."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = {"()": "wilberforce.web.logs.formatter"} if json_lines else {"format": "%(levelname)s %(message)s"}
    quiet = {name: {"handlers": [], "level": level, "propagate": True} for name, level in LEVELS.items()}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": quiet if json_lines else {},
    }


def formatter() -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.contextvars.merge_contextvars],
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _named,
            _faults,
            _only_what_is_allowed,
            structlog.processors.JSONRenderer(),
        ],
    )


def _named(_: Any, __: str, event: Event) -> Event:
    record: logging.LogRecord = event["_record"]
    event.update(logger=record.name, level=record.levelname.lower())
    if not event["_from_structlog"]:
        event.update(_of_a_job(record), event="library", place=f"{record.module}:{record.lineno}")
    return event


def _of_a_job(record: logging.LogRecord) -> dict[str, Any]:
    job = getattr(record, "job", None)
    told = {"job": job.get("id"), "task": job.get("task_name"), "queue": job.get("queue")} if job else {}
    return told | {"action": getattr(record, "action", None)}


def _faults(_: Any, __: str, event: Event) -> Event:
    """An exception's types and its way through the code; never its message, which may quote what was typed."""
    given = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(fault, BaseException):
        chain = list(_chain(fault))
        event["error"] = "<".join(type(one).__name__ for one in chain)
        event["frames"] = " ".join(_way(chain[-1].__traceback__)[-12:])
    return event


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__


def _way(trace: TracebackType | None) -> list[str]:
    steps = traceback.extract_tb(trace)
    return [f"{step.filename.rsplit('/', 1)[-1].removesuffix('.py')}:{step.lineno}:{step.name}" for step in steps]


def _only_what_is_allowed(_: Any, __: str, event: Event) -> Event:
    kept = {key: value for key, value in event.items() if key in PATTERNS and _fits(key, value)}
    return {"event": "unnamed"} | kept


def _fits(key: str, value: object) -> bool:
    return isinstance(value, str | int | float) and PATTERNS[key].fullmatch(str(value)) is not None


def last_words(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """For ``sys.excepthook``: what ends a process is logged like everything else."""
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("ended_by_a_fault", exc_info=(kind, fault, trace))


class Numbered:
    """Gives each request a number of its own and logs the shape of its address: no address, no query, no person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=str(random_id()))
        began = monotonic()
        response = self.get_response(request)
        log.info(
            "request",
            method=request.method,
            route=request.resolver_match.route if request.resolver_match else "",
            status=response.status_code,
            ms=round((monotonic() - began) * 1000, 1),
        )
        return response
