package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Fork;
import dev.holdfast.aws.PartialAnswerException;
import dev.holdfast.aws.Partitions;
import dev.holdfast.aws.RequestChain;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.StackRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.ResourceTagMapping;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter;

/**
 * The objects that are ours according to the tagging API, each resource type read once in an observation.
 *
 * @see <a href="https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html">GetResources</a>
 */
final class TaggingApiIndex {
    /** The largest page that the API returns. */
    private static final int PAGE = 100;

    /** The maximum number of types in one request. */
    private static final int TYPES = 100;

    /**
     * The tags, or a failure.
     *
     * @param chain the length of the chain of requests that led to the answer
     */
    record TagAnswer(
            @Nullable Map<String, Map<String, String>> tags,
            @Nullable RuntimeException failure,
            int chain) {}

    private final Fork fork;
    private final @Nullable KeptTags kept;
    private final long changes;
    private final Map<String, CompletableFuture<TagAnswer>> answers = new ConcurrentHashMap<>();

    /** @param kept the tags from earlier passes; null if all tags have to be read */
    TaggingApiIndex(Fork fork, @Nullable KeptTags kept) {
        this.fork = fork;
        this.kept = kept;
        this.changes = kept == null ? 0 : kept.changes();
    }

    /** The region of the API for a read. It lists global resources in only one region of the partition. */
    static String region(SessionContext context, Observer.KindRegion read) {
        boolean global = context.catalog().get(read.kind()).info().global();
        return global ? Partitions.globalRegion(read.region()) : read.region();
    }

    static Clients clients(SessionContext context, Observer.KindRegion read) {
        return context.clients().in(region(context, read));
    }

    /**
     * Tags by ARN.
     *
     * @param slow whether tags are a slow facet of the requesting kind
     * @throws SdkException the exception of the one read of this observation
     */
    Map<String, Map<String, String>> read(Clients clients, StackRef stack, String resourceType, boolean slow) {
        if (kept != null && !slow) {
            kept.requestFast(clients.region(), resourceType);
        }
        TagAnswer answer = answer(clients, stack, resourceType);
        RequestChain.follow(answer.chain());
        if (answer.tags() == null) {
            throw Objects.requireNonNull(answer.failure());
        }
        return answer.tags();
    }

    /**
     * Begins to read the types that are not kept, and returns at once. Types that fill pages together are read
     * together.
     *
     * @param kinds for each read, the types with the expected number of our resources
     */
    void readAhead(SessionContext context, Map<Observer.KindRegion, Map<String, Integer>> kinds) {
        Map<String, Clients> regions = new TreeMap<>();
        Map<String, Map<String, Integer>> types = new TreeMap<>();
        kinds.forEach((read, ofRead) -> {
            Clients clients = clients(context, read);
            regions.put(clients.region(), clients);
            Map<String, Integer> ofRegion = types.computeIfAbsent(clients.region(), region -> new TreeMap<>());
            ofRead.forEach((type, count) -> ofRegion.merge(type, count, Integer::sum));
        });
        types.forEach((region, ofRegion) ->
                readAhead(Objects.requireNonNull(regions.get(region)), context.stack(), ofRegion));
    }

    private void readAhead(Clients clients, StackRef stack, Map<String, Integer> types) {
        types.keySet().removeIf(type -> kept(clients, type) != null);
        for (Set<String> together : together(types)) {
            Map<String, CompletableFuture<TagAnswer>> own = new TreeMap<>();
            for (String type : together) {
                CompletableFuture<TagAnswer> future = new CompletableFuture<>();
                if (answers.putIfAbsent(clients.region() + "|" + type, future) == null) {
                    own.put(type, future);
                }
            }
            if (!own.isEmpty()) {
                fork.begin(() -> complete(clients, stack.owner(), own));
            }
        }
    }

