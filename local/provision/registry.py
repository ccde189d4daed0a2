"""temporary"""
from dataclasses import dataclass
from local.errors import LocalError

@dataclass(frozen=True)
class ResourceType:
    computed: tuple[str, ...]
    immutable: tuple[str, ...] = ()

def T(c): return ResourceType(tuple(c.split()))
TYPES = {
"aws:dynamodb/table:Table": T("name arn streamArn streamLabel region"),
"aws:dynamodb/tableItem:TableItem": T(""),
"aws:iam/role:Role": T("name arn uniqueId"),
"aws:iam/rolePolicy:RolePolicy": T("name"),
"aws:lambda/function:Function": T("name arn invokeArn qualifiedArn version"),
"aws:lambda/functionUrl:FunctionUrl": T("functionUrl functionArn urlId"),
"aws:lambda/permission:Permission": T("statementId"),
"aws:lambda/eventSourceMapping:EventSourceMapping": T("uuid arn functionArn"),
"aws:cloudwatch/logGroup:LogGroup": T("name arn"),
"aws:sfn/stateMachine:StateMachine": T("name arn"),
"aws:s3/bucket:Bucket": T("bucket arn bucketDomainName bucketRegionalDomainName"),
"aws:s3/bucketVersioning:BucketVersioning": T(""),
"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": T(""),
"aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": T(""),
"aws:s3/bucketPolicy:BucketPolicy": T(""),
"aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": T(""),
"aws:s3/bucketOwnershipControls:BucketOwnershipControls": T(""),
"aws:sns/topic:Topic": T("name arn owner"),
"aws:sns/topicSubscription:TopicSubscription": T("arn"),
"aws:sns/topicPolicy:TopicPolicy": T("owner"),
"aws:sqs/queue:Queue": T("name arn url"),
"aws:sqs/queuePolicy:QueuePolicy": T(""),
"aws:secretsmanager/secret:Secret": T("name arn"),
"aws:secretsmanager/secretVersion:SecretVersion": T("arn versionId"),
"aws:cognito/userPool:UserPool": T("name arn endpoint"),
"aws:cognito/userPoolClient:UserPoolClient": T("name clientSecret"),
"aws:cognito/userPoolDomain:UserPoolDomain": T("cloudfrontDistribution version"),
"aws:cognito/userGroup:UserGroup": T(""),
"aws:cognito/managedLoginBranding:ManagedLoginBranding": T("managedLoginBrandingId"),
"aws:apigateway/restApi:RestApi": T("name arn executionArn rootResourceId"),
"aws:apigateway/deployment:Deployment": T("createdDate"),
"aws:apigateway/stage:Stage": T("arn executionArn invokeUrl"),
"aws:apigateway/methodSettings:MethodSettings": T(""),
"aws:sesv2/emailIdentity:EmailIdentity": T("arn identityType"),
}

def resource_type(token, name):
    """The entry for a type token; LocalError naming an unknown one."""
    if token not in TYPES:
        raise LocalError(f"{token} ({name}): the local cloud cannot make resources of this type")
    return TYPES[token]
