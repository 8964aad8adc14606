package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.ResourceId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.Tag;

/**
 * Finds objects that belong to the same stack of another installation. A plan under a wrong installation name would
 * create everything again.
 */
public final class OtherInstallations {
    private static final int LARGEST_PAGE = 100;

    private OtherInstallations() {}

    /**
     * @param resources of the stack that seem not to exist
     * @return the resources among them that exist, by the installation to which they belong
     * @throws software.amazon.awssdk.core.exception.SdkException if the tagging API cannot be read
     */
    public static Map<String, Set<ResourceId>> find(Clients clients, StackRef stack, Set<ResourceId> resources) {
        Map<String, Set<ResourceId>> found = new TreeMap<>();
        clients.client(ResourceGroupsTaggingApiClient.class)
                .getResourcesPaginator(r -> r.resourcesPerPage(LARGEST_PAGE).tagFilters(f -> f.key(StackRef.STACK_TAG)))
                .resourceTagMappingList()
                .forEach(mapping -> {
                    Map<String, String> tags = mapping.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
                    String owner = tags.getOrDefault(StackRef.STACK_TAG, "");
                    String name = tags.getOrDefault(StackRef.RESOURCE_TAG, "");
                    int slash = owner.lastIndexOf('/');
                    if (slash > 0
                            && owner.substring(slash + 1).equals(stack.stack())
                            && !owner.equals(stack.owner())
                            && resources.stream().anyMatch(id -> id.toString().equals(name))) {
                        found.computeIfAbsent(owner.substring(0, slash), i -> new TreeSet<>())
                                .add(ResourceId.parse(name));
                    }
                });
        return found;
    }
}
