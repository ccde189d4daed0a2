"""Times as text: ISO 8601 in UTC with milliseconds, so that they sort as they follow each other."""

from datetime import UTC, datetime


def timestamp(at: datetime | None = None) -> str:
    """Format `at` (default: now) in UTC with milliseconds, e.g. 2026-11-22T10:25:10.123Z."""
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
