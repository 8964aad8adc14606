package dev.holdfast.kinds.s3;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRuleAndOperator;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * The lifecycle rules of a bucket.
 *
 * <p>An absent field of a rule is a default value that is compared: an expiration that another principal adds destroys
 * data and must show as drift. AWS accepts no 0 as a number of days, so that 0 represents an absent action.
 *
 * @param transitionDefaultMinimumObjectSize {@code all_storage_classes_128K} or {@code varies_by_storage_class}
 */
public record BucketLifecycle(
        @Doc("All rules of the bucket. An empty list removes the configuration.") @Key("id")
        List<BucketLifecycle.LifecycleRule> rules,

        @Doc("The small objects that are not moved: all_storage_classes_128K or varies_by_storage_class.")
        String transitionDefaultMinimumObjectSize) {

    static final BucketLifecycle NONE = new BucketLifecycle(List.of(), null);

    /** @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html">LifecycleRule</a> */
    public record LifecycleRule(
            @Doc("The id of the rule, unique in the bucket.") @Required
            String id,

            @Doc("Whether the rule applies: Enabled (default) or Disabled.")
            ExpirationStatus status,

            @Doc("The objects to which the rule applies; absent: all objects.") @NotSent
            ObjectFilter filter,

            @Doc("The expiration of current versions.") @EmptyIsNone
            Expiration expiration,

            @Doc("The moves of current versions to other storage classes.")
            Set<Transition> transitions,

            @Doc("The expiration of noncurrent versions.") @EmptyIsNone
            NoncurrentExpiration noncurrentVersionExpiration,

            @Doc("The moves of noncurrent versions to other storage classes.")
            Set<NoncurrentTransition> noncurrentVersionTransitions,

            @Doc("The removal of the parts of incomplete uploads.") @EmptyIsNone
            AbortUploads abortIncompleteMultipartUpload) {
        public LifecycleRule {
            status = requireNonNullElse(status, ExpirationStatus.ENABLED);
            filter = requireNonNullElse(filter, new ObjectFilter(null, null, null, null));
            expiration = requireNonNullElse(expiration, new Expiration(null, null));
            transitions = requireNonNullElse(transitions, Set.of());
            noncurrentVersionExpiration =
                    requireNonNullElse(noncurrentVersionExpiration, new NoncurrentExpiration(null, null));
            noncurrentVersionTransitions = requireNonNullElse(noncurrentVersionTransitions, Set.of());
            abortIncompleteMultipartUpload = requireNonNullElse(abortIncompleteMultipartUpload, new AbortUploads(null));
        }
    }

    /** The conditions of a filter. An object must meet all of them, as in AWS's {@code And}. */
    public record ObjectFilter(
            @Doc("The prefix of the keys of the objects.") @EmptyIsNone @ReadFrom({"prefix", "and.prefix"})
            String prefix,

            @Doc("Tags, all of which the objects must have.") @NotSent @ReadFrom({"tag", "and.tags"})
            Map<String, String> tags,

            @Doc("The size in bytes that the objects must exceed; 0: any size.")
            @EmptyIsNone
            @ReadFrom({"objectSizeGreaterThan", "and.objectSizeGreaterThan"})
            Long objectSizeGreaterThan,

            @Doc("The size in bytes that the objects must stay below; 0: any size.")
            @EmptyIsNone
            @ReadFrom({"objectSizeLessThan", "and.objectSizeLessThan"})
            Long objectSizeLessThan) {
        public ObjectFilter {
            prefix = requireNonNullElse(prefix, "");
            tags = tags == null ? Map.of() : Map.copyOf(tags);
            objectSizeGreaterThan = requireNonNullElse(objectSizeGreaterThan, 0L);
            objectSizeLessThan = requireNonNullElse(objectSizeLessThan, 0L);
        }
    }

    public record Expiration(
            @Doc("The number of days after the creation of the object; 0: never.") @EmptyIsNone
            Integer days,

            @Doc("Whether delete markers without remaining versions are removed.") @EmptyIsNone @Excludes("days")
            Boolean expiredObjectDeleteMarker) {
        public Expiration {
            days = requireNonNullElse(days, 0);
            expiredObjectDeleteMarker = requireNonNullElse(expiredObjectDeleteMarker, false);
        }
    }

    public record Transition(
            @Doc("The number of days after the creation of the object.")
            Integer days,

            @Doc("The new storage class: STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER or"
                    + " DEEP_ARCHIVE.")
            @Required
            String storageClass) {
        public Transition {
            days = requireNonNullElse(days, 0);
        }
    }

    public record NoncurrentExpiration(
            @Doc("The number of days after the version became noncurrent; 0: never.") @EmptyIsNone
            Integer noncurrentDays,

            @Doc("The number of noncurrent versions that are kept regardless of their age; 0: none.") @EmptyIsNone
            Integer newerNoncurrentVersions) {
        public NoncurrentExpiration {
            noncurrentDays = requireNonNullElse(noncurrentDays, 0);
            newerNoncurrentVersions = requireNonNullElse(newerNoncurrentVersions, 0);
        }
    }

    public record NoncurrentTransition(
            @Doc("The number of days after the version became noncurrent.")
            Integer noncurrentDays,

            @Doc("The number of noncurrent versions that are not moved; 0: none.") @EmptyIsNone
            Integer newerNoncurrentVersions,

            @Doc("The new storage class, as in transitions.") @Required
            String storageClass) {
        public NoncurrentTransition {
            noncurrentDays = requireNonNullElse(noncurrentDays, 0);
            newerNoncurrentVersions = requireNonNullElse(newerNoncurrentVersions, 0);
        }
    }

    public record AbortUploads(
            @Doc("The number of days after the start of the upload; 0: never.") @EmptyIsNone
            Integer daysAfterInitiation) {
        public AbortUploads {
            daysAfterInitiation = requireNonNullElse(daysAfterInitiation, 0);
        }
    }

    /** The rules in AWS's answer. */
    @SuppressWarnings("deprecation") // rules in the form of the first API have their prefix outside of a filter
    static BucketLifecycle of(GetBucketLifecycleConfigurationResponse found) {
        List<LifecycleRule> rules = new ArrayList<>();
        for (var rule : found.rules()) {
            Map<String, Object> special = new HashMap<>();
            if (rule.filter() == null) {
                special.put("filter", new ObjectFilter(rule.prefix(), null, null, null));
            }
            // A rule with a date, which is not offered, must differ from a rule without days.
            if (rule.expiration() != null && rule.expiration().date() != null) {
                special.put("expiration", new Expiration(-1, rule.expiration().expiredObjectDeleteMarker()));
            }
            if (rule.transitions().stream().anyMatch(t -> t.date() != null)) {
                special.put(
                        "transitions",
                        rule.transitions().stream()
                                .map(t -> new Transition(
                                        t.date() == null ? t.days() : Integer.valueOf(-1), t.storageClassAsString()))
                                .collect(Collectors.toSet()));
            }
            rules.add(Wire.read(LifecycleRule.class, special, List.of(rule)));
        }
        return new BucketLifecycle(rules, found.transitionDefaultMinimumObjectSizeAsString());
    }

    /** S3 accepts only the whole configuration, so that values that the document does not set are sent as observed. */
    static void change(S3Client s3, Change<BucketKind.Spec> change) {
        BucketLifecycle desired = Objects.requireNonNull(change.spec().lifecycleConfiguration());
        BucketLifecycle observed = requireNonNullElse(change.observed().spec().lifecycleConfiguration(), NONE);
        var rules = (desired.rules() == null ? observed : desired).requested();
        if (rules.isEmpty()) {
            s3.deleteBucketLifecycle(r -> r.bucket(change.physicalId()));
            return;
        }
        String size = desired.transitionDefaultMinimumObjectSize() == null
                ? observed.transitionDefaultMinimumObjectSize()
                : desired.transitionDefaultMinimumObjectSize();
        s3.putBucketLifecycleConfiguration(r -> r.bucket(change.physicalId())
                .transitionDefaultMinimumObjectSize(size)
                .lifecycleConfiguration(c -> c.rules(rules)));
    }

    /** The rules in the form of the request. */
    private List<software.amazon.awssdk.services.s3.model.LifecycleRule> requested() {
        List<software.amazon.awssdk.services.s3.model.LifecycleRule> all = new ArrayList<>();
        for (LifecycleRule rule : requireNonNullElse(rules, List.<LifecycleRule>of())) {
            all.add(Wire.fill(software.amazon.awssdk.services.s3.model.LifecycleRule.builder(), rule)
                    .filter(requested(Objects.requireNonNull(rule.filter())))
                    .build());
        }
        return all;
    }

    /** S3 rejects an And with one condition, and several conditions without an And. */
    private static LifecycleRuleFilter requested(ObjectFilter filter) {
        List<Tag> tags = SdkShapes.pairs(filter.tags(), Tag::builder);
        LifecycleRuleAndOperator and =
                Wire.fill(LifecycleRuleAndOperator.builder(), filter).tags(tags).build();
        long conditions = tags.size()
                + Stream.of(and.prefix(), and.objectSizeGreaterThan(), and.objectSizeLessThan())
                        .filter(Objects::nonNull)
                        .count();
        if (conditions > 1) {
            return LifecycleRuleFilter.builder().and(and).build();
        }
        return SdkShapes.copy(and, LifecycleRuleFilter.builder())
                .prefix(conditions == 0 ? "" : and.prefix())
                .tag(tags.isEmpty() ? null : tags.getFirst())
                .build();
    }
}
