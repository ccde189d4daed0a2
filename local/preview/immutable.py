"""Which changes replace a resource that holds data.

The SDK doesn't say which inputs replace a resource, so this is a table of the few types where that loses
something, from the provider's documentation ("Forces new resource") and, where that is silent, its schema:

- https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table
- https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket
- https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cognito_user_pool
  https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/cognitoidp/user_pool.go
- https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret
  https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/secretsmanager/secret.go

Whatever else is replaced is "changed" here. `pulumi preview` is the authority.
"""

IMMUTABLE = {
    "aws:dynamodb/table:Table": frozenset(
        (
            "name",
            "hashKey",
            "rangeKey",
            "localSecondaryIndexes",
            "restoreDateTime",
            "restoreSourceName",
            "restoreToLatestTime",
            "region",
        )
    ),
    "aws:s3/bucket:Bucket": frozenset(("bucket", "bucketPrefix", "objectLockEnabled", "region")),
    "aws:cognito/userPool:UserPool": frozenset(
        ("name", "aliasAttributes", "usernameAttributes", "usernameConfiguration", "region")
    ),
    "aws:secretsmanager/secret:Secret": frozenset(("name", "namePrefix", "region")),
}
"""The types that hold data, and their inputs that can't be changed in place."""
