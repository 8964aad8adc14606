package dev.holdfast.aws;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image in ECR that has a tag.
 *
 * @param host the host as written, so that the pinned name differs only in the digest
 * @param registry the account that owns the registry
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html">Private registries</a>
 */
public record ImageName(String host, String registry, String region, String repository, String tag) {
    private static final Pattern ECR = Pattern.compile("((\\d{12})\\.dkr[.-]ecr(?:-fips)?\\.([a-z0-9-]+)\\.[a-z0-9.-]+)"
            + "/([a-z0-9._/-]+)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?");

    /** @return null if the image is not in ECR, or has a digest */
    public static @Nullable ImageName parse(String image) {
        Matcher m = ECR.matcher(image);
        return m.matches()
                ? new ImageName(
                        m.group(1), m.group(2), m.group(3), m.group(4), m.group(5) == null ? "latest" : m.group(5))
                : null;
    }

    public static boolean hasDigest(String image) {
        return image.contains("@sha256:");
    }

    /** The name of the image with this digest in the same repository: a later change of the tag does not affect it. */
    public String at(String digest) {
        return host + "/" + repository + "@" + digest;
    }

    @Override
    public String toString() {
        return host + "/" + repository + ":" + tag;
    }
}
