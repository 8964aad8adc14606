package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.KindLives;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.World;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The policy that is generated for the fixture of a kind allows its resources to be created, changed and deleted. Each
 * call is evaluated as IAM does.
 */
@Order(1)
class AuthorizedKindsTest {
    private static final String LIMITS =
            "'limits':{'maxDeletes':9999,'maxReplaces':9999,'maxUpdates':9999,'maxRollouts':9999},";
    private static final String LAST =
            "[{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'last'},'spec':{'logGroupName':'last'}}]";

    /** In minutes. */
    private static final int A_WHILE = 60;

    /** How many batches of fields change; {@code -Dholdfast.lives=1000}: all fields of all kinds. */
    private static final int BATCHES = Integer.getInteger("holdfast.lives", 1);

    /**
     * The kinds that LeastPrivilegeTest does not meet in the stacks of the desired state; all of them with all fields.
     */
    static Stream<String> kinds() {
        Set<String> met = new TreeSet<>();
        if (BATCHES == 1) {
            for (String stack : List.of("dev", "prod", "minimal")) {
                FlatStack.of(stack)
                        .documents
                        .forEach(d -> met.add(d.path("kind").asText()));
            }
        }
        // S3's notifications and logs are in no stack, nor is WAF.
        met.removeAll(Set.of("Bucket", "LoadBalancer"));
        return TestKinds.all().all().keySet().stream().filter(kind -> !met.contains(kind));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothingThatTheKindDoesIsOutsideOfItsPolicy(String name) {
        Kind<?> kind = TestKinds.all().get(name);
        KindLives lives = Objects.requireNonNull(KindLives.of(kind, 12), name);
        List<String> phases =
                new ArrayList<>(lives.all().subList(0, Math.min(lives.all().size(), 1 + 2 * BATCHES)));
        phases.add(LAST);
        try (World world = new World()) {
            world.settings.raiseQuotas(10);
            // A resource that is no longer desired is deleted with the policy of the revision that desired it.
            List<PolicyStatement> all = new ArrayList<>();
            for (String documents : phases) {
                all.addAll(StackPolicy.of(
                        TestKinds.all(), "inst", world.desire(documents, LIMITS).desired()));
            }
            PolicyAuthorizer authorizer = new PolicyAuthorizer(world.twin, all);
            world.twin.faults().judge(world.caller(), authorizer);
            for (String phase : phases) {
                world.desire(phase, LIMITS);
                converge(world, authorizer);
            }

            assertThat(authorizer.outside()).as(name).isEmpty();
        }
    }

    private static void converge(World world, PolicyAuthorizer authorizer) {
        for (int minute = 0; minute < A_WHILE && authorizer.outside().isEmpty(); minute++) {
            world.approveHeld();
            world.converge(Duration.ofMinutes(1));
            if (world.view().converged() || onlyProtectedOnesAreLeft(world)) {
                return;
            }
        }
        assertThat(authorizer.outside()).isEmpty();
        throw new AssertionError("not converged after " + A_WHILE + " minutes:\n" + world.describe());
    }

    /**
     * A resource with deletion protection that is no longer desired stays, and the deletion of the resources that it uses
     * waits for it.
     */
    private static boolean onlyProtectedOnesAreLeft(World world) {
        List<ResourceView> open = world.view().resources().values().stream()
                .filter(view -> view.status() != Status.Synced && view.status() != Status.Waiting)
                .toList();
        if (open.stream().noneMatch(AuthorizedKindsTest::isProtected)) {
            return false;
        }
        Set<ResourceId> desired = world.desired().resources().keySet();
        return open.stream().allMatch(view -> isProtected(view) && !desired.contains(view.id()));
    }

    private static boolean isProtected(ResourceView view) {
        return String.valueOf(view.message()).contains("deletion protection");
    }
}
