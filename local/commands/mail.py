"""`mail`: prints the mail that the emulator's SES kept instead of sending it."""

import argparse

from localcloud import settings, web
from localcloud.instance import running


def mail(arguments: argparse.Namespace) -> int:
    """Oldest first; the text part, or the HTML part if asked for."""
    outputs = running.outputs(settings.state_dir())
    kept = web.request("GET", f"{outputs['endpointUrl']}/_ministack/ses/messages").json()[
        "messages"
    ]
    messages = [message for account in kept.values() for message in account]
    if arguments.to:
        messages = [message for message in messages if arguments.to in message["To"]]
    for message in messages:
        print(
            f"From: {message['Source']}\nTo: {', '.join(message['To'])}\nSubject: {message['Subject']}\n"
        )
        print(
            (message["BodyHtml"] if arguments.html else message["BodyText"])
            or "(this part is empty)"
        )
        print("-" * 72)
    print(f"{len(messages)} message(s)")
    return 0
