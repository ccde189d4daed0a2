"""What the AWS provider updates in place is updated in place here: the id stays, and the emulator has the new value."""

from collections.abc import Mapping
from typing import Any

import pytest

from localcloud.errors import LocalError
from localcloud.provision.aws import Aws
from localcloud.provision.registry import TYPES
from localcloud.provision.resource import Resource
from localcloud.tests.support.changes import CHANGES, POOL
from localcloud.tests.support.toy import Toy


def entry(toy: Toy) -> Mapping[str, Any]:
    [found] = [each for each in toy.entries().values() if each["name"] == "it"]
    return found


def differences(aws: Aws, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the emulator has and the program does not say, or says otherwise."""
    known = Resource("orders-dev-it", found["inputs"], physical_id=found["id"])
    read = TYPES[found["type"]].read(aws, known)
    assert read is not None
    return {key: value for key, value in read.items() if value != found["inputs"].get(key)}


@pytest.mark.parametrize("what", CHANGES)
def test_an_update_in_place_keeps_the_resource_and_takes_effect(
    toy: Toy, aws: Aws, what: str
) -> None:
    source, steps = CHANGES[what]
    toy.program("")
    toy.up()
    toy.program(source % steps[0])
    toy.up()
    first = entry(toy)
    for step in steps[1:]:
        assert differences(aws, entry(toy)) == {}
        toy.program(source % step)
        toy.up()
        assert toy.did("replaced") == []
        assert entry(toy)["id"] == first["id"]
    assert differences(aws, entry(toy)) == {}


def test_a_disabled_api_key_lets_nothing_in(toy: Toy, aws: Aws) -> None:
    for enabled in (True, False):
        toy.program(f'aws.apigateway.ApiKey("it", enabled={enabled})')
        toy.up()
        found = aws.apigateway.get_api_key(apiKey=entry(toy)["id"])
        assert found["enabled"] is enabled


def test_a_record_that_changes_its_type_leaves_no_old_one(toy: Toy, aws: Aws) -> None:
    toy.program("")
    toy.up()
    zone = aws.route53.create_hosted_zone(Name="toy.example", CallerReference="toy")["HostedZone"]
    record = 'aws.route53.Record("it", zone_id="%s", name="a.toy.example", ttl=60, type="%s", records=["%s"])'
    identifier = zone["Id"].rpartition("/")[2]
    for kind, value in (("A", "192.0.2.1"), ("CNAME", "b.toy.example")):
        toy.program(record % (identifier, kind, value))
        toy.up()
    assert toy.did("updated") == ["it"]
    assert differences(aws, entry(toy)) == {}
    sets = aws.route53.list_resource_record_sets(HostedZoneId=identifier)["ResourceRecordSets"]
    assert [each["Type"] for each in sets if each["Name"] == "a.toy.example."] == ["CNAME"]
    toy.program("")
    toy.up()
    aws.route53.delete_hosted_zone(Id=identifier)


def test_the_members_of_a_changed_group_stay_in_it(toy: Toy, aws: Aws) -> None:
    group = (
        POOL + 'aws.cognito.UserGroup("it", user_pool_id=pool.id, name="staff", description="%s")'
    )
    toy.program(group % "a")
    toy.up()
    key = {"UserPoolId": entry(toy)["inputs"]["userPoolId"]}
    aws.cognito_idp.admin_create_user(**key, Username="ann")
    aws.cognito_idp.admin_add_user_to_group(**key, Username="ann", GroupName="staff")
    toy.program(group % "b")
    toy.up()
    users = aws.cognito_idp.list_users_in_group(**key, GroupName="staff")["Users"]
    assert [user["Username"] for user in users] == ["ann"]


def test_an_attribute_of_a_user_pool_can_be_added_but_never_changed(toy: Toy) -> None:
    pool = 'aws.cognito.UserPool("it", schemas=[{"name": "tier", "attribute_data_type": "%s"}])'
    toy.program(pool % "String")
    toy.up()
    toy.program(pool % "Number")
    with pytest.raises(LocalError, match="schemas may only grow"):
        toy.up()