    /**
     * Groups types into few pages: each type, the largest first, joins the first read with enough room. A read has at
     * most as many pages as the largest type alone, because the pages of a read are requested one after the other.
     */
    static List<Set<String>> together(Map<String, Integer> types) {
        int largest = types.values().stream().mapToInt(i -> i).max().orElse(0);
        int room = PAGE * Math.max(1, Math.ceilDiv(largest, PAGE));
        List<Set<String>> reads = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        types.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(type -> {
                    int read = 0;
                    while (read < reads.size()
                            && (counts.get(read) + type.getValue() > room
                                    || reads.get(read).size() == TYPES)) {
                        read++;
                    }
                    if (read == reads.size()) {
                        reads.add(new TreeSet<>());
                        counts.add(0);
                    }
                    reads.get(read).add(type.getKey());
                    counts.set(read, counts.get(read) + type.getValue());
                });
        return reads;
    }

    /**
     * The answer for one type. Many kinds request a type at once: the first one reads it, and the others wait for its
     * answer.
     */
    TagAnswer answer(Clients clients, StackRef stack, String resourceType) {
        Map<String, Map<String, String>> known = kept(clients, resourceType);
        if (known != null) {
            return new TagAnswer(known, null, 0);
        }
        CompletableFuture<TagAnswer> own = new CompletableFuture<>();
        CompletableFuture<TagAnswer> first = answers.putIfAbsent(clients.region() + "|" + resourceType, own);
        if (first != null) {
            return fork.waiting(first::join);
        }
        complete(clients, stack.owner(), Map.of(resourceType, own));
        return own.join();
    }

    private @Nullable Map<String, Map<String, String>> kept(Clients clients, String resourceType) {
        return kept == null ? null : kept.current(clients.region(), resourceType);
    }

    private void complete(Clients clients, String owner, Map<String, CompletableFuture<TagAnswer>> unanswered) {
        try {
            Map<String, Map<String, String>> all = readAll(clients, owner, unanswered.keySet());
            unanswered.forEach((type, answer) -> {
                Map<String, Map<String, String>> ofType = all.entrySet().stream()
                        .filter(one -> unanswered.size() == 1 || isOf(type, one.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
                if (kept != null) {
                    kept.keep(clients.region(), type, ofType, changes);
                }
                answer.complete(new TagAnswer(ofType, null, RequestChain.current()));
            });
        } catch (RuntimeException e) {
            unanswered.values().forEach(answer -> answer.complete(new TagAnswer(null, e, RequestChain.current())));
        } finally {
            // A read that ended by an error must not be awaited for ever.
            unanswered.values().forEach(answer -> answer.cancel(false));
        }
    }

    /**
     * Whether a resource has a type of the tagging API. The type names the service and, if the service has several
     * types, the beginning of the resource part of the ARN.
     */
    static boolean isOf(String type, String arn) {
        String[] parts = arn.split(":", 6);
        int colon = type.indexOf(':');
        if (parts.length < 6 || !parts[2].equals(colon < 0 ? type : type.substring(0, colon))) {
            return false;
        }
        String resource = type.substring(colon + 1);
        return colon < 0 || parts[5].startsWith(resource + "/") || parts[5].startsWith(resource + ":");
    }

    private static Map<String, Map<String, String>> readAll(
            Clients clients, String owner, Collection<String> resourceTypes) {
        return clients
                .client(ResourceGroupsTaggingApiClient.class)
                .getResourcesPaginator(r -> r.resourcesPerPage(PAGE)
                        .resourceTypeFilters(resourceTypes)
                        .tagFilters(TagFilter.builder()
                                .key(StackRef.STACK_TAG)
                                .values(owner)
                                .build()))
                .resourceTagMappingList()
                .stream()
                .collect(Collectors.toMap(TaggingApiIndex::arn, m -> SdkShapes.map(m.tags()), (a, b) -> b));
    }

    private static String arn(ResourceTagMapping mapping) {
        if (mapping.resourceARN() == null) {
            throw new PartialAnswerException("contains a tagged resource without its ARN");
        }
        return mapping.resourceARN();
    }
}
