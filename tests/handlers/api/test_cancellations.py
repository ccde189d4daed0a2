import pytest
from botocore.exceptions import EndpointConnectionError

from handlers.adapters import order_table
from handlers.domain.clock import timestamp
from handlers.domain.order import OrderStatus
from tests.handlers.api.conftest import StateMachine
from tests.support.database import ORDER_ID, an_order, everything, put_order, stored_order
from tests.support.rest_client import RestClient

CANCEL = f"/api/orders/{ORDER_ID}/cancel"
S = OrderStatus


@pytest.fixture
def waiting(orders_table: str) -> None:
    """Anna's order, which waits for her approval."""
    waits = {"approveBy": "2027-01-01T00:00:00.000Z", "dueAt": "2027-01-01T00:00:00.000Z"}
    put_order(an_order(S.AWAITING_PAYMENT, clientSecret="pi_1_secret_1", **waits))


@pytest.mark.usefixtures("waiting")
def test_an_order_that_waits_for_approval_is_cancelled_in_one_write_and_driven_at_once(
    anna: RestClient, machine: StateMachine
) -> None:
    before = stored_order()
    answer = anna.request("POST", CANCEL)
    after = stored_order()
    assert (answer.status, answer.headers["location"]) == (202, f"/api/orders/{ORDER_ID}")
    assert answer.body == {
        "orderId": ORDER_ID,
        "status": "CANCELLING",
        "version": before["version"] + 1,
    }
    assert (after["status"], after["attempts"]) == ("CANCELLING", 0)
    assert after["dueAt"] <= timestamp()
    assert after["timeline"][-1]["status"] == "CANCELLING"
    assert "clientSecret" not in after
    assert machine.started == [f"{ORDER_ID}-{after['version']}"]


@pytest.mark.usefixtures("waiting")
def test_cancelled_twice_is_cancelled_once(anna: RestClient, machine: StateMachine) -> None:
    first = anna.request("POST", CANCEL)
    written = everything()
    assert anna.request("POST", CANCEL).body == first.body
    assert everything() == written
    assert len(machine.started) == 1


@pytest.mark.usefixtures("waiting")
def test_a_lost_start_loses_nothing_because_the_order_is_due(
    anna: RestClient, machine: StateMachine
) -> None:
    machine.failure = EndpointConnectionError(endpoint_url="https://states")
    assert anna.request("POST", CANCEL).status == 202
    assert stored_order()["dueAt"] <= timestamp()


@pytest.mark.parametrize("status", sorted(set(S) - {S.AWAITING_PAYMENT, S.CANCELLING, S.CANCELLED}))
def test_no_other_order_is_cancelled_and_the_answer_says_why(
    anna: RestClient, machine: StateMachine, status: S
) -> None:
    put_order(an_order(status))
    before = everything()
    answer = anna.request("POST", CANCEL)
    assert answer.status == 409
    assert answer.body["detail"]
    assert everything() == before
    assert machine.started == []


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(("by_then", "told"), [(S.PAYMENT_AUTHORIZED, 409), (S.CANCELLED, 202)])
def test_an_order_that_moves_on_meanwhile_is_judged_by_where_it_stands_then(
    anna: RestClient, monkeypatch: pytest.MonkeyPatch, by_then: S, told: int
) -> None:
    claim = order_table.claim

    def overtaken(order: object, target: object) -> object:
        put_order(stored_order() | {"status": by_then, "version": 9})
        return claim(order, target)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(order_table, "claim", overtaken)
    assert anna.request("POST", CANCEL).status == told
    assert stored_order()["status"] == by_then


@pytest.mark.usefixtures("waiting")
def test_another_customers_order_does_not_exist(ben: RestClient, anybody: RestClient) -> None:
    before = everything()
    assert (ben.request("POST", CANCEL).status, anybody.request("POST", CANCEL).status) == (
        404,
        401,
    )
    assert everything() == before


@pytest.mark.usefixtures("waiting")
def test_only_while_it_waits_does_the_owner_see_how_to_approve(anna: RestClient) -> None:
    shown = anna.get(f"/api/orders/{ORDER_ID}").body
    approval = {"clientSecret": "pi_1_secret_1", "approveBy": "2027-01-01T00:00:00.000Z"}
    assert shown["action"] == approval
    anna.request("POST", CANCEL)
    assert "action" not in anna.get(f"/api/orders/{ORDER_ID}").body
