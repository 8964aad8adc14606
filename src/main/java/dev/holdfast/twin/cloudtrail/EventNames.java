package dev.holdfast.twin.cloudtrail;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * CloudTrail's names of services and operations that differ from the SDK's names, and the operations that CloudTrail
 * does not record.
 */
final class EventNames {
    private static final Map<String, String> SOURCES = Map.of(
            "application-autoscaling", "autoscaling",
            "cloudwatch", "monitoring");

    /** CloudTrail records the calls of these services in us-east-1, wherever the caller is. */
    private static final Set<String> GLOBAL = Set.of("iam", "cloudfront", "route53");

    /**
     * Lambda's event names contain the date of the API version that introduced the operation.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html">Lambda</a>
     */
    private static final Map<String, String> LAMBDA = Map.ofEntries(
            Map.entry("AddPermission", "AddPermission20150331v2"),
            Map.entry("CreateAlias", "CreateAlias20150331"),
            Map.entry("CreateEventSourceMapping", "CreateEventSourceMapping20150331"),
            Map.entry("CreateFunction", "CreateFunction20150331"),
            Map.entry("DeleteAlias", "DeleteAlias20150331"),
            Map.entry("DeleteEventSourceMapping", "DeleteEventSourceMapping20150331"),
            Map.entry("DeleteFunction", "DeleteFunction20150331"),
            Map.entry("DeleteFunctionConcurrency", "DeleteFunctionConcurrency20171031"),
            Map.entry("PublishVersion", "PublishVersion20150331"),
            Map.entry("PutFunctionConcurrency", "PutFunctionConcurrency20171031"),
            Map.entry("RemovePermission", "RemovePermission20150331v2"),
            Map.entry("TagResource", "TagResource20170331v2"),
            Map.entry("UntagResource", "UntagResource20170331v2"),
            Map.entry("UpdateAlias", "UpdateAlias20150331"),
            Map.entry("UpdateEventSourceMapping", "UpdateEventSourceMapping20150331"),
            Map.entry("UpdateFunctionCode", "UpdateFunctionCode20150331v2"),
            Map.entry("UpdateFunctionConfiguration", "UpdateFunctionConfiguration20150331v2"));

    /**
     * CloudTrail records S3's operations under the names of S3's REST API.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html">S3</a>
     */
    private static final Map<String, String> S3 = Map.of(
            "DeletePublicAccessBlock", "DeleteBucketPublicAccessBlock",
            "PutBucketLifecycleConfiguration", "PutBucketLifecycle",
            "PutBucketNotificationConfiguration", "PutBucketNotification",
            "PutPublicAccessBlock", "PutBucketPublicAccessBlock");

    /** Data events, and calls that only read although their names suggest a write. */
    private static final Pattern UNRECORDED = Pattern.compile("s3:(?!.*(Bucket|PublicAccessBlock)).*"
            + "|sqs:.*Message.*"
            + "|sns:Publish.*"
            + "|lambda:Invoke.*"
            + "|logs:(PutLogEvents|StartQuery|StopQuery)"
            + "|cloudwatch:PutMetricData"
            + "|events:(PutEvents|TestEventPattern)"
            + "|xray:(PutTraceSegments|PutTelemetryRecords)"
            + "|kms:(Sign|Verify|Encrypt|Decrypt|ReEncrypt|Generate.*)"
            + "|ecr:(UploadLayerPart|BatchCheck.*)"
            + "|sts:.*");

    private EventNames() {}

    /** Whether CloudTrail records the operation as a management event that writes. */
    static boolean recorded(ApiCall call) {
        return !UNRECORDED.matcher(call.service() + ":" + call.operation()).matches();
    }

    /** {@code ec2}, as in {@code ec2.amazonaws.com} and {@code aws.ec2}. */
    static String source(String service) {
        return SOURCES.getOrDefault(service, service);
    }

    static String name(ApiCall call) {
        Map<String, String> others = switch (call.service()) {
            case "lambda" -> LAMBDA;
            case "s3" -> S3;
            default -> Map.of();
        };
        return others.getOrDefault(call.operation(), call.operation());
    }

    static String region(String service, String called) {
        return GLOBAL.contains(service) ? "us-east-1" : called;
    }
}
