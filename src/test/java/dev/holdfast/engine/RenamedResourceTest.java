package dev.holdfast.engine;

import static dev.holdfast.engine.RenamedDocs.documents;
import static dev.holdfast.engine.RenamedDocs.former;
import static dev.holdfast.engine.RenamedDocs.group;
import static dev.holdfast.engine.RenamedDocs.network;
import static dev.holdfast.engine.RenamedDocs.topic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Observation;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A document with a new name and the former id in {@code lifecycle.id} takes over the object: nothing is created,
 * replaced or deleted.
 */
class RenamedResourceTest {
    private static final Duration LONG = Duration.ofMinutes(15);

    private static final List<String> KINDS = List.of("Vpc", "Subnet", "LogGroup", "MetricFilter", "Dashboard");

    @Test
    void only_the_tags_are_written_and_an_event_names_both_ids() {
        try (World world = running()) {
            Map<String, String> objects = objects(world, "a");
            Map<String, Long> before = world.writes();

            world.desire(documents("b", former("a"))).converged();

            assertThat(objects(world, "b")).isEqualTo(objects);
            assertThat(added(before, world)).isEqualTo(Map.of("ec2:CreateTags", 2L, "logs:TagResource", 1L));
            assertThat(world.events("Renamed"))
                    .extracting(e -> e.resource() + ": " + e.message())
                    .contains("Vpc/b: the resource was Vpc/a, and keeps its object " + objects.get("Vpc"));
            assertThat(world.state().list("stacks/test/resources/"))
                    .hasSameSizeAs(KINDS)
                    .noneMatch(key -> key.endsWith("/a.json"));
        }
    }

    @Test
    void the_former_id_can_leave_the_document_afterwards() {
        try (World world = running()) {
            Map<String, String> objects = objects(world, "a");
            world.desire(documents("b", former("a"))).converged();
            Map<String, Long> before = world.writes();

            world.desire(documents("b", "")).converged();
            world.restart().converged();

            assertThat(objects(world, "b")).isEqualTo(objects);
            assertThat(added(before, world)).isEmpty();
        }
    }

    @Test
    void a_rename_is_undone_by_another_rename() {
        try (World world = running()) {
            Map<String, String> objects = objects(world, "a");
            world.desire(documents("b", former("a"))).converged();

            world.desire(documents("a", former("b"))).converged();

            assertThat(objects(world, "a")).isEqualTo(objects);
        }
    }

    @Test
    void a_rollback_to_documents_with_a_former_id_renames_the_resources_back() {
        try (World world = running()) {
            Map<String, String> objects = objects(world, "a");
            world.desire(documents("b", former("a"))).converged();
            world.desire(documents("c", former("b"))).converged();
            assertThat(objects(world, "c")).isEqualTo(objects);
            Map<String, Long> before = world.writes();
            world.restart();

            world.desire(documents("a", "")).converged();

            assertThat(objects(world, "a")).isEqualTo(objects);
            assertThat(added(before, world)).isEqualTo(Map.of("ec2:CreateTags", 2L, "logs:TagResource", 1L));
        }
    }

    @Test
    void a_later_resource_with_a_name_that_was_used_before_keeps_its_object() {
        try (World world = new World().desire(topic("a", "")).converged()) {
            world.desire(topic("b", former("a"))).converged();
            world.desire(Docs.of(Docs.document("Vpc", "x", "'cidrBlock':'10.0.0.0/16'")))
                    .converged();
            world.desire(topic("b", "").replace("'alerts'", "'others'")).converged();

            world.desire(topic("a", "")).converged();

            assertThat(world.resource("Topic/a").physicalId()).endsWith(":alerts");
            assertThat(world.writes()).containsEntry("sns:CreateTopic", 3L);
        }
    }

