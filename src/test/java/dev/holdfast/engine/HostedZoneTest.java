package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.TagResourceType;

/**
 * The call that creates a hosted zone takes no tags. A zone whose tags are missing is completed and never created
 * twice: the caller reference, which Route 53 accepts only once for ever, tells that the zone is ours.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html">CreateHostedZone</a>
 */
class HostedZoneTest {
    private static final String ZONE = Docs.of(Docs.document("HostedZone", "main", "'name':'example.com'"));
    private static final String CREATE = "route53:CreateHostedZone";
    private static final String TAG = "route53:ChangeTagsForResource";

    private static List<HostedZone> zones(World world) {
        return world.somebody(Route53Client.class).listHostedZones(r -> {}).hostedZones();
    }

    private static Map<String, String> tags(World world) {
        return SdkShapes.map(world.somebody(Route53Client.class)
                .listTagsForResource(r -> r.resourceType(TagResourceType.HOSTEDZONE)
                        .resourceId(zones(world).getFirst().id()))
                .resourceTagSet()
                .tags());
    }

    private static void isCompleted(World world) {
        assertThat(zones(world)).as(world.describe()).hasSize(1);
        assertThat(tags(world)).containsEntry("holdfast:resource", "HostedZone/main");
    }

    private static World killedAt(String operation, boolean takesEffect) {
        World world = new World();
        world.desire(ZONE);
        world.twin
                .faults()
                .add(TwinFaultRule.on(operation, new TwinFault.CutAtWrite(1, takesEffect))
                        .by(world.caller()));
        world.pass();
        assertThat(world.twin.faults().isCutOff(world.caller())).isTrue();
        world.restart();
        return world;
    }

    @Test
    void aZoneWhoseTagsAreRefusedIsCompletedAndNotCreatedAgain() {
        try (World world = new World()) {
            world.twin.faults().add(TwinFaultRule.on(TAG, new TwinFault.Deny()).times(1));

            world.desire(ZONE).converged();

            isCompleted(world);
            assertThat(world.calls(CREATE)).isEqualTo(1);
        }
    }

    @Test
    void aKillBeforeTheTagsLeavesOneZone() {
        try (World world = killedAt(TAG, false)) {
            assertThat(tags(world)).isEmpty();

            world.converged();

            isCompleted(world);
            assertThat(world.calls(CREATE)).isEqualTo(1);
        }
    }

    /** No list shows the zone yet when it is created again: Route 53 refuses its caller reference. */
    @Test
    void aZoneThatTheListsDoNotShowYetIsNotCreatedTwice() {
        try (World world = killedAt(CREATE, true)) {
            world.settings.delay(Delay.VISIBLE, Duration.ofMinutes(10));
            world.pass();
            world.runUntil(() -> world.status("HostedZone/main") == Status.Failed, Duration.ofMinutes(9));
            assertThat(world.resource("HostedZone/main").message())
                    .contains("already been created with the specified caller reference");

            world.converged();

            isCompleted(world);
        }
    }

    /** Several zones may have one name, and a zone of another principal keeps its tags. */
    @Test
    void aZoneOfTheSameNameIsNotOurs() {
        try (World world = killedAt(CREATE, false)) {
            String theirs = world.somebody(Route53Client.class)
                    .createHostedZone(r -> r.name("example.com").callerReference("theirs"))
                    .hostedZone()
                    .id();

            world.converged();

            assertThat(zones(world)).hasSize(2);
            assertThat(world.resource("HostedZone/main").physicalId()).isNotEqualTo(theirs);
            assertThat(world.somebody(Route53Client.class)
                            .listTagsForResource(r ->
                                    r.resourceType(TagResourceType.HOSTEDZONE).resourceId(theirs))
                            .resourceTagSet()
                            .tags())
                    .isEmpty();
        }
    }

    /**
     * Route 53 never accepts the caller reference again. The failure names it, and a document that is removed and added
     * again creates a zone.
     */
    @Test
    void aZoneThatSomebodyDeletesBeforeItIsCompletedNeedsANewDocument() {
        try (World world = killedAt(TAG, false)) {
            String half = zones(world).getFirst().id();
            world.somebody(Route53Client.class).deleteHostedZone(r -> r.id(half));

            world.run(Duration.ofMinutes(10));

            assertThat(world.resource("HostedZone/main").message())
                    .contains("already been created with the specified caller reference");
            world.desire(Docs.of(Docs.alarm("rest", 1))).run(Duration.ofMinutes(10));
            world.desire(ZONE).converged();
            isCompleted(world);
        }
    }
}
