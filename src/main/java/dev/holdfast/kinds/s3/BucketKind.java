package dev.holdfast.kinds.s3;

import static dev.holdfast.kind.OwnershipForm.TAG;
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
import java.util.TreeSet;
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
 * A bucket, without its objects: it is never emptied.
 *
 * <p>A desired name that a stranger holds is observed with that name, no tags and nothing else.
 */
@Singleton
public final class BucketKind extends DeclaredKind<BucketKind.Spec> {
    private static final Absent NO_BUCKET = Absent.when(NoSuchBucketException.class);
    private static final Tagging<S3Client> TAGGING = Tagging.<S3Client>replaced(
                    "s3",
                    (s3, arn) -> Absent.code("NoSuchTagSet")
                            .or(
                                    Map.of(),
                                    () -> SdkShapes.map(s3.getBucketTagging(r -> r.bucket(name(arn)))
                                            .tagSet())),
                    BucketKind::name,
                    (s3, arn, tags) -> s3.putBucketTagging(r ->
                            r.bucket(name(arn)).tagging(t -> t.tagSet(SdkShapes.pairs(tags, Tag::builder)))))
            .on("arn");

    /** @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html">CreateBucket</a> */
    public record Spec(
            @Doc("The bucket's name, unique among all of AWS.") @PhysicalName(max = 63, lower = true)
            String bucketName,

            @Doc("What of public access is blocked.") @Risk(FieldRisk.PUBLIC_ACCESS_BLOCK)
            PublicAccessBlock publicAccessBlock,

            @Doc("Who owns the objects, and whether ACLs count.") @Slow("ownershipControls")
            OwnershipControls ownershipControls,

            @Doc("How objects are encrypted that do not say so themselves.") @Slow("bucketEncryption")
            BucketEncryption bucketEncryption,

            @Doc("Enabled or Suspended.") @Slow("versioning")
            BucketVersioningStatus versioning,

            @Doc("When objects move to other storage classes and when they expire.") @Slow("lifecycleConfiguration")
            BucketLifecycle lifecycleConfiguration,

            @Doc("Which web pages elsewhere may read or write the objects.") @Slow("corsConfiguration")
            Cors corsConfiguration,

            @Doc("Where requests to the bucket are logged.") @Slow("logging")
            Logging logging,

            @Doc("Whom S3 tells what happens to the objects; a list that is said is whole.")
            @Slow("notificationConfiguration")
            BucketNotifications notificationConfiguration,

            @Doc("The bucket policy; {} is none. A statement follows when what it refers to exists.")
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
            @Doc("One rule; an empty list removes the controls.")
            List<OwnershipRule> rules) {}

    public record OwnershipRule(
            @Doc("BucketOwnerEnforced (no ACLs), BucketOwnerPreferred or ObjectWriter.") @Required
            ObjectOwnership objectOwnership) {}

    public record Cors(
            @Doc("The rules; the first that fits a request counts. An empty list removes the configuration.")
            List<AllowedOrigins> corsRules) {}

    public record AllowedOrigins(
            @Doc("The rule's id.") String id,

            @Doc("Origins that may call; one * in each.") @Required
            Set<String> allowedOrigins,

            @Doc("GET, PUT, POST, DELETE, HEAD.") @Required Set<String> allowedMethods,

            @Doc("Headers that a preflight may ask for.") @EmptyIsNone
            Set<String> allowedHeaders,

            @Doc("Headers that the caller may read.") @EmptyIsNone
            Set<String> exposeHeaders,

            @Doc("How long a browser may remember the preflight, in seconds.")
            Integer maxAgeSeconds) {
        public AllowedOrigins {
            allowedOrigins = requireNonNullElse(allowedOrigins, Set.of());
            allowedMethods = requireNonNullElse(allowedMethods, Set.of());
            allowedHeaders = requireNonNullElse(allowedHeaders, Set.of());
            exposeHeaders = requireNonNullElse(exposeHeaders, Set.of());
        }
    }

