package dev.holdfast.twin.ecr;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An image: its manifest, and the tags that point to it at present. */
final class ImageState {
    final String digest;
    final String manifest;
    final String mediaType;
    final Instant pushedAt;
    final Set<String> tags = new TreeSet<>();

    @Nullable
    Instant pulledAt;

    ImageState(String digest, String manifest, String mediaType, Instant pushedAt) {
        this.digest = digest;
        this.manifest = manifest;
        this.mediaType = mediaType;
        this.pushedAt = pushedAt;
    }
}
