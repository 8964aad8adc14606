package dev.holdfast.twin.ecr;

import dev.holdfast.twin.store.TwinContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.model.BatchDeleteImageRequest;
import software.amazon.awssdk.services.ecr.model.BatchDeleteImageResponse;
import software.amazon.awssdk.services.ecr.model.BatchGetImageRequest;
import software.amazon.awssdk.services.ecr.model.BatchGetImageResponse;
import software.amazon.awssdk.services.ecr.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ecr.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ecr.model.Image;
import software.amazon.awssdk.services.ecr.model.ImageAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageDigestDoesNotMatchException;
import software.amazon.awssdk.services.ecr.model.ImageFailure;
import software.amazon.awssdk.services.ecr.model.ImageFailureCode;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageNotFoundException;
import software.amazon.awssdk.services.ecr.model.ImageTagAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.ListImagesRequest;
import software.amazon.awssdk.services.ecr.model.ListImagesResponse;
import software.amazon.awssdk.services.ecr.model.PutImageRequest;
import software.amazon.awssdk.services.ecr.model.PutImageResponse;
import software.amazon.awssdk.services.ecr.model.Repository;

/**
 * The images of repositories. Layers are none of the twin's business: any manifest is taken.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html">PutImage</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html">DescribeImages</a>
 */
final class Images {
    private static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";

    private final TwinContext context;

    Images(TwinContext context) {
        this.context = context;
    }

    PutImageResponse put(RepositoryState repository, PutImageRequest r) {
        String manifest = Objects.requireNonNullElse(r.imageManifest(), "");
        if (manifest.isEmpty()) {
            throw EcrErrors.invalid("imageManifest", "must not be empty");
        }
        String digest = digest(manifest);
        if (r.imageDigest() != null && !r.imageDigest().equals(digest)) {
            throw EcrErrors.error(
                    ImageDigestDoesNotMatchException.builder(),
                    "ImageDigestDoesNotMatchException",
                    "The specified image digest does not match the digest that Amazon ECR calculated for the image.");
        }
        ImageState tagged = byTag(repository, r.imageTag());
        ImageState there = repository.images.get(digest);
        if (there != null && (r.imageTag() == null || there == tagged)) {
            throw EcrErrors.error(
                    ImageAlreadyExistsException.builder(),
                    "ImageAlreadyExistsException",
                    "Image with digest '" + digest + "' and tag '" + r.imageTag()
                            + "' already exists in the repository with name '" + name(repository)
                            + "' in registry with id '" + context.account() + "'");
        }
        if (tagged != null && immutable(repository.shown, r.imageTag())) {
            throw EcrErrors.error(
                    ImageTagAlreadyExistsException.builder(),
                    "ImageTagAlreadyExistsException",
                    "The image tag '" + r.imageTag() + "' already exists in the '" + name(repository)
                            + "' repository and cannot be overwritten because the tag is immutable.");
        }
        ImageState image = there == null
                ? new ImageState(
                        digest, manifest, Objects.requireNonNullElse(r.imageManifestMediaType(), DOCKER), context.now())
                : there;
        repository.images.put(digest, image);
        if (r.imageTag() != null) {
            repository.images.values().forEach(i -> i.tags.remove(r.imageTag()));
            image.tags.add(r.imageTag());
        }
        return PutImageResponse.builder()
                .image(image(repository, image, r.imageTag()))
                .build();
    }

