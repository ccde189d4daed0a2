"""A toy program with one resource of every type that the local cloud can make."""

import delivery
import people
import pulumi
import routes
import serving
import storage

for name, value in {
    "apiUrl": routes.stage.invoke_url,
    "url": serving.url.function_url,
    "userPoolId": people.pool.id,
    "userPoolClientId": people.client.id,
    "machine": serving.machine.arn,
    "topic": serving.topic.arn,
    "queue": serving.queue.url,
    "role": serving.role.arn,
    "logs": serving.logs.name,
    "streamArn": storage.table.stream_arn,
    "apiId": routes.api.id,
    "distributionId": delivery.distribution.id,
    "certificate": delivery.certificate.arn,
    "firewall": delivery.firewall.arn,
}.items():
    pulumi.export(name, value)
