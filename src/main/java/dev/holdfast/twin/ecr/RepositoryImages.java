package dev.holdfast.twin.ecr;

import static dev.holdfast.twin.store.TwinErrors.named;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.EventSink;
import dev.holdfast.twin.store.Paging;
import dev.holdfast.twin.store.TwinContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.model.*;

/**
 * The images of repositories. The twin stores no layers and accepts any manifest.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html">PutImage</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html">DescribeImages</a>
 */
final class RepositoryImages {
    private static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";

    private final TwinContext context;
    private final Map<String, Map<String, ImageState>> byRepository = new HashMap<>();

    RepositoryImages(TwinContext context) {
        this.context = context;
    }

    /** The images of a repository by digest, the oldest first. */
    Map<String, ImageState> of(String repository) {
        return byRepository.computeIfAbsent(repository, name -> new LinkedHashMap<>());
    }

    /** The state of a repository's images, for the inventory. */
    String detail(String repository) {
        return of(repository).values().stream()
                .map(i -> i.digest + i.tags)
                .toList()
                .toString();
    }

    PutImageResponse put(Repository repository, PutImageRequest r) {
        String manifest = Objects.requireNonNullElse(r.imageManifest(), "");
        if (manifest.isEmpty()) {
            throw TwinEcr.invalid("imageManifest", "must not be empty");
        }
        String digest = digest(manifest);
        if (r.imageDigest() != null && !r.imageDigest().equals(digest)) {
            throw named(
                    ImageDigestDoesNotMatchException.builder(),
                    "The specified image digest does not match the digest that Amazon ECR calculated for the image.");
        }
        ImageState tagged = byTag(repository, r.imageTag());
        ImageState there = of(repository.repositoryName()).get(digest);
        if (there != null && (r.imageTag() == null || there == tagged)) {
            throw named(
                    ImageAlreadyExistsException.builder(),
                    "Image with digest '" + digest + "' and tag '" + r.imageTag()
                            + "' already exists in the repository with name '" + repository.repositoryName()
                            + "' in registry with id '" + context.account() + "'");
        }
        if (tagged != null && immutable(repository, r.imageTag())) {
            throw named(
                    ImageTagAlreadyExistsException.builder(),
                    "The image tag '" + r.imageTag() + "' already exists in the '" + repository.repositoryName()
                            + "' repository and cannot be overwritten because the tag is immutable.");
        }
        ImageState image = there == null
                ? new ImageState(
                        digest, manifest, Objects.requireNonNullElse(r.imageManifestMediaType(), DOCKER), context.now())
                : there;
        of(repository.repositoryName()).put(digest, image);
        if (r.imageTag() != null) {
            of(repository.repositoryName()).values().forEach(i -> i.tags.remove(r.imageTag()));
            image.tags.add(r.imageTag());
        }
        sendEvent(repository, digest, r.imageTag());
        return PutImageResponse.builder()
                .image(image(repository, image, r.imageTag()))
                .build();
    }

    /** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
    private void sendEvent(Repository repository, String digest, @Nullable String tag) {
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("result", "SUCCESS")
                .put("repository-name", repository.repositoryName())
                .put("image-digest", digest)
                .put("action-type", "PUSH");
        if (tag != null) {
            detail.put("image-tag", tag);
        }
        context.peer(EventSink.class)
                .send(new EventSink.ServiceEvent("aws.ecr", "ECR Image Action", context.now(), List.of(), detail));
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
        return "sha256:" + Contents.sha256Hex(manifest.getBytes(StandardCharsets.UTF_8));
    }

    /** The call counts as a pull of the images. */
    BatchGetImageResponse get(Repository repository, BatchGetImageRequest r) {
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

    BatchDeleteImageResponse delete(Repository repository, BatchDeleteImageRequest r) {
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
            // A deletion by tag deletes the image only if the tag was its last one.
            if (id.imageTag() == null || image.tags.isEmpty()) {
                of(repository.repositoryName()).remove(image.digest);
            }
            deleted.add(id.toBuilder().imageDigest(image.digest).build());
        }
        return BatchDeleteImageResponse.builder()
                .imageIds(deleted)
                .failures(failures)
                .build();
    }

