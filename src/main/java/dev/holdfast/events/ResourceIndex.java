package dev.holdfast.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.events.KnownStack.KnownResource;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The resources of all stacks by the texts that name them in events. Immutable: a new view needs a new index. */
final class ResourceIndex {
    /** @param stack the stack of the resource */
    record IndexedResource(String stack, ResourceId id) {}

    private record NamedResource(IndexedResource resource, List<String> names) {}

    /** An id that EC2 has assigned: {@code rtb-0123456789abcdef0}. */
    private static final Pattern ASSIGNED = Pattern.compile("([a-z]+-)[0-9a-f]{8,17}");

    private final Map<String, List<NamedResource>> byLastName = new HashMap<>();
    private final List<KnownStack> views;
    private final KindCatalog catalog;

    ResourceIndex(Collection<KnownStack> views, KindCatalog catalog) {
        this.views = List.copyOf(views);
        this.catalog = catalog;
        for (KnownStack view : views) {
            view.resources().forEach(resource -> add(view, resource));
        }
    }

    /** Whether the index was built from exactly these views. */
    boolean isOf(Collection<KnownStack> others) {
        return views.size() == others.size()
                && others.stream().allMatch(other -> views.stream().anyMatch(view -> view.origin() == other.origin()));
    }

    private void add(KnownStack view, KnownResource resource) {
        IndexedResource indexed = new IndexedResource(view.name(), resource.id());
        Set<List<String>> names = ResourceNames.of(resource);
        nameInAws(resource).ifPresent(name -> names.add(List.of(name)));
        for (List<String> one : names) {
            byLastName.computeIfAbsent(one.getLast(), k -> new ArrayList<>()).add(new NamedResource(indexed, one));
        }
    }

    private Optional<String> nameInAws(KnownResource resource) {
        JsonNode spec = resource.spec();
        return spec == null
                ? Optional.empty()
                : SpecModel.of(catalog.get(resource.id().kind()).info().spec())
                        .with(PhysicalName.class)
                        .map(field -> spec.path(field.name()).asText(""))
                        .filter(name -> !name.isEmpty());
    }

    /** The resources of an account that the texts of an event name. */
    Set<IndexedResource> named(String account, Set<String> texts) {
        Set<String> stacks = stacksOf(account);
        Set<IndexedResource> found = new LinkedHashSet<>();
        for (String text : texts) {
            for (NamedResource candidate : byLastName.getOrDefault(text, List.of())) {
                if (stacks.contains(candidate.resource().stack()) && texts.containsAll(candidate.names())) {
                    found.add(candidate.resource());
                }
            }
        }
        return found;
    }

    /** The task definitions with images from one of these repositories. */
    Set<IndexedResource> using(String account, Set<String> repositories) {
        Set<IndexedResource> found = new LinkedHashSet<>();
        for (IndexedResource one : ofKinds(account, Set.of("TaskDefinition"))) {
            views.stream()
                    .filter(view -> view.name().equals(one.stack()))
                    .flatMap(view -> view.resources().stream())
                    .filter(resource -> resource.id().equals(one.id()))
                    .filter(resource -> resource.spec() != null)
                    .filter(resource -> {
                        String spec = String.valueOf(resource.spec());
                        return repositories.stream()
                                .anyMatch(name -> spec.contains("/" + name + ":") || spec.contains("/" + name + "@"));
                    })
                    .forEach(resource -> found.add(one));
        }
        return found;
    }

    /** All resources of these kinds in an account. */
    Set<IndexedResource> ofKinds(String account, Set<String> kinds) {
        Set<String> stacks = stacksOf(account);
        Set<IndexedResource> found = new LinkedHashSet<>();
        for (KnownStack view : views) {
            if (stacks.contains(view.name())) {
                view.resources().stream()
                        .map(KnownResource::id)
                        .filter(id -> kinds.contains(id.kind()))
                        .forEach(id -> found.add(new IndexedResource(view.name(), id)));
            }
        }
        return found;
    }

    /**
     * The resources of these kinds that an event may concern without naming them, because it names only a part of them.
     * A call for a kind that is identified by name contains the name. A call that contains an id of the same form
     * concerns a foreign object.
     */
    Set<IndexedResource> unnamed(String account, Set<String> kinds, Set<String> texts) {
        Set<IndexedResource> found = new LinkedHashSet<>();
        for (KnownStack view : views) {
            for (KnownResource one : view.resources()) {
                Matcher id = ASSIGNED.matcher(String.valueOf(one.physicalId()));
                if (account.equals(view.account())
                        && kinds.contains(one.id().kind())
                        && id.matches()
                        && texts.stream().noneMatch(text -> isOfForm(id.group(1), text))) {
                    found.add(new IndexedResource(view.name(), one.id()));
                }
            }
        }
        return found;
    }

    private static boolean isOfForm(String prefix, String text) {
        return text.startsWith(prefix) && ASSIGNED.matcher(text).matches();
    }

    private Set<String> stacksOf(String account) {
        return views.stream()
                .filter(view -> account.equals(view.account()))
                .map(KnownStack::name)
                .collect(Collectors.toSet());
    }
}
