package dev.holdfast.kinds.s3;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.Partitions;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.LoggingEnabled;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * A bucket without its objects: Holdfast never empties a bucket.
 *
 * <p>If another account owns a bucket with the desired name, only the name is observed, without tags.
 */
@Singleton
public final class BucketKind extends DeclaredKind<BucketKind.Spec> {
    private static final Absent NO_BUCKET = Absent.when(NoSuchBucketException.class);
    private static final Tagging<S3Client> TAGGING = Tagging.<S3Client>replaced(
                    "s3",
                    (s3, arn) -> Absent.code("NoSuchTagSet")
                            .or(
                                    Map.of(),
                                    () -> SdkShapes.map(s3.getBucketTagging(r -> r.bucket(Values.last(arn, ':')))
                                            .tagSet())),
                    arn -> Values.last(arn, ':'),
                    (s3, arn, tags) -> s3.putBucketTagging(r -> r.bucket(Values.last(arn, ':'))
                            .tagging(t -> t.tagSet(SdkShapes.pairs(tags, Tag::builder)))))
            .on("arn");

    /** @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html">CreateBucket</a> */
    public record Spec(
            @Doc("The name of the bucket, unique in all of AWS.") @PhysicalName(max = 63, lower = true)
            String bucketName,

            @Doc("The kinds of public access that are blocked.") @Risk(FieldRisk.PUBLIC_ACCESS_BLOCK)
            PublicAccessBlock publicAccessBlock,

            @Doc("The owner of new objects, and whether ACLs apply.") @Slow("ownershipControls")
            OwnershipControls ownershipControls,

            @Doc("The default encryption, for objects whose upload sets none.") @Slow("bucketEncryption")
            BucketEncryption bucketEncryption,

            @Doc("Whether S3 keeps former versions of objects: Enabled or Suspended.") @Slow("versioning")
            BucketVersioningStatus versioning,

            @Doc("The rules by which objects move to other storage classes and expire.") @Slow("lifecycleConfiguration")
            BucketLifecycle lifecycleConfiguration,

            @Doc("The rules for web pages of other sites that read or write the objects.") @Slow("corsConfiguration")
            Cors corsConfiguration,

            @Doc("The logs of requests to the bucket.") @Slow("logging")
            Logging logging,

            @Doc("The destinations that receive notifications about the objects. Each list that is set is complete:"
                    + " other entries are removed.")
            @Slow("notificationConfiguration")
            BucketNotifications notificationConfiguration,

            @Doc("The bucket policy; {} is none. A statement that refers to a resource is added when that resource"
                    + " exists.")
            @PolicyDocument
            @Risk(FieldRisk.RESOURCE_POLICY)
            @Slow("policy")
            @Ref(deferred = true)
            JsonNode policy,

            @Doc("Tags.") @TagMap Map<String, String> tags) {
        public Spec {
            policy = policy == null || policy.isNull() ? null : policy;
        }
    }

    public record OwnershipControls(
            @Doc("One rule. An empty list removes the controls.")
            List<OwnershipRule> rules) {}

    public record OwnershipRule(
            @Doc("The owner of new objects: BucketOwnerEnforced (no ACLs), BucketOwnerPreferred or ObjectWriter.")
            @Required
            ObjectOwnership objectOwnership) {}

    public record Cors(
            @Doc("The rules; the first rule that matches a request applies. An empty list removes the configuration.")
            List<AllowedOrigins> corsRules) {}

    public record AllowedOrigins(
            @Doc("The id of the rule.") @EmptyIsNone String id,

            @Doc("The origins whose pages may send requests; each may contain one *.") @Required
            Set<String> allowedOrigins,

            @Doc("The allowed methods: GET, PUT, POST, DELETE, HEAD.") @Required
            Set<String> allowedMethods,

            @Doc("The request headers that a preflight request may name.") @EmptyIsNone
            Set<String> allowedHeaders,

            @Doc("The response headers that the page may read.") @EmptyIsNone
            Set<String> exposeHeaders,

            @Doc("The time that a browser may cache the answer to a preflight request, in seconds.")
            Integer maxAgeSeconds) {
        public AllowedOrigins {
            allowedOrigins = requireNonNullElse(allowedOrigins, Set.of());
            allowedMethods = requireNonNullElse(allowedMethods, Set.of());
            allowedHeaders = requireNonNullElse(allowedHeaders, Set.of());
            exposeHeaders = requireNonNullElse(exposeHeaders, Set.of());
        }
    }

    public record Logging(
            @Doc("The bucket that receives the logs.") @Required
            String targetBucket,

            @Doc("The prefix of the keys of the log objects.") @Required
            String targetPrefix) {}

