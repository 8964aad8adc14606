package dev.holdfast.kinds.s3;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.aws.Partitions;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * A bucket, without its objects: it is never emptied.
 *
 * <p>Every call names the account that must own the bucket, so that a stranger's bucket, however open, is never read or
 * written as ours. A desired name that a stranger holds is observed with that name, no tags and nothing else.
 *
 * <p>No recipe: each part of a bucket's configuration has a get, a put and an error of its own.
 */
@Singleton
public final class BucketKind implements Kind<BucketKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html">CreateBucket</a> */
    public record Spec(
            @Doc("The bucket's name, unique among all of AWS.") @PhysicalName(max = 63, lower = true) @Nullable
            String bucketName,

            @Doc("What of public access is blocked.") @Nullable
            PublicAccessBlock publicAccessBlock,

            @Doc("Who owns the objects, and whether ACLs count.") @Slow("ownershipControls") @Nullable
            OwnershipControls ownershipControls,

            @Doc("How objects are encrypted that do not say so themselves.") @Slow("bucketEncryption") @Nullable
            BucketEncryption bucketEncryption,

            @Doc("Enabled or Suspended.") @Slow("versioning") @Nullable
            BucketVersioningStatus versioning,

            @Doc("When objects move to other storage classes and when they expire.")
            @Slow("lifecycleConfiguration")
            @Nullable
            BucketLifecycle lifecycleConfiguration,

            @Doc("Which web pages elsewhere may read or write the objects.") @Slow("corsConfiguration") @Nullable
            Cors corsConfiguration,

            @Doc("Where requests to the bucket are logged.") @Slow("logging") @Nullable
            Logging logging,

            @Doc("The bucket policy; {} is none.") @PolicyDocument @Slow("policy") @Nullable
            JsonNode policy,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            policy = policy == null || policy.isNull() ? null : policy;
        }

        static Spec named(String name) {
            return new Spec(name, null, null, null, null, null, null, null, null, null);
        }
    }

    public record PublicAccessBlock(
            @Doc("Whether requests are refused that would make an ACL public.") @Nullable
            Boolean blockPublicAcls,

            @Doc("Whether public ACLs count for nothing.") @Nullable
            Boolean ignorePublicAcls,

            @Doc("Whether public bucket policies are refused.") @Nullable
            Boolean blockPublicPolicy,

            @Doc("Whether a public bucket policy lets in only AWS services and this account.") @Nullable
            Boolean restrictPublicBuckets) {}

    public record OwnershipControls(
            @Doc("One rule; an empty list removes the controls.") @Nullable
            List<OwnershipRule> rules) {}

    public record OwnershipRule(
            @Doc("BucketOwnerEnforced (no ACLs), BucketOwnerPreferred or ObjectWriter.") @Required @Nullable
            ObjectOwnership objectOwnership) {}

    public record BucketEncryption(
            @Doc("One rule; none is SSE-S3, for no bucket is without encryption.") @Nullable
            List<EncryptionRule> rules) {
        public BucketEncryption {
            rules = rules != null && rules.isEmpty() ? List.of(new EncryptionRule(null, null, null)) : rules;
        }
    }

    public record EncryptionRule(
            @Doc("AES256, aws:kms or aws:kms:dsse.")
            @Nullable
            @ReadFrom("applyServerSideEncryptionByDefault.sseAlgorithm")
            @Offers({"AES256", "aws:kms", "aws:kms:dsse"})
            ServerSideEncryption sseAlgorithm,

            @Doc("The KMS key; absent: AWS's own key for S3.")
            @Nullable
            @ReadFrom("applyServerSideEncryptionByDefault.kmsMasterKeyID")
            String kmsMasterKeyId,

            @Doc("Whether a key of the bucket saves calls to KMS.") @Nullable
            Boolean bucketKeyEnabled) {
        public EncryptionRule {
            sseAlgorithm = Objects.requireNonNullElse(sseAlgorithm, ServerSideEncryption.AES256);
            bucketKeyEnabled = Objects.requireNonNullElse(bucketKeyEnabled, false);
        }
    }

    public record Cors(
            @Doc("The rules; the first that fits a request counts. An empty list removes the configuration.") @Nullable
            List<AllowedOrigins> corsRules) {}

    public record AllowedOrigins(
            @Doc("The rule's id.") @Nullable String id,

            @Doc("Origins that may call; one * in each.") @Required @Nullable
            Set<String> allowedOrigins,

            @Doc("GET, PUT, POST, DELETE, HEAD.") @Required @Nullable
            Set<String> allowedMethods,

            @Doc("Headers that a preflight may ask for.") @Nullable @EmptyIsNone
            Set<String> allowedHeaders,

            @Doc("Headers that the caller may read.") @Nullable @EmptyIsNone
            Set<String> exposeHeaders,

            @Doc("How long a browser may remember the preflight, in seconds.") @Nullable
            Integer maxAgeSeconds) {
        public AllowedOrigins {
            allowedOrigins = Objects.requireNonNullElse(allowedOrigins, Set.of());
            allowedMethods = Objects.requireNonNullElse(allowedMethods, Set.of());
            allowedHeaders = Objects.requireNonNullElse(allowedHeaders, Set.of());
            exposeHeaders = Objects.requireNonNullElse(exposeHeaders, Set.of());
        }
    }

    public record Logging(
            @Doc("The bucket that takes the logs.") @Required @Nullable
            String targetBucket,

            @Doc("What the logs' keys begin with.") @Required @Nullable
            String targetPrefix) {}

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("Bucket", Spec.class, OwnershipForm.TAG)
                .description("An S3 bucket with its configuration; its objects are never touched.")
                .stateful()
                .output("name", "The bucket's name.")
                .output("arn", "Its ARN.")
                .output("regionalDomainName", "Its host name, as a CDN's origin wants it.")
                .page("https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html")
                .leavesOut("ACL", "ACLs are off unless ownershipControls say otherwise; a policy says more")
                .leavesOut("Grant*", "ACLs are off unless ownershipControls say otherwise; a policy says more")
                .leavesOut("ObjectLockEnabledForBucket", "retention that nobody can undo is not switched on from here")
                .leavesOut("BucketNamespace", "names are global")
                .leavesOut("NotificationConfiguration", "comes with the kinds that it would notify")
                .leavesOut("WebsiteConfiguration", "buckets are private behind a CDN")
                .leavesOut("AccelerateConfiguration", "the CDN does it")
                .leavesOut("LifecycleRule.*.Date", "rules go by age")
                .leavesOut("LoggingEnabled.TargetGrants", "needs ACLs")
                .leavesOut("LoggingEnabled.TargetObjectKeyFormat", "stays as it is")
                .leavesOut("ServerSideEncryptionRule.BlockedEncryptionTypes", "stays as it is")
                .fault(FaultRule.of("BucketAlreadyExists", Fault.Category.EXISTS))
                .fault(FaultRule.of("BucketAlreadyOwnedByYou", Fault.Category.EXISTS))
                .fault(FaultRule.of("BucketNotEmpty", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("OperationAborted", Fault.Category.CONFLICT))
                // A role that was made a moment ago is not a principal yet.
                .fault(FaultRule.of("MalformedPolicy", "Invalid principal", Fault.Category.DEPENDENCY))
                .permissions(Permissions.on("s3:::{name}")
                        .lists("s3:ListAllMyBuckets")
                        .reads(
                                "s3:ListBucket",
                                "s3:GetBucketTagging",
                                "s3:GetBucketPublicAccessBlock",
                                "s3:GetBucketOwnershipControls",
                                "s3:GetEncryptionConfiguration",
                                "s3:GetBucketVersioning",
                                "s3:GetLifecycleConfiguration",
                                "s3:GetBucketCORS",
                                "s3:GetBucketLogging",
                                "s3:GetBucketPolicy")
                        .creates("s3:CreateBucket")
                        .tags("s3:TagResource", "s3:PutBucketTagging")
                        .changes("s3:DeleteBucket")
                        .changesFor("publicAccessBlock", "s3:PutBucketPublicAccessBlock")
                        .changesFor("ownershipControls", "s3:PutBucketOwnershipControls")
                        .changesFor("bucketEncryption", "s3:PutEncryptionConfiguration")
                        .changesFor("versioning", "s3:PutBucketVersioning")
                        .changesFor("lifecycleConfiguration", "s3:PutLifecycleConfiguration")
                        .changesFor("corsConfiguration", "s3:PutBucketCORS")
                        .changesFor("logging", "s3:PutBucketLogging")
                        .changesFor("policy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        S3Client s3 = scope.client(S3Client.class);
        Map<String, Wanted<Spec>> wanted = new LinkedHashMap<>();
        scope.wanted()
                .forEach(w -> Stream.of(w.physicalId(), w.physicalName())
                        .filter(name -> name != null && !Unresolved.is(name))
                        .forEach(name -> wanted.put(name, w)));
        Set<String> names = new LinkedHashSet<>(wanted.keySet());
        Set<String> listed = scope.confirming() ? Set.of() : list(s3, scope);
        if (scope.sweep()) {
            scope.tagged("s3").keySet().stream()
                    .map(arn -> arn.substring(arn.lastIndexOf(':') + 1))
                    .filter(listed::contains)
                    .forEach(names::add);
        }
        return scope.each(
                names,
                // Whose failed read it would be; for what is read, the tags tell.
                name -> Identity.of(name)
                        .named(name)
                        .belongingTo(wanted.containsKey(name) ? wanted.get(name).id() : null),
                (name, identity) -> switch (listed.contains(name) ? BucketOwner.OURS : owner(s3, scope, name)) {
                    case OURS -> known(scope, identity, wanted.get(name));
                    case STRANGER -> Known.of(Identity.of(name).named(name), Spec.named(name));
                    case NONE -> null;
                });
    }

    private static Known<Spec> known(Scope<Spec> scope, Identity identity, @Nullable Wanted<Spec> wanted) {
        String name = identity.physicalId();
        String region = scope.clients().region();
        String arn = "arn:" + Partitions.id(region) + ":s3:::" + name;
        BucketCalls calls = new BucketCalls(
                scope.client(S3Client.class), name, scope.stack().account());
        Spec desired = wanted == null ? null : wanted.desired();
        Map<String, String> tags = scope.tags("s3", arn, name, desired == null ? null : desired.tags(), calls::tags);
        Map<String, Object> values = new HashMap<>(Map.of("bucketName", name, "tags", tags));
        List<Map.Entry<String, Function<BucketCalls, Optional<?>>>> reads = List.copyOf(BucketCalls.READS.entrySet());
        List<Optional<?>> answers = scope.parallel(reads, read -> {
            SpecModel.Field field =
                    SpecModel.of(Spec.class).field(read.getKey()).orElseThrow();
            // What opens a bucket to the world is read at every pass, so that it is undone within one interval.
            return field.has(Slow.class)
                    ? scope.slow(name, read.getKey(), () -> read.getValue().apply(calls))
                    : read.getValue().apply(calls);
        });
        for (int i = 0; i < reads.size(); i++) {
            values.put(reads.get(i).getKey(), answers.get(i).orElse(null));
        }
        return Known.of(identity.belongingTo(null).tagged(tags), Wire.read(Spec.class, values, List.of()))
                .output("name", name)
                .output("arn", arn)
                .output("regionalDomainName", name + ".s3." + region + "." + Partitions.dnsSuffix(region));
    }

    private static Set<String> list(S3Client s3, Scope<Spec> scope) {
        Set<String> listed = new HashSet<>();
        s3.listBucketsPaginator(
                        r -> r.maxBuckets(10_000).bucketRegion(scope.clients().region()))
                .buckets()
                .forEach(b -> listed.add(b.name()));
        return listed;
    }

    private enum BucketOwner {
        OURS,
        STRANGER,
        NONE
    }

    /**
     * HeadBucket answers 403 for what belongs to somebody else as well as for what we may not see, and 301 for what lives in
     * another region, where nothing of ours does; the account's own list tells the first two apart.
     */
    private static BucketOwner owner(S3Client s3, Scope<Spec> scope, String name) {
        try {
            s3.headBucket(r -> r.bucket(name).expectedBucketOwner(scope.stack().account()));
            return BucketOwner.OURS;
        } catch (NoSuchBucketException e) {
            return BucketOwner.NONE;
        } catch (S3Exception e) {
            boolean denied = e.statusCode() == 403;
            if (e.statusCode() != 301 && !denied) {
                throw e;
            }
            if (denied
                    && s3.listBucketsPaginator(r -> r.maxBuckets(10_000).prefix(name)).buckets().stream()
                            .anyMatch(b -> b.name().equals(name))) {
                throw e;
            }
            return BucketOwner.STRANGER;
        }
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        String region = desired.clients().region();
        desired.client(S3Client.class)
                .createBucket(r -> r.bucket(spec.bucketName())
                        .objectOwnership(BucketWriter.ownership(spec.ownershipControls()))
                        // us-east-1 is what is meant where no constraint is given, and is refused as one.
                        .createBucketConfiguration(c -> c.locationConstraint(region.equals("us-east-1") ? null : region)
                                .tags(SdkShapes.pairs(spec.tags(), Tag::builder))));
        return Objects.requireNonNull(spec.bucketName());
    }

    @Override
    public void update(Change<Spec> change) {
        new BucketWriter(change).write();
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(S3Client.class)
                .deleteBucket(r -> r.bucket(observed.physicalId())
                        .expectedBucketOwner(observed.stack().account()));
    }
}
