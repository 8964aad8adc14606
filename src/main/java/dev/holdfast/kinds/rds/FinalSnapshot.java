package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Observed;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The name of the snapshot that a deletion makes. It is the deleted resource's own, so that a second attempt finds what the
 * first one has made: it waits for that snapshot, or makes another one with what was written since.
 */
final class FinalSnapshot {
    /** A snapshot that there is. */
    record Made(String name, String status) {}

    private FinalSnapshot() {}

    /** @return null: the snapshot of an earlier attempt is not finished */
    static @Nullable String next(Observed<?> observed, Stream<Made> snapshots) {
        String name = observed.physicalId() + "-final-" + suffix(observed);
        List<Made> made = snapshots.filter(s -> s.name().startsWith(name)).toList();
        if (made.stream().anyMatch(s -> "creating".equals(s.status()))) {
            return null;
        }
        return made.isEmpty() ? name : name + "-" + (made.size() + 1);
    }

    /** Of an id that no other resource ever has. */
    private static String suffix(Observed<?> observed) {
        String id = String.valueOf(observed.known().outputs().get("resourceId")).toLowerCase(Locale.ROOT);
        return id.substring(Math.max(0, id.length() - 8));
    }
}
