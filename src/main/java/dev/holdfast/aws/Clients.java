package dev.holdfast.aws;

import software.amazon.awssdk.core.SdkClient;

/** The SDK clients of one account and region. Safe for use by many threads; a client is built at its first use. */
public interface Clients {
    String account();

    String region();

    /** The same account elsewhere, for services that live in one region (CloudFront's certificates). */
    Clients in(String region);

    /** @param type an SDK client interface, {@code Ec2Client.class} */
    <C extends SdkClient> C client(Class<C> type);
}
