package dev.holdfast.app;

import static dev.holdfast.app.LeastPrivilegeTest.desire;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.engine.World;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stack in which every document gets a new name at once keeps all of its objects. */
class RenamedStackTest {
    /** The calls that write tags, or the description that contains the ownership. */
    private static final String OWNERSHIP =
            ".*:(TagResource|TagRole|AddTags.*|CreateTags|ChangeTagsForResource|PutBucketTagging|UpdateOriginAccessControl)";

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "dev", "prod"})
    void everyObjectStaysAndOnlyItsOwnershipIsWritten(String name) {
        try (World world = new World()) {
            desire(world, FlatStack.of(name));
            converge(world);
            Map<String, String> before = physicalIds(world, "");
            Map<String, Long> writes = world.writes();

            PolicyAuthorizer policy = new PolicyAuthorizer(
                    world.twin, LeastPrivilegeTest.policy(FlatStack.of(name).renamed("-now")));
            world.twin.faults().judge(world.caller(), policy);

            desire(world, FlatStack.of(name).renamed("-now"));
            converge(world);

            Map<String, Long> more = new TreeMap<>(world.writes());
            writes.forEach((call, times) -> more.merge(call, -times, Long::sum));
            more.values().removeIf(times -> times == 0);
            assertThat(physicalIds(world, "-now")).isEqualTo(before);
            assertThat(policy.outside()).isEmpty();
            assertThat(more).isNotEmpty();
            assertThat(more.keySet()).allMatch(call -> call.matches(OWNERSHIP));
            assertThat(more.values().stream().mapToLong(Long::longValue).sum()).isLessThanOrEqualTo(before.size());
        }
    }

    /** A target accepts only one policy for a metric: the new one is refused until the former one is deleted. */
    @Test
    void aPolicyThatIsRefusedBesideTheFormerOneIsTriedAgainAfterTheDeletion() {
        try (World world = new World()) {
            desire(world, LeastPrivilegeTest.oneService());
            converge(world);

            FlatStack stack = LeastPrivilegeTest.oneService();
            stack.documents.forEach(document -> {
                if (document.path("kind").asText().equals("ScalingPolicy")) {
                    ((ObjectNode) document.path("metadata"))
                            .put("name", document.at("/metadata/name").asText() + "-now");
                }
            });
            desire(world, stack);
            converge(world);

            assertThat(world.status("ScalingPolicy/api-cpu-now")).isEqualTo(Status.Synced);
        }
    }

    private static Map<String, String> physicalIds(World world, String suffix) {
        Map<String, String> ids = new TreeMap<>();
        world.view().resources().values().forEach(r -> {
            assertThat(r.status()).as(r.id().toString()).isEqualTo(Status.Synced);
            assertThat(r.id().name()).endsWith(suffix);
            String id = r.id().toString();
            ids.put(id.substring(0, id.length() - suffix.length()), String.valueOf(r.physicalId()));
        });
        return ids;
    }

    private static void converge(World world) {
        world.run(Duration.ofMinutes(2));
        for (int minute = 0; minute < 30 && !world.view().converged(); minute++) {
            world.run(Duration.ofMinutes(1));
        }
        assertThat(world.view().converged()).as(world.describe()).isTrue();
    }
}
