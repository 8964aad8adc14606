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

/** The result of one read: the observed state of a resource, an object that is attached to a resource, or a failure. */
public sealed interface Observation<S extends Record> {

    /**
     * A resource that exists.
     *
     * @param spec every value that the spec can express, canonical; a component is null if AWS has no value for it
     * @param outputs the values by the names that {@link KindInfo#outputs} lists
     * @param phase Deleting if AWS still returns the resource while it is being deleted
     * @param createdAt the time of creation that AWS reports, or null
     * @param delegation the controller that is entitled to write fields of the resource now, or null
     * @param outlook the changes that AWS will make without another call
     * @param facts information for people that the fields do not contain, by label, the most useful fact first
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

        public Known<S> identity(Identity value) {
            return new Known<>(value, spec, outputs, phase, health, rollout, createdAt, delegation, outlook, facts);
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
         * Adds information that no field or output contains, such as the number of running tasks. No decision depends
         * on a fact.
         *
         * @param value null or empty: no fact is added
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
         * Adds a fact that needs a separate read, for a resource in an abnormal state. If that read fails, the fact
         * states the failure, and the observation stays known.
         */
        public Known<S> factRead(String label, Supplier<? extends @Nullable Object> read) {
            try {
                return fact(label, read.get());
            } catch (SdkException e) {
                return fact(
                        label,
                        "cannot be read: " + Faults.classify(e, List.of()).inWords());
            }
        }

        public Known<S> createdAt(@Nullable Instant value) {
            return new Known<>(identity, spec, outputs, phase, health, rollout, value, delegation, outlook, facts);
        }
    }

    /**
     * An object of the observed kind that is attached to a resource and is not a wanted resource. Only a search reports
     * it.
     *
     * @param parent the physical id of that resource
     */
    record Attached<S extends Record>(Identity identity, String parentKind, String parent) implements Observation<S> {}

    /**
     * Objects that are attached to a resource and for which Holdfast has no kind.
     *
     * @param parent the physical id of that resource, which is of the observed kind
     * @param what AWS's word for such an object
     * @param ids the ids of all such objects at the resource; may be empty
     */
    record Hanging<S extends Record>(String parent, String what, Set<String> ids) implements Observation<S> {}

    /**
     * The search for objects that are attached to resources of this kind failed; the resources themselves were read.
     */
    record Unsearched<S extends Record>(Fault fault) implements Observation<S> {}

    /**
     * A read failed, so that the state of the resources that it covers is unknown.
     *
     * @param resource the one resource that it covers, or null for everything of the kind in this scope
     * @param physicalId the id of an object that the read could not assign to a resource, or null
     */
    record Unknown<S extends Record>(
            @Nullable ResourceId resource, @Nullable String physicalId, Fault fault) implements Observation<S> {
        public Unknown<S> of(ResourceId other) {
            return new Unknown<>(other, physicalId, fault);
        }
    }
}
