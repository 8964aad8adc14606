package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.kind.StackRef;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.Tag;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter;

/**
 * What the tagging API says is ours, read once for each resource type and round.
 *
 * @see <a href="https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html">GetResources</a>
 */
final class TagIndex {
    /** What one page holds at most. */
    private static final int PAGE = 100;

    private final Map<String, Map<String, Map<String, String>>> byType = new ConcurrentHashMap<>();

    /** Tags by ARN. */
    Map<String, Map<String, String>> read(Clients clients, StackRef stack, String resourceType) {
        String key = clients.region() + "|" + resourceType;
        Map<String, Map<String, String>> known = byType.get(key);
        if (known == null) {
            known = clients
                    .client(ResourceGroupsTaggingApiClient.class)
                    .getResourcesPaginator(r -> r.resourcesPerPage(PAGE)
                            .resourceTypeFilters(resourceType)
                            .tagFilters(List.of(TagFilter.builder().key(StackRef.STACK_TAG).values(stack.owner()).build())))
                    .resourceTagMappingList()
                    .stream()
                    .collect(Collectors.toMap(
                            m -> m.resourceARN(),
                            m -> m.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)),
                            (a, b) -> b));
            byType.put(key, known);
        }
        return known;
    }
}
