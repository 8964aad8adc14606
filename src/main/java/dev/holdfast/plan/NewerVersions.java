package dev.holdfast.plan;

import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.VersionPrefix;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Observed versions that are newer than the desired ones, because AWS or another principal has upgraded the software.
 * AWS refuses every older version.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html">Upgrading of
 *     engines, which cannot be undone</a>
 */
final class NewerVersions {
    /** The version fields of each spec. Each pass compares every resource, so that they are found once. */
    private static final ClassValue<List<Field>> VERSIONS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> spec) {
            return SpecModel.of(spec).fields().stream()
                    .filter(field -> field.has(VersionPrefix.class))
                    .toList();
        }
    };

    private NewerVersions() {}

    /** The components that are not written: versions older than the observed ones, and the values that fit only those. */
    static Set<String> keep(Record desired, Record observed) {
        Set<String> kept = new TreeSet<>();
        for (Field field : VERSIONS.get(desired.getClass())) {
            VersionPrefix version = Objects.requireNonNull(field.get(VersionPrefix.class));
            String want = text(field, desired);
            String have = text(field, observed);
            if (isNewer(field, desired, observed)
                    && !SpecValues.isVersionOf(String.valueOf(have), String.valueOf(want), version.major())) {
                kept.add(field.name());
                kept.addAll(List.of(version.fits()));
            }
        }
        return kept;
    }

    /**
     * The newer version in words, for people; null if there is none.
     *
     * @param ignored JSON pointers that are not compared
     */
    static @Nullable String message(Record desired, Record observed, Set<String> ignored) {
        return VERSIONS.get(desired.getClass()).stream()
                .filter(field -> !ignored.contains("/" + field.name()) && isNewer(field, desired, observed))
                .map(field -> "AWS has " + field.name() + " " + text(field, observed) + ", and the documents desire the"
                        + " older " + text(field, desired)
                        + ": it is not requested, because AWS refuses older versions;"
                        + " set " + field.name() + " to the version in AWS or to a newer one")
                .findFirst()
                .orElse(null);
    }

    private static boolean isNewer(Field field, Record desired, Record observed) {
        String want = text(field, desired);
        String have = text(field, observed);
        String of = Objects.requireNonNull(field.get(VersionPrefix.class)).of();
        Field software = SpecModel.of(desired.getClass()).field(of).orElseThrow();
        Object engine = software.read(desired);
        boolean same = engine == null || engine.equals(software.read(observed));
        return want != null && have != null && same && SpecValues.isNewer(have, want);
    }

    private static @Nullable String text(Field field, Record spec) {
        return (String) field.read(spec);
    }
}
