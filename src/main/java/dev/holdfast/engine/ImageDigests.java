package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Faults;
import dev.holdfast.aws.Fork;
import dev.holdfast.aws.ImageName;
import dev.holdfast.model.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageNotFoundException;

/**
 * The digests that image tags stand for, read once per pass with one request per repository. A tag that cannot be
 * resolved is a failure; its former digest is never used. One thread changes the digests.
 *
 * <p>The digests are read by DescribeImages. BatchGetImage tolerates missing images, but it sends whole manifests and
 * counts as a pull. Lifecycle policies that count from the last pull would then never expire an image.
 */
final class ImageDigests {
    /** The maximum number of images in one DescribeImages request. */
    private static final int BATCH = 100;

    /** The digest of a tag, or why it cannot be resolved. */
    sealed interface DigestAnswer {
        record Digest(String digest) implements DigestAnswer {}

        record Unresolvable(Fault fault) implements DigestAnswer {}
    }

    private record ImageRepository(String registry, String region, String name) {
        static ImageRepository of(ImageName image) {
            return new ImageRepository(image.registry(), image.region(), image.repository());
        }
    }

    private final Clients clients;
    private final Fork fork;
    private final Map<ImageName, DigestAnswer> answers = new HashMap<>();
    private final Set<ImageName> stale = new HashSet<>();
    private final Set<ImageName> reading = new HashSet<>();

    ImageDigests(Clients clients, Fork fork) {
        this.clients = clients;
        this.fork = fork;
    }

    /** @return null if the digest was never read */
    @Nullable
    DigestAnswer of(ImageName image) {
        return answers.get(image);
    }

    /** A full pass reads all digests again. */
    void beginPass() {
        stale.addAll(answers.keySet());
    }

    /** A light pass reads only the digests that could not be resolved. */
    void beginLook() {
        answers.forEach((image, answer) -> {
            if (answer instanceof DigestAnswer.Unresolvable) {
                stale.add(image);
            }
        });
    }

    /**
     * The wanted images that have to be read now and are not being read yet. Forgets all images that are not wanted.
     */
    Set<ImageName> toRead(Collection<ImageName> wanted) {
        answers.keySet().retainAll(wanted);
        stale.retainAll(wanted);
        Set<ImageName> open = new HashSet<>(wanted);
        open.removeIf(image -> reading.contains(image) || (answers.containsKey(image) && !stale.contains(image)));
        reading.addAll(open);
        return open;
    }

    /** Reads the digests from ECR. Any thread may call this method. */
    Map<ImageName, DigestAnswer> read(Collection<ImageName> images) {
        Map<ImageRepository, List<String>> open = images.stream()
                .collect(Collectors.groupingBy(
                        ImageRepository::of, Collectors.mapping(ImageName::tag, Collectors.toList())));
        Map<ImageRepository, Map<String, DigestAnswer>> read = new ConcurrentHashMap<>();
        fork.all(open.entrySet(), e -> read.put(e.getKey(), resolve(e.getKey(), e.getValue())) == null);
        Map<ImageName, DigestAnswer> found = new HashMap<>();
        for (ImageName image : images) {
            Map<String, DigestAnswer> ofRepository = read.get(ImageRepository.of(image));
            DigestAnswer answer = ofRepository == null ? null : ofRepository.get(image.tag());
            if (answer != null) {
                found.put(image, answer);
            }
        }
        return found;
    }

    /** @param asked the images for which digests were requested */
    void merge(Collection<ImageName> asked, Map<ImageName, DigestAnswer> found) {
        reading.removeAll(asked);
        stale.removeAll(found.keySet());
        answers.putAll(found);
    }

    private Map<String, DigestAnswer> resolve(ImageRepository repository, List<String> tags) {
        Map<String, DigestAnswer> all = new TreeMap<>();
        tags.stream()
                .distinct()
                .sorted()
                .gather(Gatherers.windowFixed(BATCH))
                .forEach(some -> all.putAll(ask(repository, some)));
        return all;
    }

    /** ECR rejects the whole request if one image is missing. Then each image is read by a request of its own. */
    private Map<String, DigestAnswer> ask(ImageRepository repository, List<String> tags) {
        Map<String, DigestAnswer> all = new TreeMap<>();
        try {
            Map<String, String> digests = describe(repository, tags);
            tags.forEach(tag -> all.put(tag, answer(repository, tag, digests.get(tag))));
        } catch (ImageNotFoundException e) {
            if (tags.size() > 1) {
                tags.forEach(tag -> all.putAll(ask(repository, List.of(tag))));
            } else {
                all.put(tags.getFirst(), new DigestAnswer.Unresolvable(Faults.classify(e, List.of())));
            }
        } catch (RuntimeException e) {
            // Any failure makes these images unresolvable and stops nothing else.
            Fault fault = Faults.classify(e, List.of());
            tags.forEach(tag -> all.put(tag, new DigestAnswer.Unresolvable(fault)));
        }
        return all;
    }

    private Map<String, String> describe(ImageRepository repository, List<String> tags) {
        List<ImageIdentifier> ids = tags.stream()
                .map(tag -> ImageIdentifier.builder().imageTag(tag).build())
                .toList();
        List<ImageDetail> details = new ArrayList<>();
        clients.in(repository.region())
                .client(EcrClient.class)
                .describeImagesPaginator(r -> r.registryId(repository.registry())
                        .repositoryName(repository.name())
                        .imageIds(ids))
                .forEach(page -> details.addAll(page.imageDetails()));
        Map<String, String> digests = new TreeMap<>();
        details.forEach(d -> d.imageTags().forEach(tag -> digests.put(tag, d.imageDigest())));
        return digests;
    }

    /** A tag that moved between request and answer is in none of the details; the next read resolves it. */
    private static DigestAnswer answer(ImageRepository repository, String tag, @Nullable String digest) {
        return digest != null
                ? new DigestAnswer.Digest(digest)
                : new DigestAnswer.Unresolvable(new Fault(
                        Fault.Category.TRANSIENT,
                        "ImageNotDescribed",
                        "ECR returned no digest for the tag " + tag + " of " + repository.name(),
                        "ecr:DescribeImages",
                        null));
    }
}
