package dev.holdfast.aws;

import software.amazon.awssdk.core.SdkClient;

/** The SDK clients of one account and region. Safe for use by many threads. A client is built when it is first used. */
public interface Clients {
    String account();

    String region();

    /** The clients of the same account in another region, for services that exist in one region only. */
    Clients in(String region);

    /** @param type a client interface of the SDK, such as {@code Ec2Client.class} */
    <C extends SdkClient> C client(Class<C> type);
}
