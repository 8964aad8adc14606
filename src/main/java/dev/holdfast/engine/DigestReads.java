package dev.holdfast.engine;

import dev.holdfast.aws.Fork;
import dev.holdfast.aws.ImageName;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the digests of a stack's images in parallel to its resources. Used by one thread. */
final class DigestReads {
    private final ImageDigests images;
    private final MergeQueue queue;
    private final Fork fork;
    private final Runnable changed;
    private int open;

    /** @param changed called when a new answer may change the plan */
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

    /** Reads all digests again, because a tag may stand for another image now. */
    void readAgain() {
        images.beginPass();
        changed.run();
    }

    /** Has the digests that could not be resolved read again with the next plan. */
    void retry() {
        images.beginLook();
    }

    /** Begins to read the digests that these resources need and that are not known yet. */
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
