from localcloud.registration import Registration
from tests.support.recorded_stacks import given, recording


def distribution(stack: str) -> Registration:
    [found] = recording(stack).of_type("aws:cloudfront/distribution:Distribution")
    return found


def acl() -> Registration:
    [found] = recording("prod").of_type("aws:wafv2/webAcl:WebAcl")
    return found


def test_the_firewall_is_where_the_config_says_and_in_the_one_region_that_cloudfront_takes() -> (
    None
):
    assert "webAclId" not in distribution("dev").inputs
    assert given(distribution("prod"), "webAclId") == f"<WebAcl.{acl().name}.arn>"
    assert (given(acl(), "scope"), given(acl(), "region")) == ("CLOUDFRONT", "us-east-1")


def test_signed_events_skip_the_common_rules_which_refuse_long_bodies_and_no_other_rule() -> None:
    rules = given(acl(), "rules")
    assert [each["priority"] for each in rules] == [0, 1, 2, 3]
    limit, reputation, webhook, common = (each["statement"] for each in rules)
    assert limit["rateBasedStatement"]["aggregateKeyType"] == "IP"
    groups = [each["managedRuleGroupStatement"]["name"] for each in (reputation, common)]
    assert groups == ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet"]
    assert rules[2]["action"] == {"allow": {}}
    assert webhook["byteMatchStatement"]["searchString"] == "/api/payments/webhook"
    assert webhook["byteMatchStatement"]["positionalConstraint"] == "EXACTLY"
