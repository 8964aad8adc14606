package dev.holdfast.engine;

import dev.holdfast.aws.Fork;
import dev.holdfast.aws.ImageName;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the digests of the images of a stack beside its resources. Used by one thread. */
final class DigestReads {
    private final ImageDigests images;
    private final MergeQueue queue;
    private final Fork fork;
    private final Runnable changed;
    private int open;

    /** @param changed told when a plan may come out otherwise */
    DigestReads(SessionContext context, MergeQueue queue, Runnable changed) {
        this.fork = context.engine().fork();
        this.images = new ImageDigests(context.clients(), fork);
        this.queue = queue;
        this.changed = changed;
    }

    ImageDigests.@Nullable DigestAnswer of(ImageName image) {
        return images.of(image);
    }

    /** Whether digests that no plan has used yet are being read. */
    boolean areOpen() {
        return open > 0;
    }

    void beginPass() {
        images.beginPass();
    }

    /** A tag may mean another image now. */
    void readAgain() {
        images.beginPass();
        changed.run();
    }

    /** Those that could not be resolved are read again with the next plan. */
    void retry() {
        images.beginLook();
    }

    /** Begins to read what these resources need and nobody knows yet. */
    void begin(Collection<ManagedResource<?>> managed) {
        Set<ImageName> unread = images.toRead(
                managed.stream().flatMap(r -> r.images().wanted().stream()).collect(Collectors.toSet()));
        if (unread.isEmpty()) {
            return;
        }
        open++;
        queue.begin(
                fork,
                () -> {
                    Map<ImageName, ImageDigests.DigestAnswer> answers = images.read(unread);
                    return () -> merge(unread, answers);
                },
                () -> merge(unread, Map.of()));
    }

    private void merge(Set<ImageName> asked, Map<ImageName, ImageDigests.DigestAnswer> answers) {
        open--;
        images.merge(asked, answers);
        changed.run();
    }
}
