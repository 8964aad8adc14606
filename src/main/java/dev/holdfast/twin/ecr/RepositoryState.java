package dev.holdfast.twin.ecr;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.model.Repository;

/** A repository with what is kept about it apart, and its images by digest, oldest first. */
final class RepositoryState {
    Repository shown;
    final Map<String, String> tags = new TreeMap<>();
    final Map<String, ImageState> images = new LinkedHashMap<>();

    @Nullable
    String lifecyclePolicy;

    @Nullable
    String policy;

    RepositoryState(Repository shown) {
        this.shown = shown;
    }
}
