package dev.holdfast.kinds.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TestScope;
import dev.holdfast.kind.Wanted;
import dev.holdfast.kinds.TwinClients;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.DiffInput;
import dev.holdfast.plan.Differ;
import dev.holdfast.twin.ec2.TwinEc2;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A twin of EC2 with resources of several kinds. Tests drive the kinds like the engine, without engine and wire. */
final class World extends TwinClients {
    private static final ObjectMapper JSON = new ObjectMapper();

    final TwinEc2 ec2 = twin.service("eu-west-2", TwinEc2.class);

    World() {
        super(null);
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    List<String> writes() {
        return calls.stream().filter(c -> !c.startsWith("describe")).toList();
    }

    /** A separate VPC for tests of its children. */
    String vpc() {
        Thing<VpcKind.Spec> vpc = thing(new VpcKind(), "Vpc/main");
        return vpc.desire("{'cidrBlock':'10.0.0.0/16'}").converge().id();
    }

    String subnet(String vpcId, String zone, String cidr) {
        return ec2.createSubnet(r -> r.vpcId(vpcId).cidrBlock(cidr).availabilityZone("eu-west-2" + zone))
                .subnet()
                .subnetId();
    }

    String group(String vpcId, String name) {
        return ec2.createSecurityGroup(r -> r.vpcId(vpcId).groupName(name).description("of the test"))
                .groupId();
    }

    String attachedGateway(String vpcId) {
        String id = ec2.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        ec2.attachInternetGateway(r -> r.internetGatewayId(id).vpcId(vpcId));
        return id;
    }

    <S extends Record> Thing<S> thing(Kind<S> kind, String id) {
        return new Thing<>(kind, ResourceId.parse(id));
    }

    /** One resource with its desired spec and the record of the last pass. */
    final class Thing<S extends Record> {
        private final Kind<S> kind;
        private final ResourceId id;
        private @Nullable S desired;
        private Set<String> unresolved = Set.of();
        private Map<String, List<JsonNode>> partial = Map.of();
        private @Nullable S applied;
        private @Nullable String recorded;

        private Thing(Kind<S> kind, ResourceId id) {
            this.kind = kind;
            this.id = id;
        }

        /** @param json with ' instead of "; patches replace whole fields */
        Thing<S> desire(String json, String... patches) {
            try {
                ObjectNode node = (ObjectNode) JSON.readTree(json.replace('\'', '"'));
                for (String patch : patches) {
                    node.setAll((ObjectNode) JSON.readTree(patch.replace('\'', '"')));
                }
                ObjectNode tags = node.withObject("/tags");
                stack.ownershipTags(id).forEach(tags::put);
                Specs.Bound<S> bound = Specs.bind(kind.info().spec(), node);
                desired = bound.spec();
                unresolved = bound.unresolved();
                partial = bound.partial();
                return this;
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(json, e);
            }
        }

        private S spec() {
            assertThat(desired).as("the test must call desire() first").isNotNull();
            return desired;
        }

        Thing<S> create() {
            recorded = kind.create(new Desired<>(id, spec(), stack, World.this), "token-" + id);
            return this;
        }

        /** Creates the resource if it is missing, updates its differences, and asserts that none remain. */
        Thing<S> converge() {
            if (known() == null) {
                create();
            }
            if (!diff().isEmpty()) {
                update();
            }
            assertThat(diff().changed()).as("differences after one update").isEmpty();
            applied = spec();
            return this;
        }

        void update() {
            update(observed());
        }

        /** @param last the observation, perhaps of an earlier pass */
        void update(Observed<S> last) {
            Diff diff = diff(last);
            kind.update(new Change<>(
                    new Desired<>(id, spec(), stack, World.this),
                    last,
                    diff.changed(),
                    diff.staleTags(),
                    diff.paths(),
                    false,
                    List.of()));
        }

        Diff diff() {
            return diff(observed());
        }

        private Diff diff(Observed<S> last) {
            return Differ.diff(new DiffInput<>(
                    new Specs.Bound<>(spec(), unresolved, partial),
                    last.spec(),
                    applied,
                    Set.of(),
                    Map.of(),
                    s -> s,
                    true,
                    kind.info().versioned()));
        }

        Observed<S> observed() {
            Known<S> known = known();
            assertThat(known).as("observed").isNotNull();
            return new Observed<>(id, known, stack, World.this);
        }

        @Nullable
        Known<S> known() {
            return only(observe(recorded, false));
        }

        @Nullable
        Known<S> confirmed() {
            return only(observe(recorded, true));
        }

        private @Nullable Known<S> only(List<Observation<S>> all) {
            List<Known<S>> ours = all.stream()
                    .map(o -> (Known<S>) o)
                    .filter(k -> id.toString().equals(k.identity().tags().get(StackRef.RESOURCE_TAG))
                            || k.identity().physicalId().equals(recorded))
                    .toList();
            assertThat(ours).hasSizeLessThan(2);
            return ours.isEmpty() ? null : ours.getFirst();
        }

        List<Observation<S>> observe(@Nullable String physicalId, boolean confirming) {
            Wanted<S> wanted = new Wanted<>(id, desired, physicalId, name());
            return kind.observe(new TestScope<>(World.this, stack, List.of(wanted), false, confirming));
        }

        private @Nullable String name() {
            return desired == null
                    ? null
                    : (String) SpecModel.of(desired.getClass())
                            .with(dev.holdfast.kind.PhysicalName.class)
                            .map(f -> f.read(desired))
                            .orElse(null);
        }

        String id() {
            return observed().physicalId();
        }

        Thing<S> lost() {
            recorded = null;
            applied = null;
            return this;
        }

        void delete() {
            kind.delete(observed());
        }

        /** Deletes after each observation until none is left; returns the number of observations. */
        int deleteAll() {
            int looks = 0;
            while (known() != null) {
                delete();
                assertThat(++looks).isLessThan(10);
            }
            return looks;
        }
    }

    @Override
    protected String noted(String method) {
        return method.replace("Paginator", "");
    }
}
