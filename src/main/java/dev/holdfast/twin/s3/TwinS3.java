package dev.holdfast.twin.s3;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.*;

/** The twin of S3, one for all regions of an account. Each bucket stores its region. */
public final class TwinS3 extends TwinBuckets implements TwinService {
    /** AWS's largest and default page size. */
    private static final int BUCKETS_PAGE = 10_000;

    private final TwinContext context;
    private final TwinTable<TwinBucket> buckets;
    private final TwinObjects objects;
    private final Set<String> elsewhere = new HashSet<>();

    public TwinS3(TwinContext context) {
        this.context = context;
        this.buckets = new TwinTable<>(context);
        this.objects = new TwinObjects(context);
    }

    /** Reserves a name for a bucket of another account, because bucket names are global. */
    public TwinS3 holdElsewhere(String bucket) {
        elsewhere.add(bucket);
        return this;
    }

    @Override
    String owner() {
        return context.account();
    }

    /** The buckets with all subresources, but without objects. */
    @Override
    public List<TwinItem> inventory() {
        return buckets.all().stream().map(TwinBucket::item).toList();
    }

    /** The keys of a bucket's current objects, each with its ETag; empty if the bucket does not exist. */
    public List<String> objects(String bucket) {
        List<String> found = new ArrayList<>();
        TwinBucket b = buckets.get(bucket);
        if (b != null) {
            for (String key : b.objects.keySet()) {
                TwinBucket.ObjectState version = b.current(key);
                if (version != null) {
                    found.add(key + " " + version.etag());
                }
            }
        }
        return found;
    }

    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request) {
        CreateBucketConfiguration configuration = request.createBucketConfiguration();
        String asked = configuration == null ? null : configuration.locationConstraintAsString();
        String region = Objects.requireNonNullElse(asked, "us-east-1");
        TwinBucket old = buckets.get(request.bucket());
        if (elsewhere.contains(request.bucket())) {
            throw S3Errors.ownedByOther();
        }
        // Only in us-east-1, the repeated creation of an own bucket succeeds and changes nothing.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
        if (old != null && !(old.region.equals("us-east-1") && region.equals("us-east-1"))) {
            throw S3Errors.ownedByYou();
        }
        if (old == null) {
            buckets.put(request.bucket(), TwinBucket.create(request, region, context.now()));
        }
        return CreateBucketResponse.builder()
                .location("/" + request.bucket())
                .bucketArn("arn:aws:s3:::" + request.bucket())
                .build();
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        TwinBucket bucket = bucket(request);
        return HeadBucketResponse.builder()
                .bucketRegion(bucket.region)
                .bucketArn("arn:aws:s3:::" + bucket.name)
                .accessPointAlias(false)
                .build();
    }

    @Override
    public DeleteBucketResponse deleteBucket(DeleteBucketRequest request) {
        TwinBucket bucket = bucket(request);
        if (!bucket.objects.isEmpty()) {
            throw S3Errors.error(
                    409,
                    "BucketNotEmpty",
                    bucket.versioning == null
                            ? "The bucket you tried to delete is not empty"
                            : "The bucket you tried to delete is not empty. You must delete all versions in the"
                                    + " bucket.");
        }
        buckets.remove(bucket.name);
        return DeleteBucketResponse.builder().build();
    }

    @Override
    public ListBucketsResponse listBuckets(ListBucketsRequest request) {
        String prefix = Objects.requireNonNullElse(request.prefix(), "");
        List<Bucket> found = buckets.visible().stream()
                .filter(b -> b.name.startsWith(prefix))
                .filter(b -> request.bucketRegion() == null || b.region.equals(request.bucketRegion()))
                .sorted(Comparator.comparing(b -> b.name))
                .map(b -> Bucket.builder()
                        .name(b.name)
                        .bucketRegion(b.region)
                        .bucketArn("arn:aws:s3:::" + b.name)
                        .creationDate(b.createdAt)
                        .build())
                .toList();
        return context.page(
                request,
                ListBucketsResponse.builder()
                        .owner(o -> o.id(context.account()))
                        .prefix(request.prefix()),
                found,
                BUCKETS_PAGE);
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        return objects.put(bucket(request), request, body);
    }

    @Override
    public <R> R getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
        return objects.get(bucket(request), request, transformer);
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return objects.head(bucket(request), request);
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        return objects.delete(bucket(request), request);
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        TwinBucket bucket = bucket(request);
        List<DeletedObject> deleted = new ArrayList<>();
        request.delete().objects().forEach(o -> {
            DeleteObjectResponse one = objects.delete(
                    bucket,
                    DeleteObjectRequest.builder()
                            .bucket(bucket.name)
                            .key(o.key())
                            .versionId(o.versionId())
                            .build());
            deleted.add(DeletedObject.builder()
                    .key(o.key())
                    .versionId(o.versionId())
                    .deleteMarker(one.deleteMarker())
                    .build());
        });
        return DeleteObjectsResponse.builder()
                .deleted(Boolean.TRUE.equals(request.delete().quiet()) ? List.of() : deleted)
                .errors(List.of())
                .build();
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        return objects.list(bucket(request), request);
    }

    @Override
    public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
        return objects.versions(bucket(request), request);
    }

    @Override
    TwinBucket bucket(String name, @Nullable String expectedOwner) {
        if (elsewhere.contains(name)) {
            throw S3Errors.accessDenied();
        }
        TwinBucket bucket = buckets.visible(name);
        if (bucket == null) {
            throw S3Errors.noSuchBucket();
        }
        if (expectedOwner != null && !expectedOwner.equals(context.account())) {
            throw S3Errors.accessDenied();
        }
        return bucket;
    }

    @Override
    boolean exists(@Nullable String name) {
        return buckets.get(name) != null;
    }

    @Override
    String newId() {
        return context.hex(32);
    }
}
