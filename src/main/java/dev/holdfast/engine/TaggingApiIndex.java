package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.kind.StackRef;
import java.util.Map;
import java.util.Objects;
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

    /** One of the two. */
    private record TagAnswer(
            @Nullable Map<String, Map<String, String>> tags,
            @Nullable SdkException failure) {}

    private final Map<String, TagAnswer> answers = new ConcurrentHashMap<>();

    /**
     * Tags by ARN.
     *
     * @throws SdkException as the one read of this round did
     */
    Map<String, Map<String, String>> read(Clients clients, StackRef stack, String resourceType) {
        // Many items ask at once at the start of a round: one of them reads, the rest wait for it.
        TagAnswer answer = answers.computeIfAbsent(
                clients.region() + "|" + resourceType, key -> ask(clients, stack.owner(), resourceType));
        if (answer.tags() == null) {
            throw Objects.requireNonNull(answer.failure());
        }
        return answer.tags();
    }

    private static TagAnswer ask(Clients clients, String owner, String resourceType) {
        try {
            return new TagAnswer(readAll(clients, owner, resourceType), null);
        } catch (SdkException e) {
            return new TagAnswer(null, e);
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
