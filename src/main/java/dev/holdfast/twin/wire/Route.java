package dev.holdfast.twin.wire;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Where a request goes, and in which protocol it wants its answer. */
public sealed interface Route {
    WireProtocol protocol();

    /** {@code ec2:DescribeVpcs} */
    String operation();

    /** S3 alone writes its errors without an envelope. */
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

    /** @param operation as far as it can be told from the request */
    record Nowhere(String operation, WireProtocol protocol, boolean s3, AwsServiceException why) implements Route {}
}
