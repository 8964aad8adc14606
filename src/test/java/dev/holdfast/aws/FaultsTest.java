package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Fault;
import dev.holdfast.model.Fault.Category;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.wafv2.Wafv2Client;
import software.amazon.awssdk.services.xray.XRayClient;

class FaultsTest {
    private static AwsServiceException error(String operation, int status, String code, String message) {
        AwsServiceException e = AwsServiceException.builder()
                .message(message)
                .statusCode(status)
                .requestId("r-1")
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
        FailedCall.mark(e, operation, null);
        return e;
    }

    private static Category categoryOf(String operation, int status, String code, String message) {
        return Faults.classify(error(operation, status, code, message), List.of())
                .category();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ec2:DescribeVpcs            | 503 | RequestLimitExceeded       | Request limit exceeded.                                  | THROTTLED
        ecs:UpdateService           | 400 | ThrottlingException        | Rate exceeded                                            | THROTTLED
        ecs:UpdateService           | 400 | ClientException            | Rate exceeded                                            | THROTTLED
        ec2:DeleteVpc               | 400 | InvalidVpcID.NotFound      | The vpc ID 'vpc-1' does not exist                        | ABSENT
        ec2:CreateSubnet            | 400 | InvalidVpcID.NotFound      | The vpc ID 'vpc-1' does not exist                        | DEPENDENCY
        ec2:DeleteVpc               | 400 | DependencyViolation        | The vpc has dependencies and cannot be deleted.          | DEPENDENCY
        ec2:ReleaseAddress          | 400 | AuthFailure                | You do not have permission to access the specified resource. | DEPENDENCY
        ec2:DescribeVpcs            | 401 | AuthFailure                | AWS was not able to validate the provided access credentials | DENIED
        ec2:ReleaseAddress          | 400 | InvalidIPAddress.InUse     | in use                                                   | DEPENDENCY
        ec2:AuthorizeSecurityGroupIngress | 400 | InvalidPermission.Duplicate | the specified rule already exists                 | EXISTS
        ec2:AuthorizeSecurityGroupIngress | 400 | RulesPerSecurityGroupLimitExceeded | the maximum number                         | QUOTA
        ec2:CreateVpc               | 400 | VpcLimitExceeded           | The maximum number of VPCs has been reached.             | QUOTA
        ec2:CreateVpc               | 403 | UnauthorizedOperation      | You are not authorized to perform this operation.        | DENIED
        ec2:CreateVpc               | 400 | InvalidParameterValue      | Value (x) for parameter cidrBlock is invalid             | INVALID
        ec2:CreateSubnet            | 400 | InvalidSubnet.Range        | The CIDR is invalid.                                     | INVALID
        ec2:CreateSubnet            | 400 | InvalidSubnet.Conflict     | The CIDR conflicts with another subnet                   | DEPENDENCY
        ec2:CreateRoute             | 400 | RouteAlreadyExists         | m                                                        | EXISTS
        ec2:DeleteNatGateway        | 400 | NatGatewayNotFound         | m                                                        | ABSENT
        ec2:CreateSubnet            | 500 | InternalError              | An internal error has occurred                           | TRANSIENT
        ecs:CreateService           | 400 | InvalidParameterException  | Unable to assume role and validate the listeners         | DEPENDENCY
        ecs:CreateService           | 400 | InvalidParameterException  | The target group tg does not have an associated load balancer. | DEPENDENCY
        ecs:CreateService           | 400 | InvalidParameterException  | Creation of service was not idempotent.                  | EXISTS
        ecs:CreateService           | 400 | InvalidParameterException  | Unable to Start a service that is still Draining.        | CONFLICT
        ecs:CreateService           | 400 | InvalidParameterException  | Invalid launch type                                      | INVALID
        ecs:CreateService           | 400 | ClusterNotFoundException   | Cluster not found.                                       | DEPENDENCY
        ecs:UpdateService           | 400 | ServiceNotFoundException   | Service not found.                                       | ABSENT
        ecs:UpdateService           | 400 | ServiceNotActiveException  | Service was not ACTIVE.                                  | CONFLICT
        ecs:DescribeTaskDefinition  | 400 | ClientException            | Unable to describe task definition.                      | ABSENT
        ecs:RegisterTaskDefinition  | 400 | ClientException            | Too many concurrent attempts to create a new revision of the specified family. | CONFLICT
        ecs:DeleteCluster           | 400 | ClusterContainsTasksException | The Cluster cannot be deleted while Tasks are active. | DEPENDENCY
        elasticloadbalancing:DeleteTargetGroup | 400 | ResourceInUse   | Target group is currently in use by a listener or a rule | DEPENDENCY
        elasticloadbalancing:CreateTargetGroup | 400 | DuplicateTargetGroupName | A target group with the same name exists        | EXISTS
        elasticloadbalancing:CreateRule        | 400 | PriorityInUse   | Priority '10' is currently in use                        | CONFLICT
        elasticloadbalancing:CreateRule        | 400 | TooManyRules    | m                                                        | QUOTA
        elasticloadbalancing:CreateListener    | 400 | LoadBalancerNotFound | m                                                   | DEPENDENCY
        elasticloadbalancing:DeleteRule        | 400 | RuleNotFound    | m                                                        | ABSENT
        elasticloadbalancing:CreateListener    | 400 | CertificateNotFound | m                                                    | DEPENDENCY
        elasticloadbalancing:CreateRule        | 400 | TargetGroupAssociationLimit | The following target groups cannot be associated with more than one load balancer: tg | DEPENDENCY
        elasticloadbalancing:ModifyLoadBalancerAttributes | 400 | InvalidConfigurationRequest | Access Denied for bucket: b. Please check S3bucket permission | DEPENDENCY
        elasticloadbalancing:ModifyLoadBalancerAttributes | 400 | InvalidConfigurationRequest | S3Bucket validation transient issue | TRANSIENT
        elasticloadbalancing:ModifyLoadBalancerAttributes | 400 | InvalidConfigurationRequest | m                              | INVALID
        iam:DeleteRole              | 409 | DeleteConflict             | Cannot delete entity, must detach all policies first.    | DEPENDENCY
        iam:GetRole                 | 404 | NoSuchEntity               | The role with name x cannot be found.                    | ABSENT
        iam:CreateRole              | 409 | EntityAlreadyExists        | Role with name x already exists.                         | EXISTS
        iam:CreateRole              | 409 | LimitExceeded              | Cannot exceed quota for RolesPerAccount: 1000            | QUOTA
        iam:PutRolePolicy           | 400 | MalformedPolicyDocument    | Syntax errors in policy.                                 | INVALID
        iam:CreateRole              | 400 | MalformedPolicyDocument    | Invalid principal in policy: "AWS":"arn:aws:iam::1:role/x" | DEPENDENCY
        iam:CreateServiceLinkedRole | 400 | InvalidInput               | Service role name AWSServiceRoleForECS has been taken in this account | EXISTS
        logs:CreateLogGroup         | 400 | ResourceAlreadyExistsException | The specified log group already exists               | EXISTS
        logs:PutRetentionPolicy     | 400 | OperationAbortedException  | A conflicting operation is currently in progress         | CONFLICT
        cloudfront:UpdateDistribution | 400 | IllegalUpdate            | Only one viewer certificate change may be in progress at a time. | CONFLICT
        cloudfront:UpdateDistribution | 400 | IllegalUpdate            | HttpVersion is missing                                   | INVALID
        logs:DescribeLogGroups      | 400 | AccessDeniedException      | m                                                        | DENIED
        cloudwatch:PutMetricAlarm   | 400 | LimitExceeded              | m                                                        | QUOTA
        cloudwatch:PutMetricAlarm   | 400 | ValidationError            | Period must be 10, 30 or a multiple of 60                | INVALID
        application-autoscaling:PutScalingPolicy | 400 | ObjectNotFoundException | No scalable target registered for service namespace: ecs | DEPENDENCY
        application-autoscaling:DeleteScalingPolicy | 400 | ObjectNotFoundException | No scaling policy found              | ABSENT
        application-autoscaling:RegisterScalableTarget | 400 | ValidationException | ECS service doesn't exist: service/c/s | DEPENDENCY
        application-autoscaling:PutScalingPolicy | 400 | ConcurrentUpdateException | m                                        | CONFLICT
        secretsmanager:CreateSecret | 400 | ResourceExistsException    | The operation failed because the secret x already exists. | EXISTS
        secretsmanager:CreateSecret | 400 | InvalidRequestException    | You can't create this secret because a secret with this name is already scheduled for deletion. | CONFLICT
        secretsmanager:UpdateSecret | 400 | InvalidRequestException    | You can't perform this operation on the secret because it was marked for deletion. | CONFLICT
        secretsmanager:DescribeSecret | 400 | ResourceNotFoundException | Secrets Manager can't find the specified secret.        | ABSENT
        secretsmanager:PutResourcePolicy | 400 | MalformedPolicyDocumentException | This resource policy contains an unsupported principal. | DEPENDENCY
        s3:DeleteBucket             | 409 | BucketNotEmpty             | The bucket you tried to delete is not empty              | DEPENDENCY
        s3:PutBucketVersioning      | 409 | OperationAborted           | A conflicting conditional operation is currently in progress | CONFLICT
        s3:CreateBucket             | 409 | BucketAlreadyExists        | m                                                        | EXISTS
        s3:CreateBucket             | 409 | BucketAlreadyOwnedByYou    | m                                                        | EXISTS
        s3:PutBucketPolicy          | 400 | MalformedPolicy            | Invalid principal in policy                              | DEPENDENCY
        s3:GetBucketPolicy          | 404 | NoSuchBucketPolicy         | The bucket policy does not exist                         | ABSENT
        s3:PutObject                | 412 | PreconditionFailed         | m                                                        | CONFLICT
        s3:PutObject                | 503 | SlowDown                   | Please reduce your request rate.                         | THROTTLED
        sts:AssumeRole              | 403 | AccessDenied               | User: x is not authorized to perform: sts:AssumeRole     | DENIED
        sts:GetCallerIdentity       | 403 | ExpiredToken               | The security token included in the request is expired    | TRANSIENT
        sts:GetCallerIdentity       | 403 | InvalidClientTokenId       | The security token included in the request is invalid    | DENIED
        rds:ModifyDBInstance        | 400 | InvalidDBInstanceState     | Database instance is not in available state.             | CONFLICT
        rds:CreateDBInstance        | 400 | InstanceQuotaExceeded      | m                                                        | QUOTA
        elasticache:DeleteCacheSubnetGroup | 400 | CacheSubnetGroupInUse | m                                                      | DEPENDENCY
        elasticache:ModifyReplicationGroup | 400 | InvalidReplicationGroupState | m                                               | CONFLICT
        cloudfront:UpdateDistribution | 412 | PreconditionFailed       | m                                                        | CONFLICT
        cloudfront:DeleteDistribution | 409 | DistributionNotDisabled  | m                                                        | CONFLICT
        lambda:CreateFunction       | 400 | InvalidParameterValueException | The role defined for the function cannot be assumed by Lambda. | DEPENDENCY
        sns:SetTopicAttributes      | 400 | InvalidParameter           | Invalid parameter: HTTPSuccessFeedbackRoleArn Reason: arn:aws:iam::123456789012:role/sns is not a valid role to allow SNS to write to Cloudwatch Logs | DEPENDENCY
        ec2:DescribeVpcs            | 503 | Client.RequestLimitExceeded | Request limit exceeded.                                | THROTTLED
        ec2:DescribeVpcs            | 400 | Throttling                 | Rate exceeded                                            | THROTTLED
        ec2:DescribeVpcs            | 400 | Client.RequestThrottled    | m                                                        | THROTTLED
        ec2:DescribeVpcs            | 400 | RequestThrottled           | m                                                        | THROTTLED
        ec2:DescribeVpcs            | 400 | Client.UnauthorizedOperation | You are not authorized to perform this operation.      | DENIED
        ec2:DeleteVpc               | 400 | Client.InvalidVpcID.NotFound | m                                                      | ABSENT
        kms:DescribeKey             | 400 | ThrottlingException        | You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls. | THROTTLED
        kms:CreateKey               | 400 | LimitExceededException     | m                                                        | QUOTA
        kms:DescribeKey             | 503 | DependencyTimeoutException | m                                                        | TRANSIENT
        rds:CreateDBInstance        | 400 | KMSKeyNotAccessibleFault   | You have exceeded the rate at which you may call KMS.    | THROTTLED
        rds:CreateDBInstance        | 400 | KMSKeyNotAccessibleFault   | The specified KMS key is not accessible.                 | DENIED
        lambda:CreateFunction       | 400 | InvalidParameterValueException | Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. KMS Exception: ThrottlingException | THROTTLED
        lambda:CreateFunction       | 400 | InvalidParameterValueException | Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. KMS Exception: LimitExceededException | QUOTA
        lambda:CreateFunction       | 400 | InvalidParameterValueException | Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. KMS Exception: InvalidArnException KMS Message: ARN does not refer to a valid principal | DEPENDENCY
        lambda:CreateFunction       | 400 | InvalidParameterValueException | Your request has been throttled by EC2, please make sure you have enough API rate limit. | THROTTLED
        lambda:CreateFunction       | 502 | EC2ThrottledException      | m                                                        | THROTTLED
        lambda:CreateFunction       | 502 | ENILimitReachedException   | m                                                        | TRANSIENT
        lambda:CreateFunction       | 400 | TooManyRequestsException   | Rate exceeded                                            | THROTTLED
        elasticache:DescribeCacheClusters | 400 | APICallRateForCustomerExceeded | m                                              | THROTTLED
        elasticache:ModifyReplicationGroup | 400 | InvalidVPCNetworkStateFault | m                                                | INVALID
        cloudfront:UpdateDistribution | 400 | InvalidOriginReadTimeout | m                                                        | INVALID
        cloudfront:UpdateDistribution | 400 | InvalidOriginKeepaliveTimeout | m                                                   | INVALID
        cloudfront:ListDistributions | 400 | Throttling                | Rate exceeded                                            | THROTTLED
        sns:TagResource             | 400 | ConcurrentAccess           | m                                                        | CONFLICT
        sns:Publish                 | 400 | KMSThrottling              | m                                                        | THROTTLED
        sqs:ReceiveMessage          | 400 | KmsThrottled               | m                                                        | THROTTLED
        wafv2:AssociateWebACL       | 400 | WAFUnavailableEntityException | m                                                     | DEPENDENCY
        wafv2:GetWebACL             | 400 | WAFNonexistentItemException | m                                                       | ABSENT
        wafv2:AssociateWebACL       | 400 | WAFLimitsExceededException | m                                                        | QUOTA
        route53:ChangeResourceRecordSets | 400 | PriorRequestNotComplete | The request was rejected because Route 53 was still processing a prior request. | CONFLICT
        route53:ChangeTagsForResource | 400 | PriorRequestNotComplete  | m                                                        | CONFLICT
        route53:CreateHostedZone    | 400 | LimitsExceeded             | m                                                        | QUOTA
        x:Y                         | 501 | NotImplemented             | m                                                        | INVALID
        x:Y                         | 400 | SomethingNew               | User: x is not authorized to perform: x:Y                | DENIED
        x:Y                         | 400 | SomethingNew               | m                                                        | UNKNOWN
        """)
    void knowsWhatAwsAnswers(String operation, int status, String code, String message, Category expected) {
        assertThat(categoryOf(operation, status, code, message)).isEqualTo(expected);
    }

    @Test
    void theKindsOwnRulesComeBeforeTheServices() {
        List<FaultRule> ofKind = List.of(FaultRule.of("InvalidNetworkInterfaceID.NotFound", Category.DEPENDENCY));

        Fault fault =
                Faults.classify(error("ec2:ReleaseAddress", 400, "InvalidNetworkInterfaceID.NotFound", "m"), ofKind);

        assertThat(fault)
                .isEqualTo(new Fault(
                        Category.DEPENDENCY, "InvalidNetworkInterfaceID.NotFound", "m", "ec2:ReleaseAddress", "r-1"));
    }

    @Test
    void anAnswerToAHeadRequestHasNoCode() {
        AwsServiceException e = AwsServiceException.builder()
                .statusCode(403)
                .message("Forbidden")
                .build();

        assertThat(Faults.classify(e, List.of()).category()).isEqualTo(Category.DENIED);
    }

    @Test
    void knowsTheServiceWithoutTheInterceptor() {
        Throwable e = Ec2Exception.builder()
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("IncorrectState")
                        .errorMessage("m")
                        .build())
                .build();

        assertThat(Faults.classify(new CompletionException(e), List.of()).category())
                .isEqualTo(Category.CONFLICT);
    }

    @Test
    void whatFailedOnThisSideIsTransientOrDenied() {
        Map<Throwable, Category> cases = Map.of(
                ApiCallTimeoutException.create(30_000),
                Category.TRANSIENT,
                SdkClientException.create("Unable to execute HTTP request"),
                Category.TRANSIENT,
                SdkClientException.create("Unable to load credentials from any of the providers"),
                Category.DENIED,
                new UncheckedIOException(new IOException("disk")),
                Category.TRANSIENT,
                new WriteRefusedException("ec2:CreateVpc"),
                Category.TRANSIENT,
                new NotYetException("the group is too new"),
                Category.DEPENDENCY,
                new WrongAccountException("1", "2"),
                Category.DENIED,
                new ObjectStore.PreconditionFailedException("k"),
                Category.CONFLICT,
                new IllegalStateException("a bug"),
                Category.UNKNOWN);

        cases.forEach((thrown, category) -> assertThat(
                        Faults.classify(thrown, List.of()).category())
                .as("%s", thrown)
                .isEqualTo(category));
    }

    @Test
    void saysWhatIsWrongWithAFileInWords() {
        Map<Throwable, String> cases = Map.of(
                new UncheckedIOException(new NoSuchFileException("/a")), "there is no /a",
                new UncheckedIOException(new AccessDeniedException("/a")), "no permission for /a: ",
                new UncheckedIOException(new FileAlreadyExistsException("/a")), "/a is a file, not a directory",
                new UncheckedIOException("/a is not what was written there", new IOException("Unexpected character")),
                        "/a is not what was written there",
                new UncheckedIOException(new FileSystemException("/a", null, "Too many levels of symbolic links")),
                        "/a: Too many levels of symbolic links");

        cases.forEach(
                (thrown, words) -> assertThat(Faults.classify(thrown, List.of()).message())
                        .startsWith(words)
                        .doesNotContain("java."));
    }

    @Test
    void masksWhatTheRedactorKnows() {
        Redactor redactor = new Redactor();
        redactor.learn("pa\"ss&word");

        Fault fault = Faults.classify(
                error("secretsmanager:CreateSecret", 400, "ValidationException", "Value 'pa\\\"ss&word' is bad"),
                List.of(),
                redactor);

        assertThat(fault.message()).isEqualTo("Value '***' is bad");
        assertThat(redactor.toString()).doesNotContain("pa");
    }

    /** A text that differs from call to call would look like another failure at each read. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        You are not authorized to perform this operation. Encoded authorization failure message: N-abc_1Zg | You are not authorized to perform this operation.
        Rate exceeded (Service: AWSLogs; Status Code: 400; Error Code: ThrottlingException; Request ID: 1b-2; Proxy: null) | Rate exceeded
        Access Denied (Service: S3, Status Code: 403, Request ID: 7BMJM8, Extended Request ID: TW2q+eJp/t=) (SDK Attempt Count: 2) | Access Denied
        Unable to execute HTTP request: Read timed out (SDK Attempt Count: 3) | Unable to execute HTTP request: Read timed out
        User: arn:aws:iam::1:user/a is not authorized to perform: ec2:RunInstances (Request ID missing) | User: arn:aws:iam::1:user/a is not authorized to perform: ec2:RunInstances (Request ID missing)
        """)
    void aMessageHasNoPartThatEachCallChanges(String text, String shown) {
        AwsServiceException bodyless =
                AwsServiceException.builder().statusCode(403).message(text).build();

        assertThat(Faults.classify(error("ec2:RunInstances", 403, "C", text), List.of())
                        .message())
                .isEqualTo(shown);
        assertThat(Faults.classify(bodyless, List.of()).message()).isEqualTo(shown);
        assertThat(Faults.classify(SdkClientException.create(text), List.of()).message())
                .isEqualTo(shown);
    }

