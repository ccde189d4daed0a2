"""The closed sets of a stack's config, as types; `Pulumi.yaml` describes the keys."""

from typing import Literal

WorkflowType = Literal["EXPRESS", "STANDARD"]
PaymentGateway = Literal["sandbox", "stripe"]
SenderIdentity = Literal["create", "existing"]
BundlePlatform = Literal["lambda", "host"]
PlatformLogLevel = Literal["INFO", "WARN"]
ScheduleState = Literal["ENABLED", "DISABLED"]