    /**
     * S3 rejects concurrent changes of a bucket, so the calls are sent in sequence: restrictions first, the policy
     * late. If the block of public access is loosened, only blockPublicPolicy is removed before the new policy is put.
     * The other blocks, which made the old policy harmless, are removed afterwards.
     */
    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("Bucket", Spec.class, S3Client.class)
                .description("An S3 bucket with its configuration; its objects are never touched.")
                .finds(BucketKind::buckets)
                .named(Bucket::name)
                .arn(Bucket::bucketArn)
                .tags(TAGGING)
                .detail((scope, s3, bucket) -> owner(s3, bucket))
                .createsNamed(CreateBucketRequest::builder, BucketKind::request, S3Client::createBucket)
                // Read in every pass, so that a change that makes the bucket public is reverted within one interval.
                .facet(
                        Spec::publicAccessBlock,
                        (s3, b) ->
                                s3.getPublicAccessBlock(r -> r.bucket(b.name())).publicAccessBlockConfiguration(),
                        Absent.code("NoSuchPublicAccessBlockConfiguration"),
                        new PublicAccessBlock(false, false, false, false))
                .updates(
                        (s3, change) -> PublicAccessBlock.put(
                                s3, change, change.observed().spec().publicAccessBlock(), true),
                        Spec::publicAccessBlock)
                .facet(
                        Spec::ownershipControls,
                        (s3, b) -> s3.getBucketOwnershipControls(r -> r.bucket(b.name()))
                                .ownershipControls(),
                        Absent.code("OwnershipControlsNotFoundError"),
                        new OwnershipControls(List.of()))
                .puts(
                        Spec::ownershipControls,
                        (s3, name, controls) -> s3.putBucketOwnershipControls(
                                r -> r.bucket(name).ownershipControls(c -> Wire.fill(c, controls))),
                        (s3, name) -> s3.deleteBucketOwnershipControls(r -> r.bucket(name)))
                .facet(
                        Spec::bucketEncryption,
                        (s3, b) ->
                                s3.getBucketEncryption(r -> r.bucket(b.name())).serverSideEncryptionConfiguration(),
                        Absent.code("ServerSideEncryptionConfigurationNotFoundError"),
                        new BucketEncryption(List.of()))
                .updates(BucketEncryption::change, Spec::bucketEncryption)
                .facet(
                        Spec::versioning,
                        (s3, b) ->
                                s3.getBucketVersioning(r -> r.bucket(b.name())).status(),
                        NO_BUCKET,
                        null)
                .updates(
                        (s3, change) -> s3.putBucketVersioning(r -> r.bucket(change.physicalId())
                                .versioningConfiguration(
                                        c -> c.status(change.spec().versioning()))),
                        Spec::versioning)
                .facet(
                        Spec::lifecycleConfiguration,
                        (s3, b) -> BucketLifecycle.of(s3.getBucketLifecycleConfiguration(r -> r.bucket(b.name()))),
                        Absent.code("NoSuchLifecycleConfiguration"),
                        BucketLifecycle.NONE)
                .updates(BucketLifecycle::change, Spec::lifecycleConfiguration)
                .facet(
                        Spec::corsConfiguration,
                        (s3, b) -> s3.getBucketCors(r -> r.bucket(b.name())),
                        Absent.code("NoSuchCORSConfiguration"),
                        new Cors(List.of()))
                .puts(
                        Spec::corsConfiguration,
                        (s3, name, cors) ->
                                s3.putBucketCors(r -> r.bucket(name).corsConfiguration(c -> Wire.fill(c, cors))),
                        (s3, name) -> s3.deleteBucketCors(r -> r.bucket(name)))
                .facet(
                        Spec::logging,
                        (s3, b) -> s3.getBucketLogging(r -> r.bucket(b.name())).loggingEnabled(),
                        NO_BUCKET,
                        null)
                .updates(BucketKind::log, Spec::logging)
                .facetOfOwners(Spec::notificationConfiguration, (s3, b) -> BucketNotifications.read(s3, b.name()))
                .updates(BucketNotifications::change, Spec::notificationConfiguration)
                .policy(
                        Spec::policy,
                        (s3, b) -> s3.getBucketPolicy(r -> r.bucket(b.name())).policy(),
                        Absent.code("NoSuchBucketPolicy"),
                        (s3, name, policy) ->
                                s3.putBucketPolicy(r -> r.bucket(name).policy(policy)),
                        (s3, name) -> s3.deleteBucketPolicy(r -> r.bucket(name)))
                .updates(
                        (s3, change) -> PublicAccessBlock.put(s3, change, PublicAccessBlock.of(change, true), false),
                        Spec::publicAccessBlock)
                .deletes((s3, name) -> s3.deleteBucket(r -> r.bucket(name)))
                .output("name", "The name of the bucket.", Bucket::name)
                .output("arn", "The ARN of the bucket.", Bucket::bucketArn)
                .output(
                        "regionalDomainName",
                        "The regional host name of the bucket, for the origin of a CDN.",
                        b -> b.name() + ".s3." + b.bucketRegion() + "." + Partitions.dnsSuffix(b.bucketRegion()))
                .info(info -> info.stateful("its objects (S3 rejects the deletion while the bucket has objects)"))
                .leavesOut("ACL", "ACLs are off unless ownershipControls turn them on; a policy can grant more")
                .leavesOut("Grant*", "ACLs are off unless ownershipControls turn them on; a policy can grant more")
                .leavesOut(
                        "ObjectLockEnabledForBucket",
                        "object lock cannot be turned off again, so Holdfast does not turn it on")
                .leavesOut("BucketNamespace", "names are global; the account's own namespace is not offered yet")
                .leavesOut(
                        "WebsiteConfiguration",
                        "a website endpoint needs public read access and has no HTTPS; a CDN can serve a private"
                                + " bucket")
                .leavesOut("AccelerateConfiguration", "not offered yet; a CDN also accepts uploads near the clients")
                .leavesOut("LifecycleRule.*.Date", "rules depend on the age of objects, not on a date")
                .leavesOut("LoggingEnabled.TargetGrants", "grants need ACLs")
                .leavesOut("LoggingEnabled.TargetObjectKeyFormat", "not offered yet; an existing value is kept")
                .leavesOut(
                        "ServerSideEncryptionRule.BlockedEncryptionTypes", "not offered yet; an existing value is kept")
                .fault("BucketAlreadyExists", EXISTS)
                .fault("BucketAlreadyOwnedByYou", EXISTS)
                .fault("BucketNotEmpty", DEPENDENCY)
                .fault("OperationAborted", CONFLICT)
                // The destination does not exist yet, or does not yet allow S3 to send to it.
                .fault("InvalidArgument", "validate the following destination", DEPENDENCY)
                // IAM is eventually consistent: a role that was just created is not yet a valid principal.
                .fault("MalformedPolicy", "Invalid principal", DEPENDENCY)
                .permissions(Permissions.on("s3:::{name}")
                        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
                        .byNameAlone()
                        .tags("s3:TagResource", "s3:PutBucketTagging"))
                .page("https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html");
    }

    /**
     * The account's buckets in the region, and the wanted buckets that are not in the list, without a creation date.
     */
    private static List<Bucket> buckets(Scope<?> scope, S3Client s3) {
        String region = scope.clients().region();
        Set<String> names = Listings.idsAndNames(scope);
        List<Bucket> found = new ArrayList<>();
        if (!scope.confirming()) {
            s3.listBucketsPaginator(r -> r.maxBuckets(10_000).bucketRegion(region))
                    .buckets()
                    .forEach(found::add);
            found.forEach(bucket -> names.remove(bucket.name()));
        }
        names.forEach(name -> found.add(Bucket.builder().name(name).build()));
        return found.stream()
                .map(bucket -> bucket.copy(b ->
                        b.bucketRegion(region).bucketArn("arn:" + Partitions.id(region) + ":s3:::" + bucket.name())))
                .toList();
    }

    /**
     * HeadBucket answers 403 both for a bucket of another account and for a bucket that we may not read. The account's
     * own list distinguishes these cases. HeadBucket answers 301 for a bucket in another region, which is never ours.
     */
    private static @Nullable Object owner(S3Client s3, Bucket bucket) {
        String name = bucket.name();
        try {
            return bucket.creationDate() != null
                    ? Map.of()
                    : NO_BUCKET.orNull(() -> s3.headBucket(r -> r.bucket(name)));
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
            return Recipe.FOREIGN;
        }
    }

    private static void request(CreateBucketRequest.Builder request, Desired<Spec> desired) {
        Spec spec = desired.spec();
        String region = desired.clients().region();
        request.bucket(spec.bucketName())
                .objectOwnership(ownership(spec.ownershipControls()))
                // S3 rejects us-east-1 as a constraint: it is the default without a constraint.
                .createBucketConfiguration(c -> c.locationConstraint(region.equals("us-east-1") ? null : region)
                        .tags(SdkShapes.pairs(spec.tags(), Tag::builder)));
    }

    private static @Nullable ObjectOwnership ownership(@Nullable OwnershipControls controls) {
        return controls == null || controls.rules() == null || controls.rules().isEmpty()
                ? null
                : controls.rules().getFirst().objectOwnership();
    }

    private static void log(S3Client s3, Change<Spec> change) {
        Logging desired = Objects.requireNonNull(change.spec().logging());
        LoggingEnabled now =
                s3.getBucketLogging(r -> r.bucket(change.physicalId())).loggingEnabled();
        LoggingEnabled logging = (now == null ? LoggingEnabled.builder() : now.toBuilder())
                .targetBucket(desired.targetBucket())
                .targetPrefix(requireNonNullElse(desired.targetPrefix(), ""))
                .build();
        s3.putBucketLogging(r -> r.bucket(change.physicalId()).bucketLoggingStatus(b -> b.loggingEnabled(logging)));
    }
}
