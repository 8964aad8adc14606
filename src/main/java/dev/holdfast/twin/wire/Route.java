package dev.holdfast.twin.wire;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The destination of a request, and the protocol of its answer. */
public sealed interface Route {
    WireProtocol protocol();

    /** The name of the operation, such as {@code ec2:DescribeVpcs}. */
    String operation();

    /** Whether the request is for S3, which alone writes errors without an envelope. */
    boolean s3();

    record Matched(Operation target, WireProtocol protocol) implements Route {
        @Override
        public String operation() {
            return target.toString();
        }

        @Override
        public boolean s3() {
            return target.service().signingName().equals("s3");
        }
    }

    /** @param operation as much of the name as the request shows */
    record Nowhere(String operation, WireProtocol protocol, boolean s3, AwsServiceException why) implements Route {}
}