    public record Logging(
            @Doc("The bucket that takes the logs.") @Required
            String targetBucket,

            @Doc("What the logs' keys begin with.") @Required
            String targetPrefix) {}

    /**
     * The calls that change a bucket are sent one after the other, for S3 refuses two at a time: what restricts comes first and
     * the policy late. Where access is loosened, only public policies are let in before the new policy is there; what kept the
     * old one harmless goes afterwards.
     */
    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "Bucket",
                        Spec.class,
                        S3Client.class,
                        TAG,
                        "An S3 bucket with its configuration; its objects are never touched.")
                .finds(BucketKind::buckets)
                .named(Bucket::name)
                .arn(Bucket::bucketArn)
                .tags(TAGGING)
                .detail((scope, s3, bucket) -> owner(s3, bucket))
                .createsNamed(CreateBucketRequest::builder, BucketKind::request, S3Client::createBucket)
                // What opens a bucket to the world is read at every pass, so that it is undone within one interval.
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
                .facetOfOwners(
                        "notificationConfiguration",
                        (s3, b) -> Map.of("notificationConfiguration", BucketNotifications.read(s3, b.name())))
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
                .output("name", "The bucket's name.", Bucket::name)
                .output("arn", "Its ARN.", Bucket::bucketArn)
                .output(
                        "regionalDomainName",
                        "Its host name, as a CDN's origin wants it.",
                        b -> b.name() + ".s3." + b.bucketRegion() + "." + Partitions.dnsSuffix(b.bucketRegion()))
                .info(info -> info.stateful("its objects (S3 refuses while there are any)"))
                .leavesOut("ACL", "ACLs are off unless ownershipControls say otherwise; a policy says more")
                .leavesOut("Grant*", "ACLs are off unless ownershipControls say otherwise; a policy says more")
                .leavesOut("ObjectLockEnabledForBucket", "retention that nobody can undo is not switched on from here")
                .leavesOut("BucketNamespace", "names are global; the account's own namespace is not offered yet")
                .leavesOut(
                        "WebsiteConfiguration",
                        "not offered: a website endpoint needs public reading and has no HTTPS; a CDN serves a private bucket")
                .leavesOut("AccelerateConfiguration", "not offered yet; a CDN brings uploads near to the clients too")
                .leavesOut("LifecycleRule.*.Date", "rules go by age")
                .leavesOut("LoggingEnabled.TargetGrants", "needs ACLs")
                .leavesOut("LoggingEnabled.TargetObjectKeyFormat", "not offered yet; a bucket keeps it")
                .leavesOut("ServerSideEncryptionRule.BlockedEncryptionTypes", "not offered yet; a bucket keeps it")
                .fault("BucketAlreadyExists", EXISTS)
                .fault("BucketAlreadyOwnedByYou", EXISTS)
                .fault("BucketNotEmpty", DEPENDENCY)
                .fault("OperationAborted", CONFLICT)
                // What is to be told is not there yet, or does not admit S3 yet.
                .fault("InvalidArgument", "validate the following destination", DEPENDENCY)
                // A role that was made a moment ago is not a principal yet.
                .fault("MalformedPolicy", "Invalid principal", DEPENDENCY)
                .permissions(Permissions.on("s3:::{name}")
                        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
                        .byNameAlone()
                        .tags("s3:TagResource", "s3:PutBucketTagging"))
                .page("https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html");
    }

    /** The account's buckets in the region, and the wanted ones that the list does not have, without their creation date. */
    private static List<Bucket> buckets(Scope<?> scope, S3Client s3) {
        String region = scope.clients().region();
        Set<String> names = new TreeSet<>(Listings.ids(scope));
        names.addAll(Listings.names(scope));
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

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    /**
     * HeadBucket answers 403 for what belongs to somebody else as well as for what we may not see, and 301 for what lives in
     * another region, where nothing of ours does; the account's own list tells the first two apart.
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
                // us-east-1 is what is meant where no constraint is given, and is refused as one.
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