    /** The process ends before and after each of its first writes, also those of its state. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_process_that_ends_in_between_loses_and_doubles_nothing(boolean takesEffect) {
        long writes;
        try (World world = onTwin()) {
            long before = allWrites(world);
            world.desire(documents("b", former("a"))).converged();
            writes = allWrites(world) - before;
        }
        assertThat(writes).isGreaterThan(2 * KINDS.size());
        for (int write = 1; write <= writes; write++) {
            try (World world = onTwin()) {
                Map<String, String> objects = objects(world, "a");
                Map<String, Long> before = world.writes();
                String killed = world.caller();
                world.twin
                        .faults()
                        .add(TwinFaultRule.on("*", new TwinFault.CutAtWrite(write, takesEffect))
                                .by(killed));
                world.desire(documents("b", former("a")));
                world.runUntil(() -> world.twin.faults().isCutOff(killed), LONG);

                world.restart().converged();

                assertThat(objects(world, "b")).as("write " + write).isEqualTo(objects);
                assertThat(added(before, world).keySet())
                        .as("write " + write)
                        .isSubsetOf("ec2:CreateTags", "logs:TagResource");
            }
        }
    }

    @Test
    void the_tags_identify_the_objects_if_the_state_is_lost() {
        try (World world = running()) {
            Map<String, String> objects = objects(world, "a");
            objects.remove("Dashboard");

            world.stateIn(new MemoryStore()).desire(documents("b", former("a")));
            world.run(LONG);

            assertThat(objects(world, "b")).containsAllEntriesOf(objects);
        }
    }

    @Test
    void a_resource_that_was_kept_after_its_removal_is_taken_over() {
        try (World world = running()) {
            String group = world.resource("LogGroup/a").physicalId();
            world.desire(network("a", "")).converged();
            assertThat(world.status("LogGroup/a")).isEqualTo(Status.Orphaned);

            world.desire(documents("a", "")
                            .replace(
                                    "'name':'a'},'spec':{'logGroupName'",
                                    "'name':'b'},"
                                            + "'lifecycle':{'adopt':'IfUnowned','id':'LogGroup/a'},'spec':{'logGroupName'")
                            .replace("${LogGroup/a}", "${LogGroup/b}"))
                    .converged();

            assertThat(world.resource("LogGroup/b").physicalId()).isEqualTo(group);
            assertThat(world.writes()).containsEntry("logs:CreateLogGroup", 1L);
        }
    }

    @Test
    void a_pause_of_the_former_resource_holds_the_renamed_one() {
        try (World world = running()) {
            world.pause("Vpc/a", Duration.ofHours(2));
            world.pass();

            world.desire(documents("b", former("a")));
            world.run(Duration.ofMinutes(5));

            assertThat(world.status("Vpc/b")).as(world.describe()).isEqualTo(Status.Paused);
            assertThat(world.owned()).containsKeys("Vpc/a", "Subnet/b");
            world.resume("Vpc/b");
            world.converged();
            assertThat(world.owned()).containsKey("Vpc/b").doesNotContainKey("Vpc/a");
        }
    }

    @Test
    void tags_that_cannot_be_written_leave_the_object_where_it_is() {
        try (World world = running()) {
            Map<String, String> objects = objects(world, "a");
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("ec2:CreateTags", new TwinFault.Deny())
                            .by(world.caller()));

            world.desire(documents("b", former("a")));
            world.run(LONG);

            assertThat(world.status("Vpc/b")).as(world.describe()).isEqualTo(Status.Failed);
            assertThat(world.resource("Vpc/b").physicalId()).isEqualTo(objects.get("Vpc"));
            assertThat(world.writes().keySet()).noneMatch(call -> call.contains("Delete"));
        }
    }

    @Test
    void a_failed_read_of_an_object_with_the_former_id_covers_the_renamed_resource() {
        RenamedResources renamed = new RenamedResources(Map.of(ResourceId.parse("Vpc/a"), ResourceId.parse("Vpc/b")));
        Fault fault = new Fault(Fault.Category.DENIED, "AccessDenied", "not allowed", "ec2:DescribeVpcs", null);
        Observation<Record> former = new Observation.Unknown<>(ResourceId.parse("Vpc/a"), "vpc-1", fault);
        Observation<Record> other = new Observation.Unknown<>(ResourceId.parse("Vpc/c"), "vpc-2", fault);

        List<Observation<Record>> read =
                renamed.in(List.of(former, other), new StackRef("inst", "test", World.ACCOUNT, World.REGION), "Vpc");

        assertThat(read).containsExactly(new Observation.Unknown<>(ResourceId.parse("Vpc/b"), "vpc-1", fault), other);
    }

    @Test
    void a_misspelt_former_id_waits_for_an_approval_and_the_message_names_the_likely_one() {
        try (World world = running()) {
            world.desire(network("b", former("aa")));
            world.run(Duration.ofMinutes(2));

            assertThat(world.status("Vpc/b")).as(world.describe()).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("Vpc/b").reason()).isEqualTo(Reason.NothingToAdopt);
            assertThat(world.resource("Vpc/b").message())
                    .contains("Vpc/aa (lifecycle.id) does not exist", "Vpc/a is no longer desired");
            assertThat(world.writes()).containsEntry("ec2:CreateVpc", 1L);
        }
    }

    @Test
    void a_new_stack_with_the_same_documents_creates_the_resources() {
        try (World world = new World().desire(documents("b", former("a"))).converged()) {
            assertThat(objects(world, "b")).containsOnlyKeys(KINDS);
        }
    }

    @Test
    void a_resource_with_an_object_of_its_own_takes_no_other_one() {
        try (World world = new World().desire(both(), "'prune':false,").converged()) {
            String own = world.resource("Vpc/b").physicalId();

            world.desire(network("b", former("a")), "'prune':false,");
            world.run(LONG);

            assertThat(world.resource("Vpc/b").physicalId()).isEqualTo(own);
            assertThat(world.owned()).containsKey("Vpc/a");
            assertThat(world.events("RenameIgnored")).isNotEmpty();
        }
    }

    private static String both() {
        String a = network("a", "");
        String b = network("b", "").replace("10.0.", "10.1.");
        return a.substring(0, a.lastIndexOf(']')) + "," + b.substring(b.indexOf('[') + 1);
    }

    private static World onTwin() {
        return new World().stateOnTwin().desire(documents("a", "")).converged();
    }

    /** The number of all writes of the process, those of its state included. */
    private static long allWrites(World world) {
        return world.twin.log().count(c -> c.write() && c.caller().equals(world.caller()));
    }

    private static World running() {
        return new World().desire(documents("a", "")).converged();
    }

    /** By kind, the physical ids of the resources with a name, all of which are in sync. */
    private static Map<String, String> objects(World world, String name) {
        Map<String, String> objects = new TreeMap<>();
        world.view().resources().values().stream()
                .filter(r -> r.id().name().equals(name))
                .forEach(r -> objects.put(r.id().kind(), String.valueOf(r.physicalId())));
        return objects;
    }

    private static Map<String, Long> added(Map<String, Long> before, World world) {
        Map<String, Long> added = new TreeMap<>(world.writes());
        before.forEach((call, times) -> added.merge(call, -times, Long::sum));
        added.values().removeIf(times -> times == 0);
        return added;
    }
}
