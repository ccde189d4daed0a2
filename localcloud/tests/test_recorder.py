"""The recorder: what it sees of a program, in each mode."""

import threading

import pytest

from localcloud.errors import LocalError
from localcloud.registration import Recording
from localcloud.tests.support.toy import Toy
from localcloud.values import UNKNOWN

STORE = """
class Store(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("orders:index:Store", name)
        own = pulumi.ResourceOptions(parent=self)
        self.table = aws.dynamodb.Table(
            f"{name}-table", hash_key="pk", attributes=[{"name": "pk", "type": "S"}],
            billing_mode="PAY_PER_REQUEST", opts=own,
        )
        self.secret = aws.secretsmanager.Secret(f"{name}-secret", opts=own)
        self.value = aws.secretsmanager.SecretVersion(
            f"{name}-value", secret_id=self.secret.id, secret_string=pulumi.Output.secret("hush"),
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["secretString"],
                                        aliases=[pulumi.Alias(name="former")]),
        )
        self.register_outputs({"tableName": self.table.name})


config = pulumi.Config()
store = Store("store")
role = aws.iam.Role("role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": []}),
                    opts=pulumi.ResourceOptions(protect=True))
function = aws.lambda_.Function(
    "worker", code=pulumi.AssetArchive({"worker.py": pulumi.StringAsset("def run(*_): pass")}),
    role=role.arn, handler="worker.run", runtime="python3.13", timeout=30,
    environment={"variables": {"TABLE": store.table.name, "KEY": store.value.secret_string}},
)
pulumi.export("functionArn", function.arn)
pulumi.export("document", pulumi.Output.json_dumps({"function": function.arn, "days": 3}))
pulumi.export("key", store.value.secret_string)
pulumi.export("account", aws.get_caller_identity().account_id)
pulumi.export("region", aws.get_region_output().region)
"""
PREFIX = "urn:pulumi:dev::orders::"


@pytest.fixture
def store(toy: Toy) -> Toy:
    toy.program(STORE)
    return toy


def urns(recording: Recording) -> list[str]:
    return [resource.urn for resource in recording.resources]


def test_every_mode_sees_the_same_urns_and_up_makes_them(store: Toy) -> None:
    placeholder = urns(store.record("placeholder"))
    assert urns(store.record("unknown")) == placeholder
    store.up()
    custom = [resource.urn for resource in store.record().resources if resource.custom]
    assert sorted(store.entries()) == custom
    assert f"{PREFIX}orders:index:Store$aws:dynamodb/table:Table::store-table" in custom


def test_placeholders_make_whole_documents_readable(store: Toy) -> None:
    exports = store.record("placeholder").exports
    assert exports["functionArn"] == "<Function.worker.arn>"
    assert exports["document"] == '{"function": "<Function.worker.arn>", "days": 3}'


def test_unknown_outputs_stay_unknown(store: Toy) -> None:
    recording = store.record("unknown")
    assert recording.exports["functionArn"] is UNKNOWN
    assert recording.exports["document"] is UNKNOWN
    worker = recording.one("aws:lambda/function:Function", "worker")
    assert worker.inputs["role"] is UNKNOWN
    assert worker.inputs["timeout"] == 30


def test_a_registration_carries_what_the_engine_would_see(store: Toy) -> None:
    recording = store.record()
    value = recording.one("aws:secretsmanager/secretVersion:SecretVersion", "store-value")
    secret = recording.one("aws:secretsmanager/secret:Secret", "store-secret")
    assert value.parent == f"{PREFIX}orders:index:Store::store"
    assert value.dependencies == (secret.urn,)
    assert value.input_dependencies == {"secretId": (secret.urn,), "secretString": ()}
    assert value.aliases == (value.urn.replace("store-value", "former"),)
    assert value.ignore_changes == ("secretString",)
    assert recording.one("aws:iam/role:Role", "role").protect
    assert not value.protect
    assert isinstance(
        recording.one("aws:lambda/function:Function", "worker").inputs["timeout"], int
    )


def test_components_and_stack_register_outputs(store: Toy) -> None:
    recording = store.record()
    component = recording.one("orders:index:Store", "store")
    assert not component.custom
    assert recording.outputs(component.urn) == {"tableName": "<Table.store-table.name>"}
    assert recording.exports["account"] == "000000000000"
    assert recording.exports["region"] == "us-east-1"


def test_secrets_are_masked_for_printing_but_in_clear_for_provisioning(store: Toy) -> None:
    recording = store.record()
    worker = recording.one("aws:lambda/function:Function", "worker")
    assert worker.inputs["environment"]["variables"]["KEY"] == "hush"
    assert worker.masked_inputs["environment"]["variables"] == {
        "KEY": "[secret]",
        "TABLE": "<Table.store-table.name>",
    }
    assert recording.exports["key"] == "[secret]"
    assert recording.secret_exports == {"key"}


def test_secret_exports_are_left_out_of_the_outputs_file(store: Toy) -> None:
    outputs = store.up()
    assert "key" not in outputs
    assert "hush" not in (store.state_dir / "outputs.json").read_text()
    assert (
        outputs["functionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:orders-dev-worker"
    )


def test_an_unknown_type_is_an_error_that_names_it(toy: Toy) -> None:
    toy.program('aws.glacier.Vault("cold")')
    with pytest.raises(LocalError, match=r"aws:glacier/vault:Vault \(cold\)"):
        toy.record()


def test_an_unknown_function_is_an_error_that_names_it(toy: Toy) -> None:
    toy.program("aws.sns.get_topic_output(name='x').arn.apply(print)")
    with pytest.raises(LocalError, match="aws:sns/getTopic:getTopic"):
        toy.record()


def test_two_resources_with_one_urn_are_an_error(toy: Toy) -> None:
    toy.program('aws.sns.Topic("news")\naws.sns.Topic("news")')
    with pytest.raises(LocalError, match=r"same URN: .*::news"):
        toy.record()


def test_an_exception_of_the_program_comes_out_as_it_is(toy: Toy) -> None:
    toy.program('raise ZeroDivisionError("of the program")')
    with pytest.raises(ZeroDivisionError, match="of the program"):
        toy.record()


def test_an_exception_inside_apply_comes_out(toy: Toy) -> None:
    toy.program('pulumi.export("x", aws.sns.Topic("news").arn.apply(lambda arn: 1 / 0))')
    with pytest.raises(ZeroDivisionError):
        toy.record()


def test_runs_in_one_process_do_not_see_each_other(
    toy: Toy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Toy(tmp_path_factory.mktemp("other"), toy.state_dir, toy.port)
    for each, name in ((toy, "one"), (other, "two")):
        each.write("settings.py", f"NAME = '{name}'")
        each.program(
            'import settings\naws.sns.Topic(settings.NAME)\npulumi.export("k", pulumi.Config().get("k"))'
        )
    assert [resource.name for resource in toy.record(k="v").resources] == ["one"]
    recording = other.record()
    assert [resource.name for resource in recording.resources] == ["two"]
    assert recording.exports.get("k") is None
    before = threading.active_count()
    for _ in range(5):
        toy.record()
    assert threading.active_count() == before
