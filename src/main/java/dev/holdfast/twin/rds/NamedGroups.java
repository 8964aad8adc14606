package dev.holdfast.twin.rds;

import dev.holdfast.twin.store.ResourceStore;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/** The groups of one type: each has a name, which RDS writes in lower case, and none goes while an instance uses it. */
final class NamedGroups<T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>> {
    private static final int PAGE = 100;

    private final ResourceStore<T, B> store;
    private final Function<String, AwsServiceException> exists;
    private final Function<String, AwsServiceException> inUse;

    NamedGroups(
            ResourceStore<T, B> store,
            Function<String, AwsServiceException> exists,
            Function<String, AwsServiceException> inUse) {
        this.store = store.pages(PAGE).tagRules(TwinRds.TAG_RULES);
        this.exists = exists;
        this.inUse = inUse;
    }

    /** The name as RDS writes it, if no group has it. */
    String free(String asked) {
        String name = asked.toLowerCase(Locale.ROOT);
        if (store.has(name)) {
            throw exists.apply(name);
        }
        return name;
    }

    <R extends SdkPojo & SdkBuilder<R, A>, A> A page(SdkPojo request, R response, @Nullable String name) {
        List<String> names = name == null ? List.of() : List.of(name.toLowerCase(Locale.ROOT));
        return store.page(request, response, store.visible(names, List.of()));
    }

    void delete(String asked, Predicate<String> used) {
        String name = store.seen(asked).id();
        if (used.test(name)) {
            throw inUse.apply(name);
        }
        store.delete(name);
    }
}
