package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.store.Identifiers;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * Snapshots of databases of one type, and automated backups that remain after their database is deleted.
 *
 * @param <K> the automated backup
 */
abstract class Snapshots<
        T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>, K extends SdkPojo> {
    private static final int PAGE = 100;

    final TwinContext context;
    final ResourceStore<T, B> store;
    private final List<K> retained = new ArrayList<>();

    Snapshots(TwinContext context, ResourceStore<T, B> store) {
        this.context = context;
        this.store = store.pages(PAGE).tagRules(TwinRds.TAG_RULES).showsTags();
    }

    /** Returns the name as RDS writes it, or throws if a snapshot with this name exists. */
    String free(@Nullable String asked, String code) {
        String name = String.valueOf(asked).toLowerCase(Locale.ROOT);
        if (store.has(name)) {
            throw refused(
                    code,
                    "Cannot create the snapshot because a snapshot with the identifier " + name + " already exists.");
        }
        return name;
    }

    T seen(@Nullable String name) {
        return store.seen(String.valueOf(name).toLowerCase(Locale.ROOT)).shape();
    }

    void retain(K backup) {
        retained.add(backup);
    }

    List<K> retained() {
        return List.copyOf(retained);
    }

    /** @param name null selects all snapshots */
    Stream<T> selected(@Nullable String name) {
        return store.visible(Identifiers.selected(name));
    }

    <R extends SdkPojo & SdkBuilder<R, A>, A> A pageOfBackups(SdkPojo request, R response, Predicate<K> wanted) {
        return context.page(request, response, retained.stream().filter(wanted).toList(), PAGE);
    }
}
