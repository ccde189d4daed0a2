from handlers.domain.events import FOR_CUSTOMERS, FOR_OPERATORS, EventType


def test_every_event_is_heard_by_somebody() -> None:
    assert set(EventType) == FOR_CUSTOMERS | FOR_OPERATORS
