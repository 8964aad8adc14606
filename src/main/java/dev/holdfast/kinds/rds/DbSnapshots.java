package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Observed;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of instances and of clusters. A deletion takes a final snapshot, whose name begins with the name of the
 * deleted resource. So a second attempt finds the snapshot of the first attempt. The second attempt waits while RDS
 * creates that snapshot, and otherwise takes another snapshot with the data written since.
 */
final class DbSnapshots {
    private static final int NAMED = 3;

    /** An existing snapshot. */
    record Made(String name, String status, @Nullable Instant at) {}

    private DbSnapshots() {}

    /** @param call accepts the name of the final snapshot; null: the applied spec wants no final snapshot */
    static <S extends Record> void delete(
            Observed<S> observed,
            Function<S, @Nullable Boolean> wanted,
            Supplier<Stream<Made>> snapshots,
            Consumer<@Nullable String> call) {
        S applied = observed.applied();
        boolean skip = applied != null && Boolean.FALSE.equals(wanted.apply(applied));
        String name = skip ? null : next(observed, snapshots.get());
        if (skip || name != null) {
            call.accept(name);
        }
    }

    /** @return the name of the next snapshot; null while RDS still creates the snapshot of an earlier attempt */
    private static @Nullable String next(Observed<?> observed, Stream<Made> snapshots) {
        String name = observed.physicalId() + "-final-" + suffix(observed);
        List<Made> made = snapshots.filter(s -> s.name().startsWith(name)).toList();
        if (made.stream().anyMatch(s -> "creating".equals(s.status()))) {
            return null;
        }
        return made.isEmpty() ? name : name + "-" + (made.size() + 1);
    }

    /** The end of the resource id, which RDS never gives to another resource. */
    private static String suffix(Observed<?> observed) {
        String id = String.valueOf(observed.known().outputs().get("resourceId")).toLowerCase(Locale.ROOT);
        return id.substring(Math.max(0, id.length() - 8));
    }

    /** The newest snapshots in words, the newest first, and then the automated backups, which have the given ids. */
    static List<String> remains(Stream<Made> snapshots, String restoringField, Stream<String> backups) {
        return Stream.concat(
                        snapshots
                                .filter(s -> s.at() != null)
                                .sorted(Comparator.comparing(Made::at).reversed())
                                .limit(NAMED)
                                .map(s -> "the snapshot " + s.name() + " of " + s.at() + ", which " + restoringField
                                        + " restores"),
                        backups.map(id -> "automated backups of " + id))
                .toList();
    }
}
