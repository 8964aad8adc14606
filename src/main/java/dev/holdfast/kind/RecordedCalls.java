package dev.holdfast.kind;

import java.util.Map;

/** The names under which CloudTrail records calls, if they differ from the names of the operations. */
public final class RecordedCalls {
    /**
     * CloudTrail records S3's calls under the names of its REST operations.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html">
     *     S3's events</a>
     */
    private static final Map<String, String> RECORDED_AS = Map.of(
            "s3:PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock",
            "s3:DeletePublicAccessBlock", "s3:DeleteBucketPublicAccessBlock",
            "s3:PutBucketLifecycleConfiguration", "s3:PutBucketLifecycle",
            "s3:PutBucketNotificationConfiguration", "s3:PutBucketNotification");

    private RecordedCalls() {}

    /** @param call the name of the operation: {@code s3:PutPublicAccessBlock} */
    public static String of(String call) {
        return RECORDED_AS.getOrDefault(call, call);
    }
}
