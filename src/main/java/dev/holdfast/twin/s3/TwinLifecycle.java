package dev.holdfast.twin.s3;

import java.util.Objects;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;

/** Checks a lifecycle rule as S3 does, and adds the members that S3 adds. */
final class TwinLifecycle {
    private static final LifecycleRuleFilter EVERYTHING =
            LifecycleRuleFilter.builder().prefix("").build();

    private TwinLifecycle() {}

    /** @param newId the id for a rule without one */
    @SuppressWarnings("deprecation") // rules of the first API version have their prefix outside a filter
    static LifecycleRule accept(LifecycleRule rule, String newId) {
        if (rule.statusAsString() == null || (rule.filter() == null && rule.prefix() == null)) {
            throw S3Errors.malformedXml();
        }
        LifecycleExpiration expiration = rule.expiration();
        NoncurrentVersionExpiration old = rule.noncurrentVersionExpiration();
        if (expiration == null
                && old == null
                && rule.transitions().isEmpty()
                && rule.noncurrentVersionTransitions().isEmpty()
                && rule.abortIncompleteMultipartUpload() == null) {
            throw S3Errors.error(400, "InvalidRequest", "At least one action needs to be specified in a rule");
        }
        if (expiration != null && Objects.requireNonNullElse(expiration.days(), 1) <= 0) {
            throw S3Errors.error(400, "InvalidArgument", "'Days' for Expiration action must be a positive integer");
        }
        if (old != null && Objects.requireNonNullElse(old.noncurrentDays(), 0) <= 0) {
            throw S3Errors.error(
                    400,
                    "InvalidArgument",
                    "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer");
        }
        LifecycleRuleFilter filter = rule.filter();
        // S3 returns an empty filter as a filter with an empty prefix.
        LifecycleRuleFilter kept = filter != null && filter.type() == LifecycleRuleFilter.Type.UNKNOWN_TO_SDK_VERSION
                ? EVERYTHING
                : filter;
        return rule.toBuilder()
                .id(Objects.requireNonNullElse(rule.id(), newId))
                .filter(kept)
                .build();
    }
}
