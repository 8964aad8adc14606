package dev.holdfast.kind;

import dev.holdfast.model.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A kind whose API is list, get, create, modify, delete and tag: it declares a {@link Recipe}, and the mapper copies
 * members. A kind that does not fit implements {@link Kind} itself, and a comment states the reason.
 */
public abstract class DeclaredKind<S extends Record> implements Kind<S> {
    private volatile @Nullable Recipe<?, ?, S> recipe;
    private volatile @Nullable Map<String, Set<String>> changedBy;

    /** The declaration of this kind's resource type. Pure, called once. */
    protected abstract Recipe<?, ?, S> recipe();

    private Recipe<?, ?, S> known() {
        Recipe<?, ?, S> known = recipe;
        if (known == null) {
            known = recipe();
            recipe = known;
        }
        return known;
    }

    @Override
    public final KindInfo<S> info() {
        return known().info();
    }

    @Override
    public final List<Permission> permissions() {
        return permissions(known());
    }

    private <C extends SdkClient> List<Permission> permissions(Recipe<C, ?, S> recipe) {
        List<Set<String>> updates =
                recipe.updates().stream().map(Recipe.Update::components).toList();
        SpecModel spec = SpecModel.of(recipe.info().spec());
        return recipe.info()
                .permissions()
                .derived(RecipeCalls.of(getClass()), updates, spec)
                .build(spec.with(TagMap.class).isPresent());
    }

    /**
     * Derived from the calls that the recipe's updates make. A {@code Delete} event changes the components of the
     * {@code Put} call.
     */
    @Override
    public final @Nullable Set<String> changedBy(String event) {
        Map<String, Set<String>> known = changedBy;
        if (known == null) {
            known = changes();
            changedBy = known;
        }
        Set<String> changed = known.get(event);
        return changed != null ? changed : known.get(event.replaceFirst(":Delete", ":Put"));
    }

    private Map<String, Set<String>> changes() {
        List<? extends Recipe.Update<?, S>> updates = known().updates();
        Map<String, Set<String>> changes = new HashMap<>();
        RecipeCalls.writes(getClass()).forEach((call, by) -> {
            if (!by.contains(-1)) {
                Set<String> components = new TreeSet<>();
                by.forEach(update -> components.addAll(updates.get(update).components()));
                changes.put(RecordedCalls.of(call), components);
            }
        });
        return changes;
    }

    @Override
    public final List<Observation<S>> observe(Scope<S> scope) {
        return observe(known(), scope);
    }

    private static <C extends SdkClient, T extends SdkPojo, S extends Record> List<Observation<S>> observe(
            Recipe<C, T, S> recipe, Scope<S> scope) {
        // Only tags can prove that a resource that was not requested is ours: without them, a search finds nothing.
        boolean searches = scope.sweep() && !(recipe.tagging().reading() instanceof Tagging.Reading.None);
        return scope.wanted().isEmpty() && !searches ? List.of() : new RecipeObservation<>(recipe, scope).observe();
    }

    @Override
    public final String create(Desired<S> desired, String token) {
        return create(known(), desired, token);
    }

    private static <C extends SdkClient, S extends Record> String create(
            Recipe<C, ?, S> recipe, Desired<S> desired, String token) {
        return recipe.creation().create(desired.client(recipe.client()), desired, token, recipe.tagging());
    }

    @Override
    public final void update(Change<S> change) {
        update(known(), change);
    }

    private static <C extends SdkClient, S extends Record> void update(Recipe<C, ?, S> recipe, Change<S> change) {
        C client = change.client(recipe.client());
        boolean sent = false;
        for (Recipe.Update<C, S> update : due(recipe, change)) {
            update.send().accept(client, change);
            sent = true;
        }
        if (!sent || !recipe.info().stepwise()) {
            recipe.tagging().update(client, change);
        }
    }

    private static <C extends SdkClient, S extends Record> List<Recipe.Update<C, S>> due(
            Recipe<C, ?, S> recipe, Change<S> change) {
        return recipe.updates().stream()
                .filter(update -> update.isFor(change))
                .limit(recipe.info().stepwise() ? 1 : Integer.MAX_VALUE)
                .toList();
    }

    @Override
    public final Set<String> sends(Change<S> change) {
        return sends(known(), change);
    }

    private static <C extends SdkClient, S extends Record> Set<String> sends(Recipe<C, ?, S> recipe, Change<S> change) {
        List<Recipe.Update<C, S>> due = due(recipe, change);
        if (!recipe.info().stepwise() || due.isEmpty()) {
            return change.changed();
        }
        return change.changed().stream()
                .filter(due.getFirst().components()::contains)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public final void restart(Observed<S> observed) {
        restart(known(), observed);
    }

    private static <C extends SdkClient, S extends Record> void restart(Recipe<C, ?, S> recipe, Observed<S> observed) {
        BiConsumer<C, Observed<S>> call = recipe.restart();
        if (call == null) {
            throw new IllegalStateException(recipe.info().name() + " cannot wait for a restart");
        }
        call.accept(observed.client(recipe.client()), observed);
    }

    @Override
    public final void delete(Observed<S> observed) {
        delete(known(), observed);
    }

    private static <C extends SdkClient, S extends Record> void delete(Recipe<C, ?, S> recipe, Observed<S> observed) {
        if (observed.known().phase() != Phase.Deleting) {
            recipe.deletion().accept(observed.client(recipe.client()), observed);
        }
    }

    /** The tags of a spec; empty for a kind without tags. */
    @SuppressWarnings("unchecked") // a component with this annotation is a map of texts
    static Map<String, String> tags(Record spec) {
        Object tags = SpecModel.of(spec.getClass())
                .with(TagMap.class)
                .map(f -> f.read(spec))
                .orElse(null);
        return tags == null ? Map.of() : (Map<String, String>) tags;
    }
}
