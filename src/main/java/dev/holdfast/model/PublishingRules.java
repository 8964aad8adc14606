package dev.holdfast.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What guardrails require of a publication and of those who publish.
 *
 * @param signed whether a revision is enforced only if one of the keys has signed its head
 * @param keys whose signatures are accepted
 * @param approverNotPublisher whether nobody may approve what they have published
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
