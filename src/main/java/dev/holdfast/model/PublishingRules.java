package dev.holdfast.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The requirements of the guardrails for publications and publishers.
 *
 * @param signed whether a revision is enforced only if one of the keys has signed its head
 * @param keys the keys whose signatures are accepted
 * @param approverNotPublisher whether publishers are forbidden to approve their own publications
 */
public record PublishingRules(boolean signed, List<TrustedKey> keys, boolean approverNotPublisher) {
    public static final PublishingRules NONE = new PublishingRules(false, List.of(), false);

    public PublishingRules {
        keys = List.copyOf(keys);
    }

    /** The names of the keys. */
    public String names() {
        return keys.stream().map(TrustedKey::name).sorted().collect(Collectors.joining(" or "));
    }
}
