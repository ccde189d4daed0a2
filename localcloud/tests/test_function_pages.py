"""A page that a function serves at its URL, as a browser asks for it: with the headers that Chromium sends."""

import pytest

from localcloud import web
from localcloud.tests.support.toy import Toy

PROGRAM = """
role = aws.iam.Role("role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}))
code = pulumi.AssetArchive({"app.py": pulumi.StringAsset(
    "def run(event, context):\\n"
    "    asked = event['requestContext']['http']\\n"
    "    page = asked['method'] + ' ' + asked['path']\\n"
    "    return {'statusCode': 200, 'headers': {'content-type': 'text/html'}, 'body': page}\\n")})
function = aws.lambda_.Function("page", role=role.arn, runtime="python3.13", handler="app.run", code=code)
url = aws.lambda_.FunctionUrl("url", function_name=function.name, authorization_type="NONE")
for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
    aws.lambda_.Permission(action[7:], function=function.name, action=action, principal="*",
                           function_url_auth_type="NONE" if action.endswith("Url") else None)
pulumi.export("url", url.function_url)
"""
FROM_THE_STOREFRONT = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Upgrade-Insecure-Requests": "1",
}


@pytest.fixture(scope="module", params=["path", "host"])
def page(request: pytest.FixtureRequest, module_toy: Toy) -> tuple[str, str, str]:
    """The URL to ask, the Host to name and the page's own origin, by path or by a host name as AWS has it."""
    module_toy.program(PROGRAM)
    url = str(module_toy.up()["url"])
    at = f"127.0.0.1:{module_toy.port}"
    if request.param == "path":
        return url + "bank/pi_1", at, f"http://{at}"
    name = url.rstrip("/").rpartition("/")[2]
    host = f"{name}.lambda-url.us-east-1.localhost:{module_toy.port}"
    return f"http://{at}/bank/pi_1", host, f"http://{host}"


def test_a_browser_comes_to_the_page_from_another_origin(page: tuple[str, str, str]) -> None:
    url, host, _ = page
    answer = web.request("GET", url, headers=FROM_THE_STOREFRONT | {"Host": host})
    assert (answer.status, answer.body) == (200, b"GET /bank/pi_1")
    assert answer.headers["Content-Type"] == "text/html"


def test_the_page_posts_a_form_to_itself(page: tuple[str, str, str]) -> None:
    url, host, origin = page
    headers = {"Host": host, "Origin": origin, "Sec-Fetch-Site": "same-origin"}
    answer = web.request("POST", url, form={"decision": "approve"}, headers=headers)
    assert (answer.status, answer.body) == (200, b"POST /bank/pi_1")


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_no_other_page_posts_a_form_to_it(page: tuple[str, str, str], origin: str) -> None:
    url, host, _ = page
    headers = {"Host": host, "Origin": origin}
    assert web.request("POST", url, form={"decision": "approve"}, headers=headers).status == 403
