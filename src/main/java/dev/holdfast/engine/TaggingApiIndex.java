package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Fork;
import dev.holdfast.aws.RequestChain;
import dev.holdfast.kind.StackRef;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.Tag;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter;

/**
 * The objects that are ours according to the tagging API, read once for each resource type and observation.
 *
 * @see <a href="https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html">GetResources</a>
 */
final class TaggingApiIndex {
    /** The largest page. */
    private static final int PAGE = 100;

    /**
     * Tags, or a failure.
     *
     * @param chain of requests that led to it
     */
    record TagAnswer(
            @Nullable Map<String, Map<String, String>> tags,
            @Nullable SdkException failure,
            int chain) {}

    private final Fork fork;
    private final Map<String, CompletableFuture<TagAnswer>> answers = new ConcurrentHashMap<>();

    TaggingApiIndex(Fork fork) {
        this.fork = fork;
    }

    /**
     * Tags by ARN.
     *
     * @throws SdkException as the one read of this round did
     */
    Map<String, Map<String, String>> read(Clients clients, StackRef stack, String resourceType) {
        TagAnswer answer = answer(clients, stack, resourceType);
        RequestChain.follow(answer.chain());
        if (answer.tags() == null) {
            throw Objects.requireNonNull(answer.failure());
        }
        return answer.tags();
    }

    /** Many resources ask at the start of a round: one of them reads, the rest wait for its answer. */
    TagAnswer answer(Clients clients, StackRef stack, String resourceType) {
        CompletableFuture<TagAnswer> own = new CompletableFuture<>();
        CompletableFuture<TagAnswer> first = answers.putIfAbsent(clients.region() + "|" + resourceType, own);
        if (first != null) {
            return fork.waiting(first::join);
        }
        try {
            own.complete(ask(clients, stack.owner(), resourceType));
        } finally {
            // Nobody waits for ever for a read that ended in another way.
            own.cancel(false);
        }
        return own.join();
    }

    private static TagAnswer ask(Clients clients, String owner, String resourceType) {
        try {
            return new TagAnswer(readAll(clients, owner, resourceType), null, RequestChain.current());
        } catch (SdkException e) {
            return new TagAnswer(null, e, RequestChain.current());
        }
    }

    private static Map<String, Map<String, String>> readAll(Clients clients, String owner, String resourceType) {
        return clients
                .client(ResourceGroupsTaggingApiClient.class)
                .getResourcesPaginator(r -> r.resourcesPerPage(PAGE)
                        .resourceTypeFilters(resourceType)
                        .tagFilters(TagFilter.builder()
                                .key(StackRef.STACK_TAG)
                                .values(owner)
                                .build()))
                .resourceTagMappingList()
                .stream()
                .collect(Collectors.toMap(
                        m -> m.resourceARN(),
                        m -> m.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)),
                        (a, b) -> b));
    }
}
