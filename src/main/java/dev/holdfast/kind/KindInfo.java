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
 * The properties of a kind that the engine needs and the annotations of its spec do not express.
 *
 * @param holds the data that a deletion loses and no document can restore, in words; the resource is retained, and
 *     never replaced or recreated without approval. Null: the resource holds no such data
 * @param recreate whether a stateful resource that disappeared is nevertheless recreated, with an alert (log groups)
 * @param versioned an immutable change registers a new version and keeps the old one (task definitions): it is not
 *     destructive, and maxReplaces does not count it
 * @param keepVersions the number of superseded versions that are kept; older versions are deleted; 0 for kinds that are
 *     not versioned
 * @param global the resource exists once per account: it is observed in the stack's own region, regardless of the
 *     resource's region
 * @param stepwise AWS rejects a change while it applies the previous change: an update sends one call, and the next
 *     call waits until the resource is steady again
 * @param hastens the components whose change AWS makes only together with all changes that wait for the maintenance
 *     window: while changes wait, such a change needs an approval
 * @param outputs the descriptions of the outputs by name; the first is the default output
 * @param early outputs that other resources may use before the resource is ready, because it becomes ready only by that
 *     use
 * @param key computes the name in AWS if several components together form it; null: one component is the name, or the
 *     kind has none
 * @param page the page of AWS's documentation that describes the create request
 * @param notOffered the members of AWS's create request that the spec omits, each with the reason
 * @param together fields: resources with the same values may have to change in one call, so that each receives the
 *     changes of all ({@link Change#together}); empty: each resource changes alone
 * @param parent the kind of resource to which resources of this kind are attached, also those that no document
 *     declares; null: none
 * @param faultRules rules that take precedence over the classifier's own tables
 * @param permissions the declared IAM permissions of the kind's calls; see {@link Kind#permissions}
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
        Set<String> hastens,
        Map<String, String> outputs,
        Set<String> early,
        @Nullable Function<S, @Nullable String> key,
        String page,
        Map<String, String> notOffered,
        List<String> together,
        @Nullable ParentKind<S> parent,
        List<FaultRule> faultRules,
        Permissions permissions) {

    public static <S extends Record> Builder<S> of(String name, Class<S> spec, OwnershipForm ownership) {
        return new Builder<>(name, spec, ownership);
    }

    /** Whether a deletion loses data that no document can restore. */
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
        private Set<String> hastens = Set.of();
        private final Map<String, String> outputs = new LinkedHashMap<>();
        private final Set<String> early = new TreeSet<>();
        private @Nullable Function<S, @Nullable String> key;
        private String page = "";
        private final Map<String, String> notOffered = new LinkedHashMap<>();
        private final List<String> together = new ArrayList<>();
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

        /** @param held the data that a deletion loses, in words: {@code its objects and their versions} */
        public Builder<S> stateful(String held) {
            holds = held;
            return this;
        }

        /** Stateful, but recreated with an alert if the resource disappears. */
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

        /** The components whose change also makes all changes that wait for the maintenance window. */
        @SafeVarargs
        public final Builder<S> hastens(Getter<S, ?>... components) {
            hastens = Set.copyOf(Components.namesOf(components));
            return this;
        }

        /** The first output that is added is the default output. */
        public Builder<S> output(String output, String meaning) {
            outputs.put(output, meaning);
            return this;
        }

        /**
         * Outputs that other resources may use before this resource is ready, because it becomes ready only by that
         * use.
         */
        public Builder<S> early(String... used) {
            early.addAll(List.of(used));
            return this;
        }

        /**
         * @param name the name in AWS that the components form together; null while one of the components is unresolved
         */
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

        /**
         * Resources with the same values of these fields receive each other's changes, such as the rules of one
         * listener.
         */
        @SafeVarargs
        public final Builder<S> together(Getter<S, ?>... fields) {
            for (Getter<S, ?> field : fields) {
                together.add(Components.nameOf(field));
            }
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

        /** The declared IAM permissions of the kind's calls. */
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
                    hastens,
                    java.util.Collections.unmodifiableMap(outputs),
                    Set.copyOf(early),
                    key,
                    page,
                    java.util.Collections.unmodifiableMap(notOffered),
                    List.copyOf(together),
                    parent,
                    List.copyOf(faultRules),
                    permissions);
        }
    }
}
