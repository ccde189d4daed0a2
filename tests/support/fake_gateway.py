"""A payment gateway in memory: one intent per order, and every request in the order it came."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from handlers.domain.payment import IntentStatus, PaymentIntent, Refund


def an_intent(status: IntentStatus = IntentStatus.CREATED) -> PaymentIntent:
    """The intent of an order of 2801 US cents, of which nothing is charged."""
    held = status in (IntentStatus.HELD, IntentStatus.CAPTURED)
    return PaymentIntent(
        id="pi_1",
        status=status,
        amount=2801,
        currency="USD",
        amount_received=2801 if status is IntentStatus.CAPTURED else 0,
        authorized=held,
        decline_code=None,
        refunds=(),
        client_secret="pi_1_secret_1",
    )


def a_refund(amount: int) -> tuple[Refund, ...]:
    return (Refund("re_1", amount),)


@dataclass
class FakeGateway:
    """`bank` is what a confirmation ends in; `before` runs as a request comes in."""

    intent: PaymentIntent = field(default_factory=an_intent)
    bank: IntentStatus = IntentStatus.HELD
    decline_code: str | None = None
    requests: list[tuple[str, ...]] = field(default_factory=list)
    before: dict[str, Callable[[], object]] = field(default_factory=dict)

    def create(
        self, order_id: str, amount: int, currency: str, payment_method: str
    ) -> PaymentIntent:
        self._asked("create", order_id, str(amount), currency, payment_method)
        return self.intent

    def confirm(self, order_id: str, intent_id: str, return_url: str) -> PaymentIntent:
        self._asked("confirm", order_id, intent_id, return_url)
        declined = self.bank is IntentStatus.DECLINED
        self.intent = replace(
            an_intent(self.bank),
            id=intent_id,
            decline_code=self.decline_code if declined else None,
        )
        return self.intent

    def retrieve(self, intent_id: str) -> PaymentIntent:
        self._asked("retrieve", intent_id)
        return replace(self.intent, id=intent_id)

    def capture(self, order_id: str, intent_id: str) -> PaymentIntent:
        self._asked("capture", order_id, intent_id)
        if self.intent.status is IntentStatus.HELD:
            self.intent = an_intent(IntentStatus.CAPTURED)
        return self.intent

    def release(self, order_id: str, intent_id: str) -> PaymentIntent:
        self._asked("release", order_id, intent_id)
        if self.intent.status is IntentStatus.CAPTURED:
            self.intent = replace(self.intent, refunds=a_refund(self.intent.amount_received))
        else:
            self.intent = replace(self.intent, status=IntentStatus.CANCELLED)
        return self.intent

    @property
    def asked(self) -> list[str]:
        """The requests by name."""
        return [request[0] for request in self.requests]

    def _asked(self, *request: str) -> None:
        self.before.get(request[0], lambda: None)()
        self.requests.append(request)
