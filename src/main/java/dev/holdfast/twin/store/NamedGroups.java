package dev.holdfast.twin.store;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * The groups of one type for databases or caches. Each has a name, which AWS converts to lower case. A group that is in
 * use cannot be deleted.
 */
public final class NamedGroups<T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>> {
    private final ResourceStore<T, B> store;
    private final Function<String, AwsServiceException> exists;
    private final Function<String, AwsServiceException> inUse;

    public NamedGroups(
            ResourceStore<T, B> store,
            Function<String, AwsServiceException> exists,
            Function<String, AwsServiceException> inUse) {
        this.store = store;
        this.exists = exists;
        this.inUse = inUse;
    }

    /** Returns the name as AWS writes it, or throws if a group with this name exists. */
    public String free(String asked) {
        String name = Identifiers.lower(asked);
        if (store.has(name)) {
            throw exists.apply(name);
        }
        return name;
    }

    public <R extends SdkPojo & SdkBuilder<R, A>, A> A page(SdkPojo request, R response, @Nullable String name) {
        return store.page(request, response, store.visible(Identifiers.selected(name)));
    }

    public void delete(String asked, Predicate<String> used) {
        String name = store.seen(asked).id();
        if (used.test(name)) {
            throw inUse.apply(name);
        }
        store.delete(name);
    }
}
