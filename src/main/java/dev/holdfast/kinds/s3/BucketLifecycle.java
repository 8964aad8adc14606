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
 * A bucket's lifecycle rules.
 *
 * <p>In a rule, what is absent is a default and is compared: an expiration that somebody adds to a rule destroys data and
 * must show as drift. AWS has no zero among its days, so that 0 says that there is none.
 *
 * @param transitionDefaultMinimumObjectSize {@code all_storage_classes_128K} or {@code varies_by_storage_class}
 */
public record BucketLifecycle(
        @Doc("The rules, all of them; an empty list removes the configuration.") @Key("id")
        List<BucketLifecycle.LifecycleRule> rules,

        @Doc("Which small objects are not transitioned: all_storage_classes_128K or varies_by_storage_class.")
        String transitionDefaultMinimumObjectSize) {

    static final BucketLifecycle NONE = new BucketLifecycle(List.of(), null);

    /** @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html">LifecycleRule</a> */
    public record LifecycleRule(
            @Doc("The rule's id, unique in the bucket.") @Required
            String id,

            @Doc("Enabled, which is the default, or Disabled.")
            ExpirationStatus status,

            @Doc("Which objects it is about; absent: all.") @NotSent
            ObjectFilter filter,

            @Doc("When current versions expire.") @EmptyIsNone
            Expiration expiration,

            @Doc("When current versions move to another storage class.")
            Set<Transition> transitions,

            @Doc("When versions expire that are no longer current.") @EmptyIsNone
            NoncurrentExpiration noncurrentVersionExpiration,

            @Doc("When versions that are no longer current move to another storage class.")
            Set<NoncurrentTransition> noncurrentVersionTransitions,

            @Doc("When parts of uploads that were never completed are removed.") @EmptyIsNone
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

    /** Several of them are joined, as by AWS's {@code And}. */
    public record ObjectFilter(
            @Doc("Keys that begin with this.") @EmptyIsNone @ReadFrom({"prefix", "and.prefix"})
            String prefix,

            @Doc("Objects with all of these tags.") @NotSent @ReadFrom({"tag", "and.tags"})
            Map<String, String> tags,

            @Doc("Objects of more bytes than this; 0: of any size.")
            @EmptyIsNone
            @ReadFrom({"objectSizeGreaterThan", "and.objectSizeGreaterThan"})
            Long objectSizeGreaterThan,

            @Doc("Objects of less bytes than this; 0: of any size.")
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
            @Doc("Days after the object was created; 0: never.") @EmptyIsNone
            Integer days,

            @Doc("Whether delete markers go that have no versions left behind them.") @EmptyIsNone @Excludes("days")
            Boolean expiredObjectDeleteMarker) {
        public Expiration {
            days = requireNonNullElse(days, 0);
            expiredObjectDeleteMarker = requireNonNullElse(expiredObjectDeleteMarker, false);
        }
    }

    public record Transition(
            @Doc("Days after the object was created.") Integer days,

            @Doc("Where it goes: STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE.")
            @Required
            String storageClass) {
        public Transition {
            days = requireNonNullElse(days, 0);
        }
    }

    public record NoncurrentExpiration(
            @Doc("Days after the version was superseded; 0: never.") @EmptyIsNone
            Integer noncurrentDays,

            @Doc("How many superseded versions stay all the same; 0: none.") @EmptyIsNone
            Integer newerNoncurrentVersions) {
        public NoncurrentExpiration {
            noncurrentDays = requireNonNullElse(noncurrentDays, 0);
            newerNoncurrentVersions = requireNonNullElse(newerNoncurrentVersions, 0);
        }
    }

    public record NoncurrentTransition(
            @Doc("Days after the version was superseded.") Integer noncurrentDays,

            @Doc("How many superseded versions stay where they are; 0: none.") @EmptyIsNone
            Integer newerNoncurrentVersions,

            @Doc("Where it goes, as in transitions.") @Required
            String storageClass) {
        public NoncurrentTransition {
            noncurrentDays = requireNonNullElse(noncurrentDays, 0);
            newerNoncurrentVersions = requireNonNullElse(newerNoncurrentVersions, 0);
        }
    }

    public record AbortUploads(
            @Doc("Days after the upload was begun; 0: never.") @EmptyIsNone
            Integer daysAfterInitiation) {
        public AbortUploads {
            daysAfterInitiation = requireNonNullElse(daysAfterInitiation, 0);
        }
    }

    /** The rules that AWS answers with. */
    @SuppressWarnings("deprecation") // rules of the first API have their prefix outside a filter
    static BucketLifecycle of(GetBucketLifecycleConfigurationResponse found) {
        List<LifecycleRule> rules = new ArrayList<>();
        for (var rule : found.rules()) {
            Map<String, Object> special = new HashMap<>();
            if (rule.filter() == null) {
                special.put("filter", new ObjectFilter(rule.prefix(), null, null, null));
            }
            // A rule for a date, which is not offered, must not look like a rule for no day.
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

    /** Only the whole configuration can be put: what the document does not say goes back as observed. */
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

    /** The rules as AWS takes them. */
    private List<software.amazon.awssdk.services.s3.model.LifecycleRule> requested() {
        List<software.amazon.awssdk.services.s3.model.LifecycleRule> all = new ArrayList<>();
        for (LifecycleRule rule : requireNonNullElse(rules, List.<LifecycleRule>of())) {
            all.add(Wire.fill(software.amazon.awssdk.services.s3.model.LifecycleRule.builder(), rule)
                    .filter(requested(Objects.requireNonNull(rule.filter())))
                    .build());
        }
        return all;
    }

    /** One condition stands alone, several go into an And: S3 refuses the other way round. */
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
