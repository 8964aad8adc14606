package dev.holdfast.kind;

import dev.holdfast.aws.FaultRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the engine must know of a kind beyond its spec's annotations.
 *
 * @param holds what no document can bring back and goes with the resource, in words; the resource is retained, and never
 *     replaced or recreated without approval. Null: it holds nothing of the kind
 * @param recreate a stateful kind that is all the same recreated when it vanishes, with an alert (log groups)
 * @param versioned an immutable change registers a new version beside the old one (task definitions): not destructive, not
 *     counted by maxReplaces
 * @param keepVersions how many superseded versions stay before the oldest are deleted; 0 for kinds that are not versioned
 * @param global lives once per account: observed in the stack's own region whatever the region
 * @param stepwise AWS refuses a change while it works on the one before: an update sends one call, and the next call waits
 *     until the resource is steady again
 * @param outputs name and description; the first is the default output
 * @param early outputs that others may use before the resource is ready, because it becomes ready only by that use
 * @param key the name in AWS of a kind whose name several components make up together; null: one component is the name, or
 *     the kind has none
 * @param page AWS's page that the spec rests on
 * @param notOffered members of AWS's create request that the spec leaves out, and why
 * @param together a field: resources that have it in common may have to change in one call, and see each other's changes
 *     ({@link Change#together}); null: each changes alone
 * @param parent the kind of resource that resources hang at, and where others may hang what no document declares; null: none
 * @param faultRules come before the classifier's own tables
 * @param permissions what is declared of what its calls need of IAM; see {@link Kind#permissions}
 */
public record KindInfo<S extends Record>(
        String name,
        Class<S> spec,
        OwnershipForm ownership,
        String description,
        @Nullable String holds,
        boolean recreate,
        boolean versioned,
        int keepVersions,
        boolean global,
        boolean stepwise,
        Map<String, String> outputs,
        Set<String> early,
        @Nullable Function<S, @Nullable String> key,
        String page,
        Map<String, String> notOffered,
        @Nullable String together,
        @Nullable ParentKind<S> parent,
        List<FaultRule> faultRules,
        Permissions permissions) {

    public static <S extends Record> Builder<S> of(String name, Class<S> spec, OwnershipForm ownership) {
        return new Builder<>(name, spec, ownership);
    }

    /** Whether a deletion loses something that no document can bring back. */
    public boolean stateful() {
        return holds != null;
    }

    public String defaultOutput() {
        return outputs.keySet().iterator().next();
    }

    public static final class Builder<S extends Record> {
        private final String name;
        private final Class<S> spec;
        private final OwnershipForm ownership;
        private String description = "";
        private @Nullable String holds;
        private boolean recreate;
        private int keepVersions;
        private boolean global;
        private boolean stepwise;
        private final Map<String, String> outputs = new LinkedHashMap<>();
        private final Set<String> early = new TreeSet<>();
        private @Nullable Function<S, @Nullable String> key;
        private String page = "";
        private final Map<String, String> notOffered = new LinkedHashMap<>();
        private @Nullable String together;
        private @Nullable ParentKind<S> parent;
        private final List<FaultRule> faultRules = new ArrayList<>();
        private Permissions permissions = Permissions.on();

        private Builder(String name, Class<S> spec, OwnershipForm ownership) {
            this.name = name;
            this.spec = spec;
            this.ownership = ownership;
        }

        /** One sentence for the catalogue. */
        public Builder<S> description(String text) {
            description = text;
            return this;
        }

        /** @param held what is lost with it, in words: {@code its objects and their versions} */
        public Builder<S> stateful(String held) {
            holds = held;
            return this;
        }

        /** Stateful, but recreated with an alert when it vanishes. */
        public Builder<S> statefulButRecreated(String held) {
            recreate = true;
            return stateful(held);
        }

        public Builder<S> versioned(int keep) {
            keepVersions = keep;
            return this;
        }

        public Builder<S> global() {
            global = true;
            return this;
        }

        public Builder<S> stepwise() {
            stepwise = true;
            return this;
        }

        /** The first one named is the default output. */
        public Builder<S> output(String output, String meaning) {
            outputs.put(output, meaning);
            return this;
        }

        /** Outputs that others may use before the resource is ready: it becomes ready only by that use. */
        public Builder<S> early(String... used) {
            early.addAll(List.of(used));
            return this;
        }

        /** @param name the name in AWS that the components make up; null while one of them is not known yet */
        public Builder<S> key(Function<S, @Nullable String> name) {
            key = name;
            return this;
        }

        public Builder<S> page(String url) {
            page = url;
            return this;
        }

        public Builder<S> leavesOut(String member, String why) {
            notOffered.put(member, why);
            return this;
        }

        /** Resources that have this field in common see each other's changes: rules of one listener. */
        public Builder<S> together(Getter<S, ?> field) {
            together = Components.nameOf(field);
            return this;
        }

        /** @param id the physical id of the parent */
        public Builder<S> hangsAt(String kind, Function<S, @Nullable String> id) {
            parent = new ParentKind<>(kind, id);
            return this;
        }

        public Builder<S> fault(FaultRule rule) {
            faultRules.add(rule);
            return this;
        }

        /** What its calls need of IAM. */
        public Builder<S> permissions(Permissions all) {
            permissions = all;
            return this;
        }

        public KindInfo<S> build() {
            if (outputs.isEmpty() || page.isEmpty() || description.isEmpty()) {
                throw new IllegalStateException(name + " needs a description, an output and AWS's page");
            }
            return new KindInfo<>(
                    name,
                    spec,
                    ownership,
                    description,
                    holds,
                    recreate,
                    keepVersions > 0,
                    keepVersions,
                    global,
                    stepwise,
                    java.util.Collections.unmodifiableMap(outputs),
                    Set.copyOf(early),
                    key,
                    page,
                    java.util.Collections.unmodifiableMap(notOffered),
                    together,
                    parent,
                    List.copyOf(faultRules),
                    permissions);
        }
    }
}