    /** Refuses the whole request if one of the images is missing. */
    DescribeImagesResponse describe(Repository repository, DescribeImagesRequest r) {
        check(r.imageIds(), false);
        List<ImageState> wanted = new ArrayList<>();
        for (ImageIdentifier id : r.imageIds()) {
            ImageState image = find(repository, id);
            if (image == null) {
                throw named(
                        ImageNotFoundException.builder(),
                        "The image with imageId {imageDigest:'"
                                + Objects.requireNonNullElse(id.imageDigest(), "null") + "', imageTag:'"
                                + Objects.requireNonNullElse(id.imageTag(), "null")
                                + "'} does not exist within the repository with name '" + repository.repositoryName()
                                + "' in the registry with id '" + context.account() + "'");
            }
            if (!wanted.contains(image)) {
                wanted.add(image);
            }
        }
        List<ImageState> all = r.imageIds().isEmpty()
                ? List.copyOf(of(repository.repositoryName()).values())
                : wanted;
        Paging.Page<ImageState> page = context.slice(r, all, r.imageIds().isEmpty() ? 1000 : 100, 100);
        return DescribeImagesResponse.builder()
                .imageDetails(
                        page.items().stream().map(i -> detail(repository, i)).toList())
                .nextToken(page.next())
                .build();
    }

    ListImagesResponse list(Repository repository, ListImagesRequest r) {
        List<ImageIdentifier> ids = of(repository.repositoryName()).values().stream()
                .flatMap(i -> i.tags.isEmpty()
                        ? Stream.of(
                                ImageIdentifier.builder().imageDigest(i.digest).build())
                        : i.tags.stream()
                                .map(t -> ImageIdentifier.builder()
                                        .imageDigest(i.digest)
                                        .imageTag(t)
                                        .build()))
                .toList();
        return context.page(r, ListImagesResponse.builder(), ids, 1000, 100);
    }

    private static void check(List<ImageIdentifier> ids, boolean needed) {
        if (ids.size() > 100 || (needed && ids.isEmpty())) {
            throw TwinEcr.invalid("imageIds", "must have length between 1 and 100");
        }
        if (ids.stream().anyMatch(id -> id.imageDigest() == null && id.imageTag() == null)) {
            throw TwinEcr.invalid("imageIds", "imageDigest and imageTag cannot both be null");
        }
    }

    private static ImageFailure failure(ImageIdentifier id) {
        return ImageFailure.builder()
                .imageId(id)
                .failureCode(ImageFailureCode.IMAGE_NOT_FOUND)
                .failureReason("Requested image not found")
                .build();
    }

    private @Nullable ImageState find(Repository repository, ImageIdentifier id) {
        ImageState byTag = byTag(repository, id.imageTag());
        if (id.imageDigest() == null) {
            return byTag;
        }
        ImageState byDigest = of(repository.repositoryName()).get(id.imageDigest());
        return id.imageTag() == null || byDigest == byTag ? byDigest : null;
    }

    private @Nullable ImageState byTag(Repository repository, @Nullable String tag) {
        return tag == null
                ? null
                : of(repository.repositoryName()).values().stream()
                        .filter(i -> i.tags.contains(tag))
                        .findFirst()
                        .orElse(null);
    }

    private Image image(Repository repository, ImageState image, @Nullable String tag) {
        return Image.builder()
                .registryId(context.account())
                .repositoryName(repository.repositoryName())
                .imageId(ImageIdentifier.builder()
                        .imageDigest(image.digest)
                        .imageTag(tag)
                        .build())
                .imageManifest(image.manifest)
                .imageManifestMediaType(image.mediaType)
                .build();
    }

    private ImageDetail detail(Repository repository, ImageState image) {
        return ImageDetail.builder()
                .registryId(context.account())
                .repositoryName(repository.repositoryName())
                .imageDigest(image.digest)
                .imageTags(image.tags)
                .imageSizeInBytes((long) image.manifest.length())
                .imagePushedAt(image.pushedAt)
                .imageManifestMediaType(image.mediaType)
                .artifactMediaType("application/vnd.docker.container.image.v1+json")
                .lastRecordedPullTime(image.pulledAt)
                .build();
    }
}
