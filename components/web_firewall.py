"""WebFirewall: AWS WAF before the distribution: known attacks, known attackers, too many requests."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.options import child

_REGION = "us-east-1"
"""Where a distribution's firewall has to be, whatever the stack's region:
https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html"""
_WEBHOOK = "/api/payments/webhook"
_REQUESTS = 2000
"""From one address in five minutes: more than six a second, all the time."""


@dataclass(frozen=True, kw_only=True)
class WebFirewallArgs:
    """Nothing but tags: the rules are no options."""

    tags: Mapping[str, str]


class WebFirewall(pulumi.ComponentResource):
    """A web ACL for CloudFront."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: WebFirewallArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:WebFirewall", name, {}, opts)
        acl = aws.wafv2.WebAcl(
            f"{name}-acl",
            scope="CLOUDFRONT",
            region=_REGION,
            default_action={"allow": {}},
            rules=[
                _rate_limit(priority=0),
                _managed("AWSManagedRulesAmazonIpReputationList", priority=1),
                _webhook(priority=2),
                _managed("AWSManagedRulesCommonRuleSet", priority=3),
            ],
            visibility_config=_counted("web-firewall"),
            tags=args.tags,
            opts=child(self),
        )
        self.arn = acl.arn
        self.register_outputs({"arn": self.arn})


# Quoted, so that a stack without WAF does not load its types, which takes half a second.
def _rate_limit(priority: int) -> "aws.wafv2.WebAclRuleArgsDict":
    return {
        "name": "rate-limit",
        "priority": priority,
        "action": {"block": {}},
        "statement": {"rate_based_statement": {"limit": _REQUESTS, "aggregate_key_type": "IP"}},
        "visibility_config": _counted("rate-limit"),
    }


def _webhook(priority: int) -> "aws.wafv2.WebAclRuleArgsDict":
    """The gateway's events are signed, so no rule about bodies is needed, and one does harm.

    The common rules refuse more than 8 KB, and a dispute's event has all that was written about it:
    https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
    """
    return {
        "name": "payment-webhook",
        "priority": priority,
        "action": {"allow": {}},
        "statement": {
            "byte_match_statement": {
                "field_to_match": {"uri_path": {}},
                "positional_constraint": "EXACTLY",
                "search_string": _WEBHOOK,
                "text_transformations": [{"priority": 0, "type": "NONE"}],
            }
        },
        "visibility_config": _counted("payment-webhook"),
    }


def _managed(rules: str, priority: int) -> "aws.wafv2.WebAclRuleArgsDict":
    return {
        "name": rules,
        "priority": priority,
        "override_action": {"none": {}},
        "statement": {"managed_rule_group_statement": {"vendor_name": "AWS", "name": rules}},
        "visibility_config": _counted(rules),
    }


def _counted(metric: str) -> "aws.wafv2.WebAclVisibilityConfigArgsDict":
    return {
        "metric_name": metric,
        "cloudwatch_metrics_enabled": True,
        "sampled_requests_enabled": True,
    }
