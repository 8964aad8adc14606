package dev.holdfast.aws;

import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Sets the account of the stack as the expected owner in each request about a bucket. A foreign bucket of the same name
 * is therefore never read or written as ours, even if it is open to everyone.
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
