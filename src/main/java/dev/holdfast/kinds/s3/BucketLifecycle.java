package dev.holdfast.kinds.s3;

import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Required;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
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
        @Doc("The rules, all of them; an empty list removes the configuration.") @Key("id") @Nullable
        List<Rule> rules,

        @Doc("Which small objects are not transitioned: all_storage_classes_128K or varies_by_storage_class.") @Nullable
        String transitionDefaultMinimumObjectSize) {

    public enum Status {
        Enabled,
        Disabled
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html">LifecycleRule</a> */
    public record Rule(
            @Doc("The rule's id, unique in the bucket.") @Required @Nullable
            String id,

            @Doc("Enabled, which is the default, or Disabled.") @Nullable
            Status status,

            @Doc("Which objects it is about; absent: all.") @Nullable
            Filter filter,

            @Doc("When current versions expire.") @Nullable Expiration expiration,

            @Doc("When current versions move to another storage class.") @Nullable
            Set<Transition> transitions,

            @Doc("When versions expire that are no longer current.") @Nullable
            NoncurrentExpiration noncurrentVersionExpiration,

            @Doc("When versions that are no longer current move to another storage class.") @Nullable
            Set<NoncurrentTransition> noncurrentVersionTransitions,

            @Doc("When parts of uploads that were never completed are removed.") @Nullable
            AbortUploads abortIncompleteMultipartUpload) {
        public Rule {
            status = Objects.requireNonNullElse(status, Status.Enabled);
            filter = filter == null ? new Filter(null, null, null, null) : filter;
            expiration = expiration == null ? new Expiration(null, null) : expiration;
            transitions = Objects.requireNonNullElse(transitions, Set.of());
            noncurrentVersionExpiration = noncurrentVersionExpiration == null
                    ? new NoncurrentExpiration(null, null)
                    : noncurrentVersionExpiration;
            noncurrentVersionTransitions = Objects.requireNonNullElse(noncurrentVersionTransitions, Set.of());
            abortIncompleteMultipartUpload =
                    abortIncompleteMultipartUpload == null ? new AbortUploads(null) : abortIncompleteMultipartUpload;
        }
    }

    /** Several of them are joined, as by AWS's {@code And}. */
    public record Filter(
            @Doc("Keys that begin with this.") @Nullable String prefix,

            @Doc("Objects with all of these tags.") @Nullable
            Map<String, String> tags,

            @Doc("Objects of more bytes than this; 0: of any size.") @Nullable
            Long objectSizeGreaterThan,

            @Doc("Objects of less bytes than this; 0: of any size.") @Nullable
            Long objectSizeLessThan) {
        public Filter {
            prefix = Objects.requireNonNullElse(prefix, "");
            tags = tags == null ? Map.of() : Map.copyOf(tags);
            objectSizeGreaterThan = Objects.requireNonNullElse(objectSizeGreaterThan, 0L);
            objectSizeLessThan = Objects.requireNonNullElse(objectSizeLessThan, 0L);
        }
    }

    public record Expiration(
            @Doc("Days after the object was created; 0: never.") @Nullable
            Integer days,

            @Doc("Whether delete markers go that have no versions left behind them.") @Nullable
            Boolean expiredObjectDeleteMarker) {
        public Expiration {
            days = Objects.requireNonNullElse(days, 0);
            expiredObjectDeleteMarker = Objects.requireNonNullElse(expiredObjectDeleteMarker, false);
        }
    }

    public record Transition(
            @Doc("Days after the object was created.") @Nullable
            Integer days,

            @Doc("Where it goes: STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE.")
            @Required
            @Nullable
            String storageClass) {
        public Transition {
            days = Objects.requireNonNullElse(days, 0);
        }
    }

    public record NoncurrentExpiration(
            @Doc("Days after the version was superseded; 0: never.") @Nullable
            Integer noncurrentDays,

            @Doc("How many superseded versions stay all the same; 0: none.") @Nullable
            Integer newerNoncurrentVersions) {
        public NoncurrentExpiration {
            noncurrentDays = Objects.requireNonNullElse(noncurrentDays, 0);
            newerNoncurrentVersions = Objects.requireNonNullElse(newerNoncurrentVersions, 0);
        }
    }

    public record NoncurrentTransition(
            @Doc("Days after the version was superseded.") @Nullable
            Integer noncurrentDays,

            @Doc("How many superseded versions stay where they are; 0: none.") @Nullable
            Integer newerNoncurrentVersions,

            @Doc("Where it goes, as in transitions.") @Required @Nullable
            String storageClass) {
        public NoncurrentTransition {
            noncurrentDays = Objects.requireNonNullElse(noncurrentDays, 0);
            newerNoncurrentVersions = Objects.requireNonNullElse(newerNoncurrentVersions, 0);
        }
    }

    public record AbortUploads(
            @Doc("Days after the upload was begun; 0: never.") @Nullable
            Integer daysAfterInitiation) {
        public AbortUploads {
            daysAfterInitiation = Objects.requireNonNullElse(daysAfterInitiation, 0);
        }
    }

    static BucketLifecycle of(GetBucketLifecycleConfigurationResponse found) {
        return new BucketLifecycle(
                found.rules().stream().map(BucketLifecycle::rule).toList(),
                found.transitionDefaultMinimumObjectSizeAsString());
    }

    private static Rule rule(LifecycleRule r) {
        return new Rule(
                r.id(),
                "Disabled".equals(r.statusAsString()) ? Status.Disabled : Status.Enabled,
                filter(r),
                r.expiration() == null
                        ? null
                        : new Expiration(
                                orDated(r.expiration().days(), r.expiration().date()),
                                r.expiration().expiredObjectDeleteMarker()),
                r.transitions().stream()
                        .map(t -> new Transition(orDated(t.days(), t.date()), t.storageClassAsString()))
                        .collect(Collectors.toUnmodifiableSet()),
                r.noncurrentVersionExpiration() == null
                        ? null
                        : new NoncurrentExpiration(
                                r.noncurrentVersionExpiration().noncurrentDays(),
                                r.noncurrentVersionExpiration().newerNoncurrentVersions()),
                r.noncurrentVersionTransitions().stream()
                        .map(t -> new NoncurrentTransition(
                                t.noncurrentDays(), t.newerNoncurrentVersions(), t.storageClassAsString()))
                        .collect(Collectors.toUnmodifiableSet()),
                r.abortIncompleteMultipartUpload() == null
                        ? null
                        : new AbortUploads(r.abortIncompleteMultipartUpload().daysAfterInitiation()));
    }

    /** A rule for a date, which is not offered, must not look like one for no day. */
    private static @Nullable Integer orDated(@Nullable Integer days, java.time.@Nullable Instant date) {
        return date == null ? days : Integer.valueOf(-1);
    }

    @SuppressWarnings("deprecation") // rules of the first API have their prefix outside a filter
    private static Filter filter(LifecycleRule r) {
        LifecycleRuleFilter f = r.filter();
        if (f == null) {
            return new Filter(r.prefix(), null, null, null);
        }
        if (f.and() != null) {
            Map<String, String> tags =
                    f.and().tags().stream().collect(Collectors.toUnmodifiableMap(Tag::key, Tag::value));
            return new Filter(
                    f.and().prefix(),
                    tags,
                    f.and().objectSizeGreaterThan(),
                    f.and().objectSizeLessThan());
        }
        Map<String, String> tags =
                f.tag() == null ? Map.of() : Map.of(f.tag().key(), f.tag().value());
        return new Filter(f.prefix(), tags, f.objectSizeGreaterThan(), f.objectSizeLessThan());
    }

    List<LifecycleRule> sdkRules() {
        return Objects.requireNonNullElse(rules, List.<Rule>of()).stream()
                .map(BucketLifecycle::sdk)
                .toList();
    }

    private static LifecycleRule sdk(Rule r) {
        LifecycleRule.Builder rule = LifecycleRule.builder()
                .id(r.id())
                .status(Objects.requireNonNull(r.status()).name())
                .filter(sdk(Objects.requireNonNull(r.filter())));
        Expiration expiration = Objects.requireNonNull(r.expiration());
        if (!expiration.equals(new Expiration(null, null))) {
            rule.expiration(e -> e.days(unlessZero(expiration.days()))
                    .expiredObjectDeleteMarker(
                            Boolean.TRUE.equals(expiration.expiredObjectDeleteMarker()) ? true : null));
        }
        NoncurrentExpiration old = Objects.requireNonNull(r.noncurrentVersionExpiration());
        if (!old.equals(new NoncurrentExpiration(null, null))) {
            rule.noncurrentVersionExpiration(e -> e.noncurrentDays(old.noncurrentDays())
                    .newerNoncurrentVersions(unlessZero(old.newerNoncurrentVersions())));
        }
        AbortUploads abort = Objects.requireNonNull(r.abortIncompleteMultipartUpload());
        if (unlessZero(abort.daysAfterInitiation()) != null) {
            rule.abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(abort.daysAfterInitiation()));
        }
        return rule.transitions(Objects.requireNonNull(r.transitions()).stream()
                        .map(t -> software.amazon.awssdk.services.s3.model.Transition.builder()
                                .days(t.days())
                                .storageClass(t.storageClass())
                                .build())
                        .toList())
                .noncurrentVersionTransitions(Objects.requireNonNull(r.noncurrentVersionTransitions()).stream()
                        .map(t -> software.amazon.awssdk.services.s3.model.NoncurrentVersionTransition.builder()
                                .noncurrentDays(t.noncurrentDays())
                                .newerNoncurrentVersions(unlessZero(t.newerNoncurrentVersions()))
                                .storageClass(t.storageClass())
                                .build())
                        .toList())
                .build();
    }

    /** One condition stands alone, several go into an And: S3 refuses the other way round. */
    private static LifecycleRuleFilter sdk(Filter f) {
        List<Tag> tags = new HashMap<>(Objects.requireNonNull(f.tags()))
                .entrySet().stream()
                        .map(e -> Tag.builder()
                                .key(e.getKey())
                                .value(e.getValue())
                                .build())
                        .toList();
        String prefix = "".equals(f.prefix()) ? null : f.prefix();
        Long more = unlessZero(f.objectSizeGreaterThan());
        Long less = unlessZero(f.objectSizeLessThan());
        int conditions = tags.size() + (prefix == null ? 0 : 1) + (more == null ? 0 : 1) + (less == null ? 0 : 1);
        LifecycleRuleFilter.Builder filter = LifecycleRuleFilter.builder();
        if (conditions > 1) {
            return filter.and(a -> a.prefix(prefix)
                            .tags(tags)
                            .objectSizeGreaterThan(more)
                            .objectSizeLessThan(less))
                    .build();
        }
        return filter.prefix(conditions == 0 ? "" : prefix)
                .tag(tags.isEmpty() ? null : tags.getFirst())
                .objectSizeGreaterThan(more)
                .objectSizeLessThan(less)
                .build();
    }

    private static <N extends Number> @Nullable N unlessZero(@Nullable N number) {
        return number == null || number.longValue() == 0 ? null : number;
    }
}
