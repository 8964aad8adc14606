package dev.holdfast.aws;

import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Names the account of the stack as the expected owner in each request about a bucket, so that a stranger's bucket of the same
 * name, however open, is never read or written as ours.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html">Bucket owner condition</a>
 */
record BucketOwnerCheck(String account) implements ExecutionInterceptor {
    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        SdkRequest request = context.request();
        SdkField<?> owner = SdkShapes.member(request, "ExpectedBucketOwner");
        if (owner == null) {
            return request;
        }
        SdkRequest.Builder checked = request.toBuilder();
        owner.set(checked, account);
        return checked.build();
    }
}
