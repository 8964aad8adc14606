package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ActionNames;
import dev.holdfast.aws.Operations;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Permission;
import dev.holdfast.kind.TestKinds;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTableTest {
    private static final KindCatalog CATALOG = TestKinds.all();

    /** Actions that a kind's calls need, but that belong to calls on other objects, or to no call. */
    private static final Set<String> ON_SOMETHING_ELSE = Set.of(
            // AWS creates the service's own role.
            "iam:CreateServiceLinkedRole",
            // RDS creates the managed master password.
            "secretsmanager:CreateSecret",
            "DbInstance secretsmanager:TagResource",
            "DbCluster secretsmanager:TagResource",
            // S3 checks the tags of a bucket under this action too; the call is PutBucketTagging.
            "Bucket s3:TagResource",
            "ReplicationGroup elasticache:CreateSnapshot",
            // ElastiCache arranges the delivery of logs with the caller's permissions.
            "ReplicationGroup logs:CreateLogDelivery",
            "ReplicationGroup logs:UpdateLogDelivery",
            "ReplicationGroup logs:DeleteLogDelivery",
            "ReplicationGroup logs:PutResourcePolicy",
            "ReplicationGroup firehose:TagDeliveryStream",
            // AWS checks this action when a web ACL is associated; no such call exists.
            "LoadBalancer elasticloadbalancing:CreateWebACLAssociation",
            "LoadBalancer elasticloadbalancing:DeleteWebACLAssociation",
            // Application Auto Scaling makes this call in our name.
            "ScalableTarget ecs:UpdateService",
            "ScalingPolicy cloudwatch:DeleteAlarms",
            "ScalingPolicy cloudwatch:PutMetricAlarm",
            "SecretRotation lambda:InvokeFunction");

    @Test
    @DisplayName("Every call that the permissions say a kind makes to change something is in the table of events")
    void everyPermittedChangeHasAnEvent() {
        Set<String> missing = new TreeSet<>();
        for (Kind<?> kind : CATALOG.all().values()) {
            Set<String> actions = kind.changingCalls().stream()
                    .flatMap(call -> ActionNames.of(call).stream())
                    .collect(Collectors.toSet());
            for (Permission permission : kind.permissions()) {
                String action = permission.action();
                boolean write = Operations.isWrite(action.substring(action.indexOf(':') + 1));
                String named = kind.info().name() + " " + action;
                boolean elsewhere = ON_SOMETHING_ELSE.contains(action) || ON_SOMETHING_ELSE.contains(named);
                if (write && !actions.contains(action) && !action.equals("iam:PassRole") && !elsewhere) {
                    missing.add(named);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyKindIsFoundByTheCallsThatMakeAndDeleteIt() {
        EventTable table = new EventTable(CATALOG);
        for (Kind<?> kind : CATALOG.all().values()) {
            assertThat(kind.changingCalls()).as(kind.info().name()).isNotEmpty();
            kind.changingCalls()
                    .forEach(call -> assertThat(table.changedBy(call))
                            .contains(kind.info().name()));
        }
        assertThat(table.changedBy("ec2:AuthorizeSecurityGroupIngress")).containsExactly("SecurityGroup");
        assertThat(table.changedBy("ecs:UpdateService")).containsExactly("EcsService");
        assertThat(table.changedBy("s3:PutBucketEncryption")).containsExactly("Bucket");
        assertThat(table.changedBy("nothing:Known")).isEmpty();
    }

    /**
     * The names in CloudTrail's records that differ from the names in the API.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html">S3's bucket-level actions</a>
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html">Lambda's date and version</a>
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/logging_using_cloudtrail.html">CloudFront's
     *     version, in the example</a>
     * @see <a href="https://docs.aws.amazon.com/autoscaling/application/userguide/logging-using-cloudtrail.html">Application Auto
     *     Scaling, which is recorded as autoscaling</a>
     */
    @ParameterizedTest
    @CsvSource({
        "s3, PutBucketLifecycle, Bucket",
        "s3, DeleteBucketLifecycle, Bucket",
        "s3, PutBucketNotification, Bucket",
        "s3, PutBucketPublicAccessBlock, Bucket",
        "s3, PutBucketOwnershipControls, Bucket",
        "lambda, UpdateFunctionConfiguration20150331v2, Function",
        "lambda, UpdateFunctionCode20150331v2, Function",
        "lambda, PutFunctionConcurrency20171031, Function",
        "lambda, DeleteFunctionConcurrency20171031, Function",
        "lambda, TagResource20170331v2, Function",
        "lambda, AddPermission20150331v2, FunctionPermission",
        "cloudfront, UpdateDistribution2014_01_31, Distribution",
        "cloudfront, UpdateDistribution2020_05_31, Distribution",
        "cloudfront, UpdateDistribution, Distribution",
        "cloudfront, PublishFunction2020_05_31, CloudFrontFunction",
        "autoscaling, RegisterScalableTarget, ScalableTarget",
        "autoscaling, PutScalingPolicy, ScalingPolicy",
        "monitoring, PutMetricAlarm, Alarm",
        "monitoring, DeleteDashboards, Dashboard",
        "route53, ChangeResourceRecordSets, RecordSet",
        "route53, ChangeTagsForResource, HostedZone",
        "elasticache, AddTagsToResource, ReplicationGroup",
        "rds, ModifyDBInstance, DbInstance",
        "rds, AddTagsToResource, DbInstance",
        "logs, PutRetentionPolicy, LogGroup",
        "sns, SetSubscriptionAttributes, Topic",
        "wafv2, AssociateWebACL, LoadBalancer",
        "secretsmanager, CancelRotateSecret, SecretRotation"
    })
    void knowsTheNamesThatCloudTrailWrites(String source, String name, String kind) {
        EventParser.ParsedMessage parsed = new EventParser(new AuthorReader(true))
                .read(EventParserTest.message("{'type':'IAMUser','userName':'alice'}", "")
                        .replace("ec2.amazonaws.com", source + ".amazonaws.com")
                        .replace("AuthorizeSecurityGroupIngress", name));
        assertThat(parsed)
                .isInstanceOfSatisfying(
                        EventParser.ParsedMessage.Changed.class,
                        changed -> assertThat(new EventTable(CATALOG)
                                        .changedBy(changed.event().call()))
                                .contains(kind));
    }

    /** A call that no kind makes still concerns a resource of the service that it names. */
    @ParameterizedTest
    @CsvSource({
        "s3, DeleteBucketPublicAccessBlock, Bucket",
        "s3, PutBucketAcl, Bucket",
        "rds, StopDBInstance, DbInstance"
    })
    void otherCallsOfAServiceAreAboutItsKinds(String service, String name, String kind) {
        EventTable table = new EventTable(CATALOG);
        assertThat(table.changedBy(service + ":" + name)).isEmpty();
        assertThat(table.ofService(service)).contains(kind);
    }
}
