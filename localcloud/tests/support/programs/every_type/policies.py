"""Policies and tags of the toy."""

import json

TAGS = {"team": "shop"}


def policy(action, principal, arn):
    statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": action}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Resource": arn}]})
