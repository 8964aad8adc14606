package dev.holdfast.kind;

import dev.holdfast.aws.Faults;
import dev.holdfast.model.Delegation;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.model.Outlook;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Rollout;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** What one read says: it is there and looks like this, it hangs at something, or nothing is known. */
public sealed interface Observation<S extends Record> {

    /**
     * It is there.
     *
     * @param spec everything that the spec can say of it, canonical; null components: AWS has nothing there
     * @param outputs by the names that {@link KindInfo#outputs} lists
     * @param phase Deleting for what still answers but is going
     * @param createdAt AWS's time of creation, or null
     * @param delegation who else is entitled to write it now, or null
     * @param outlook what is to come of it without another call
     * @param facts what people want to know of it beside its fields, by labels, the most telling one first
     */
    record Known<S extends Record>(
            Identity identity,
            S spec,
            Map<String, Object> outputs,
            Phase phase,
            Health health,
            @Nullable Rollout rollout,
            @Nullable Instant createdAt,
            @Nullable Delegation delegation,
            Outlook outlook,
            Map<String, String> facts)
            implements Observation<S> {

        public static <S extends Record> Known<S> of(Identity identity, S spec) {
            return new Known<>(
                    identity, spec, Map.of(), Phase.Steady, Health.AVAILABLE, null, null, null, Outlook.NONE, Map.of());
        }

        public Known<S> output(String name, @Nullable Object value) {
            if (value == null) {
                return this;
            }
            Map<String, Object> more = new LinkedHashMap<>(outputs);
            more.put(name, value);
            return new Known<>(identity, spec, more, phase, health, rollout, createdAt, delegation, outlook, facts);
        }

        public Known<S> spec(S value) {
            return new Known<>(identity, value, outputs, phase, health, rollout, createdAt, delegation, outlook, facts);
        }

        public Known<S> phase(Phase value) {
            return new Known<>(identity, spec, outputs, value, health, rollout, createdAt, delegation, outlook, facts);
        }

        public Known<S> health(Health value) {
            return new Known<>(identity, spec, outputs, phase, value, rollout, createdAt, delegation, outlook, facts);
        }

        public Known<S> rollout(@Nullable Rollout value) {
            return new Known<>(identity, spec, outputs, phase, health, value, createdAt, delegation, outlook, facts);
        }

        public Known<S> delegation(@Nullable Delegation value) {
            return new Known<>(identity, spec, outputs, phase, health, rollout, createdAt, value, outlook, facts);
        }

        public Known<S> outlook(Outlook value) {
            return new Known<>(identity, spec, outputs, phase, health, rollout, createdAt, delegation, value, facts);
        }

        /**
         * Adds what the read shows and no field or output says: how many tasks run, what the endpoint is. It decides nothing.
         *
         * @param value null or empty: there is nothing to tell
         */
        public Known<S> fact(String label, @Nullable Object value) {
            String text = value == null ? "" : value.toString();
            if (text.isEmpty()) {
                return this;
            }
            Map<String, String> more = new LinkedHashMap<>(facts);
            more.put(label, text);
            return new Known<>(
                    identity,
                    spec,
                    outputs,
                    phase,
                    health,
                    rollout,
                    createdAt,
                    delegation,
                    outlook,
                    Collections.unmodifiableMap(more));
        }

        /**
         * Adds a fact that takes a read of its own, for a resource that is not as it should be. A failure of that read makes
         * nothing unknown: it is what the fact says.
         */
        public Known<S> factRead(String label, Supplier<? extends @Nullable Object> read) {
            try {
                return fact(label, read.get());
            } catch (SdkException e) {
                return fact(
                        label,
                        "cannot be read: " + Faults.classify(e, List.of()).code());
            }
        }

        public Known<S> createdAt(@Nullable Instant value) {
            return new Known<>(identity, spec, outputs, phase, health, rollout, value, delegation, outlook, facts);
        }
    }

    /**
     * An object of the kind that was searched for, which hangs at a resource and is none of those that were asked for: told by a
     * search only.
     *
     * @param parent the physical id of that resource
     */
    record Attached<S extends Record>(Identity identity, String parentKind, String parent) implements Observation<S> {}

    /**
     * What hangs at a resource and is of no kind of ours.
     *
     * @param parent the physical id of that resource, which is of the kind that was read
     * @param what AWS's word for it
     * @param ids of all that hang there, or nothing
     */
    record Hanging<S extends Record>(String parent, String what, Set<String> ids) implements Observation<S> {}

    /** What hangs at the resources of this kind could not be searched for; the resources themselves were read. */
    record Unsearched<S extends Record>(Fault fault) implements Observation<S> {}

    /**
     * A read failed: nothing is known of what it covers.
     *
     * @param resource the one resource that it covers, or null for everything of the kind in this scope
     * @param physicalId of a thing whose resource the read could not tell, or null
     */
    record Unknown<S extends Record>(
            @Nullable ResourceId resource, @Nullable String physicalId, Fault fault) implements Observation<S> {}
}