    private static boolean immutable(Repository repository, String tag) {
        boolean excluded = repository.imageTagMutabilityExclusionFilters().stream()
                .anyMatch(f -> Pattern.matches(
                        Stream.of(f.filter().split("\\*", -1))
                                .map(Pattern::quote)
                                .reduce((a, b) -> a + ".*" + b)
                                .orElse(""),
                        tag));
        ImageTagMutability mutability = repository.imageTagMutability();
        return switch (mutability) {
            case IMMUTABLE -> true;
            case IMMUTABLE_WITH_EXCLUSION -> !excluded;
            case MUTABLE_WITH_EXCLUSION -> excluded;
            case MUTABLE, UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    static String digest(String manifest) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(manifest.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Counts as a pull. */
    BatchGetImageResponse get(RepositoryState repository, BatchGetImageRequest r) {
        check(r.imageIds(), true);
        List<Image> found = new ArrayList<>();
        List<ImageFailure> failures = new ArrayList<>();
        for (ImageIdentifier id : r.imageIds()) {
            ImageState image = find(repository, id);
            if (image == null) {
                failures.add(failure(id));
            } else {
                image.pulledAt = context.now();
                found.add(image(repository, image, id.imageTag()));
            }
        }
        return BatchGetImageResponse.builder().images(found).failures(failures).build();
    }

    BatchDeleteImageResponse delete(RepositoryState repository, BatchDeleteImageRequest r) {
        check(r.imageIds(), true);
        List<ImageIdentifier> deleted = new ArrayList<>();
        List<ImageFailure> failures = new ArrayList<>();
        for (ImageIdentifier id : r.imageIds()) {
            ImageState image = find(repository, id);
            if (image == null) {
                failures.add(failure(id));
                continue;
            }
            image.tags.remove(String.valueOf(id.imageTag()));
            // By its tag an image goes only with the last one.
            if (id.imageTag() == null || image.tags.isEmpty()) {
                repository.images.remove(image.digest);
            }
            deleted.add(id.toBuilder().imageDigest(image.digest).build());
        }
        return BatchDeleteImageResponse.builder()
                .imageIds(deleted)
                .failures(failures)
                .build();
    }

    /** Refuses the whole request if one of the images is missing. */
    DescribeImagesResponse describe(RepositoryState repository, DescribeImagesRequest r) {
        check(r.imageIds(), false);
        List<ImageState> wanted = new ArrayList<>();
        for (ImageIdentifier id : r.imageIds()) {
            ImageState image = find(repository, id);
            if (image == null) {
                throw EcrErrors.error(
                        ImageNotFoundException.builder(),
                        "ImageNotFoundException",
                        "The image with imageId {imageDigest:'"
                                + Objects.requireNonNullElse(id.imageDigest(), "null") + "', imageTag:'"
                                + Objects.requireNonNullElse(id.imageTag(), "null")
                                + "'} does not exist within the repository with name '" + name(repository)
                                + "' in the registry with id '" + context.account() + "'");
            }
            if (!wanted.contains(image)) {
                wanted.add(image);
            }
        }
        List<ImageState> all = r.imageIds().isEmpty() ? List.copyOf(repository.images.values()) : wanted;
        TwinContext.Page<ImageState> page = context.page(
                all,
                r.nextToken(),
                r.imageIds().isEmpty() ? 1000 : 100,
                Objects.requireNonNullElse(r.maxResults(), 100));
        return DescribeImagesResponse.builder()
                .imageDetails(
                        page.items().stream().map(i -> detail(repository, i)).toList())
                .nextToken(page.next())
                .build();
    }

    ListImagesResponse list(RepositoryState repository, ListImagesRequest r) {
        List<ImageIdentifier> ids = repository.images.values().stream()
                .flatMap(i -> i.tags.isEmpty()
                        ? Stream.of(
                                ImageIdentifier.builder().imageDigest(i.digest).build())
                        : i.tags.stream()
                                .map(t -> ImageIdentifier.builder()
                                        .imageDigest(i.digest)
                                        .imageTag(t)
                                        .build()))
                .toList();
        TwinContext.Page<ImageIdentifier> page =
                context.page(ids, r.nextToken(), 1000, Objects.requireNonNullElse(r.maxResults(), 100));
        return ListImagesResponse.builder()
                .imageIds(page.items())
                .nextToken(page.next())
                .build();
    }

    private static void check(List<ImageIdentifier> ids, boolean needed) {
        if (ids.size() > 100 || (needed && ids.isEmpty())) {
            throw EcrErrors.invalid("imageIds", "must have length between 1 and 100");
        }
        if (ids.stream().anyMatch(id -> id.imageDigest() == null && id.imageTag() == null)) {
            throw EcrErrors.invalid("imageIds", "imageDigest and imageTag cannot both be null");
        }
    }

    private static ImageFailure failure(ImageIdentifier id) {
        return ImageFailure.builder()
                .imageId(id)
                .failureCode(ImageFailureCode.IMAGE_NOT_FOUND)
                .failureReason("Requested image not found")
                .build();
    }

    private static @Nullable ImageState find(RepositoryState repository, ImageIdentifier id) {
        ImageState byTag = byTag(repository, id.imageTag());
        if (id.imageDigest() == null) {
            return byTag;
        }
        ImageState byDigest = repository.images.get(id.imageDigest());
        return id.imageTag() == null || byDigest == byTag ? byDigest : null;
    }

    private static @Nullable ImageState byTag(RepositoryState repository, @Nullable String tag) {
        return tag == null
                ? null
                : repository.images.values().stream()
                        .filter(i -> i.tags.contains(tag))
                        .findFirst()
                        .orElse(null);
    }

    private Image image(RepositoryState repository, ImageState image, @Nullable String tag) {
        return Image.builder()
                .registryId(context.account())
                .repositoryName(name(repository))
                .imageId(ImageIdentifier.builder()
                        .imageDigest(image.digest)
                        .imageTag(tag)
                        .build())
                .imageManifest(image.manifest)
                .imageManifestMediaType(image.mediaType)
                .build();
    }

    private ImageDetail detail(RepositoryState repository, ImageState image) {
        return ImageDetail.builder()
                .registryId(context.account())
                .repositoryName(name(repository))
                .imageDigest(image.digest)
                .imageTags(image.tags)
                .imageSizeInBytes((long) image.manifest.length())
                .imagePushedAt(image.pushedAt)
                .imageManifestMediaType(image.mediaType)
                .artifactMediaType("application/vnd.docker.container.image.v1+json")
                .lastRecordedPullTime(image.pulledAt)
                .build();
    }

    private static String name(RepositoryState repository) {
        return repository.shown.repositoryName();
    }
}