    @Test
    void longMessagesAreCut() {
        assertThat(Faults.classify(error("x:Y", 400, "C", "m".repeat(5_000)), List.of())
                        .message())
                .hasSizeLessThan(1_100);
    }

    /** The exception types of the SDK are those that AWS documents. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                EcsClient.class,
                ElasticLoadBalancingV2Client.class,
                IamClient.class,
                CloudWatchClient.class,
                CloudWatchLogsClient.class,
                ApplicationAutoScalingClient.class,
                SecretsManagerClient.class,
                S3Client.class,
                StsClient.class,
                ResourceGroupsTaggingApiClient.class,
                AcmClient.class,
                CloudFrontClient.class,
                EcrClient.class,
                ElastiCacheClient.class,
                EventBridgeClient.class,
                KmsClient.class,
                LambdaClient.class,
                RdsClient.class,
                Route53Client.class,
                SnsClient.class,
                SqsClient.class,
                Wafv2Client.class,
                XRayClient.class
            })
    void knowsEveryExceptionThatAServiceDocuments(Class<?> client) throws Exception {
        String operation = service(client) + ":Update";

        List<String> unknown = modelled(client).stream()
                .filter(name -> Stream.of(
                                name, name.replaceAll("Exception$", ""), name.replaceAll("Exception$", "Fault"))
                        .allMatch(code -> categoryOf(operation, 400, code, "m") == Category.UNKNOWN))
                .toList();

        assertThat(unknown).isEmpty();
    }

    private static String service(Class<?> client) throws ReflectiveOperationException {
        return Operations.prefix((String) client.getField("SERVICE_NAME").get(null));
    }

    /** The names of the classes. The code that AWS sends is this name with or without Exception, or with Fault. */
    private static List<String> modelled(Class<?> client) throws Exception {
        URI jar = client.getProtectionDomain().getCodeSource().getLocation().toURI();
        try (FileSystem files = FileSystems.newFileSystem(Path.of(jar));
                Stream<Path> model =
                        Files.list(files.getPath("/" + client.getPackageName().replace('.', '/') + "/model"))) {
            return model.map(p -> p.getFileName().toString())
                    .filter(name -> name.endsWith("Exception.class"))
                    .map(name -> name.replace(".class", ""))
                    .filter(name -> !isBase(client, name))
                    .toList();
        }
    }

    private static boolean isBase(Class<?> client, String exception) {
        return exception.equalsIgnoreCase(client.getSimpleName().replace("Client", "Exception"))
                || exception.equals("CloudWatchException")
                // Not an error: a part of X-Ray's answers.
                || exception.equals("RootCauseException");
    }
}
