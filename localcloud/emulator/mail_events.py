"""Patch: mail to an address of SES's mailbox simulator publishes its event to the topics of the configuration set that
the mail was sent with, or else the sender's identity has. MiniStack stores both and publishes nothing.

`bounce@simulator.amazonses.com`, `complaint@…` and `suppressionlist@…`, also with a label as in `bounce+order@…`:
https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html. Of their events, bounces and complaints:
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import asyncio
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any, cast

from ministack.services import ses_v2 as untyped_ses
from ministack.services import sns as untyped_sns

from localcloud.emulator import anchors

ses, sns = cast(Any, untyped_ses), cast(Any, untyped_sns)
SEND = "/v2/email/outbound-emails"
IDENTITIES = "/v2/email/identities"
OWN_SET = re.compile(f"{IDENTITIES}/(.+)/configuration-set")
SIMULATOR = re.compile(r"(bounce|complaint|suppressionlist)(\+[^@]*)?@simulator\.amazonses\.com")
DELAY = 0.3  # seconds after SendEmail's answer
SUBJECT = "Amazon SES Email Event Notification"
BOUNCES = {
    "bounce": ("General", "smtp; 550 5.1.1 user unknown"),
    "suppressionlist": ("Suppressed", "Amazon SES has suppressed sending to this address"),
}

Given = Mapping[str, Any]
Event = tuple[str, dict[str, Any]]
"""The type of an event as destinations name it, and what is said of it."""


def apply() -> None:
    """Looks at each request before MiniStack, and at its answer."""
    anchors.has_parameters(ses, "handle_request", "method path headers body query_params")
    anchors.has_parameters(ses, "_missing_config_set", "name")
    anchors.has_parameters(
        sns, "topic_policy_allows", "topic_arn service source_arn source_account"
    )
    original = ses.handle_request

    async def handle_request(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        given: Given = json.loads(body) if body and method in ("POST", "PUT") else {}
        if method == "PUT" and (found := OWN_SET.fullmatch(path)) and found[1] in ses._identities:
            _set_default(found[1], given)
            return ses.json_response({})
        used = _configuration_set(given) if (method, path) == ("POST", SEND) else None
        if used and used not in ses._config_sets:
            return ses._missing_config_set(used)
        answer = await original(method, path, headers, body, query)
        if answer[0] == 200 and (method, path) == ("POST", IDENTITIES):
            _set_default(given["EmailIdentity"], given)
        if answer[0] == 200 and used:
            message_id = json.loads(answer[2])["MessageId"]
            asyncio.get_running_loop().call_later(DELAY, _publish, used, given, message_id)
        return answer

    ses.handle_request = handle_request


def _set_default(identity: str, given: Given) -> None:
    ses._identities[identity]["ConfigurationSetName"] = given.get("ConfigurationSetName") or None


def _configuration_set(given: Given) -> str | None:
    address = parseaddr(given.get("FromEmailAddress") or "")[1]
    names = (address, address.rpartition("@")[2])
    found: list[Given] = [ses._identities[each] for each in names if each in ses._identities]
    default = found[0].get("ConfigurationSetName") if found else None
    return given.get("ConfigurationSetName") or default


def _publish(used: str, given: Given, message_id: str) -> None:
    mail = _mail(used, given, message_id)
    found = ses._config_sets.get(used, {}).get("EventDestinations", {})
    for kind, about in events(mail["destination"], mail["timestamp"]):
        event = {"eventType": kind.title(), kind.lower(): about, "mail": mail}
        for each in found.values():
            topic = each.get("SnsDestination", {}).get("TopicArn")
            wanted = topic and each["Enabled"] and kind in each["MatchingEventTypes"]
            if wanted and _may_publish(used, topic):
                sns.publish_internal(topic, json.dumps(event), SUBJECT)


def _may_publish(used: str, topic: str) -> bool:
    """Whether the topic's policy lets SES publish for the configuration set."""
    source = ses._resource_arn("configuration-set", used)
    return sns.topic_policy_allows(topic, "ses.amazonaws.com", source, ses.get_account_id())


def events(recipients: Iterable[str], at: str) -> Iterator[Event]:
    """The events of a mail to these recipients: one for each box of the simulator that is among them."""
    boxes: dict[str, list[str]] = {}
    for address in (parseaddr(each)[1] for each in recipients):
        if found := SIMULATOR.fullmatch(address.lower()):
            boxes.setdefault(found[1], []).append(address)
    for box, addresses in boxes.items():
        common = {"feedbackId": str(uuid.uuid4()), "timestamp": at}
        if box == "complaint":
            yield "COMPLAINT", common | _complaint(addresses, at)
        else:
            yield "BOUNCE", common | _bounce(addresses, *BOUNCES[box])


def _complaint(addresses: list[str], at: str) -> dict[str, Any]:
    return {
        "complainedRecipients": [{"emailAddress": each} for each in addresses],
        "complaintFeedbackType": "abuse",
        "complaintSubType": None,
        "arrivalDate": at,
    }


def _bounce(addresses: list[str], reason: str, code: str) -> dict[str, Any]:
    failed = {"action": "failed", "status": "5.1.1", "diagnosticCode": code}
    return {
        "bounceType": "Permanent",
        "bounceSubType": reason,
        "bouncedRecipients": [{"emailAddress": each} | failed for each in addresses],
        "reportingMTA": "dns; amazonses.com",
    }


def _mail(used: str, given: Given, message_id: str) -> dict[str, Any]:
    sender = given["FromEmailAddress"]
    address = parseaddr(sender)[1]
    to = given.get("Destination", {})
    addressed = {name: to.get(f"{name}Addresses", []) for name in ("To", "Cc", "Bcc")}
    subject = given.get("Content", {}).get("Simple", {}).get("Subject", {}).get("Data", "")
    shown = {"From": sender, "To": ", ".join(addressed["To"]), "Subject": subject}
    tags = {each["Name"]: [each["Value"]] for each in given.get("EmailTags", [])}
    return {
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "messageId": message_id,
        "source": sender,
        "sourceArn": ses._resource_arn("identity", address),
        "sendingAccountId": ses.get_account_id(),
        "destination": [each for group in addressed.values() for each in group],
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in shown.items()],
        "commonHeaders": {
            "from": [sender],
            "to": addressed["To"],
            "messageId": message_id,
            "subject": subject,
        },
        "tags": tags
        | {
            "ses:configuration-set": [used],
            "ses:from-domain": [address.rpartition("@")[2]],
        },
    }
