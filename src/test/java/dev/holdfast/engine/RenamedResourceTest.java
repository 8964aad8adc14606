package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void without_the_former_id_a_kept_object_is_named_and_nothing_is_created() {
        try (World world = new World().desire(group("a", "")).converged()) {
            world.desire(group("b", ""));
            world.run(LONG);

            assertThat(world.status("LogGroup/b")).as(world.describe()).isEqualTo(Status.Stalled);
            assertThat(world.resource("LogGroup/b").reason()).isEqualTo(Reason.NameTaken);
            assertThat(world.resource("LogGroup/b").message())
                    .contains("LogGroup/a", "is kept", "lifecycle.id to LogGroup/a");
            assertThat(world.writes()).containsEntry("logs:CreateLogGroup", 1L);

            world.desire(group("b", former("a"))).converged();
            assertThat(world.writes()).containsEntry("logs:CreateLogGroup", 1L);
        }
    }

    @Test
    void a_plan_that_the_limits_hold_gives_the_advice_too() {
        try (World world = running()) {
            world.desire(documents("b", ""));
            world.run(LONG);

            assertThat(world.status("LogGroup/b")).as(world.describe()).isEqualTo(Status.Stalled);
            assertThat(world.resource("Vpc/a").reason()).isEqualTo(Reason.LimitExceeded);
            assertThat(world.view().plan().warnings(world.step("Vpc/b")))
                    .singleElement()
                    .asString()
                    .contains("lifecycle.id to Vpc/a");
        }
    }

    @Test
    void without_the_former_id_a_deletion_that_waits_for_the_new_resource_is_named() {
        try (World world = new World().desire(topic("a", "")).converged()) {
            world.desire(topic("b", ""));
            world.run(LONG);

            assertThat(world.status("Topic/b")).as(world.describe()).isEqualTo(Status.Stalled);
            assertThat(world.resource("Topic/b").message())
                    .contains("its deletion waits for users of this resource", "lifecycle.id to Topic/a");
            assertThat(world.writes()).containsEntry("sns:CreateTopic", 1L);

            world.desire(topic("b", former("a"))).converged();
            assertThat(world.writes()).containsEntry("sns:CreateTopic", 1L).doesNotContainKey("sns:DeleteTopic");
        }
    }

    @Test
    void without_the_former_id_an_unused_object_is_deleted_before_its_name_is_used_again() {
        try (World world = new World()
                .desire(Docs.of(Docs.document("Topic", "a", "'topicName':'alerts'")))
                .converged()) {
            world.desire(Docs.of(Docs.document("Topic", "b", "'topicName':'alerts'")))
                    .converged();

            assertThat(world.writes()).containsEntry("sns:CreateTopic", 2L).containsEntry("sns:DeleteTopic", 1L);
            assertThat(world.twin.log().requests())
                    .noneMatch(r -> r.error() != null && r.operation().equals("sns:CreateTopic"));
        }
    }

    @Test
    void a_create_that_fails_because_of_the_former_object_names_it() {
        try (World world = new World().desire(routed("a", "")).converged()) {
            String subnet = world.resource("Subnet/a").physicalId();
            world.desire(routed("b", ""));
            world.run(LONG);

            assertThat(world.status("Subnet/b")).as(world.describe()).isEqualTo(Status.Failed);
            assertThat(world.resource("Subnet/b").message())
                    .contains("InvalidSubnet.Conflict", "the deletion of Subnet/a waits", "lifecycle.id to Subnet/a");
            assertThat(world.view().plan().warnings(world.step("Subnet/b")))
                    .singleElement()
                    .asString()
                    .contains("lifecycle.id to Subnet/a");

            world.desire(routed("b", former("a"))).converged();
            assertThat(world.resource("Subnet/b").physicalId()).isEqualTo(subnet);
            assertThat(world.writes()).doesNotContainKeys("ec2:DeleteSubnet", "ec2:DisassociateRouteTable");
        }
    }

    /** A subnet with a route table that uses it. */
    private static String routed(String subnet, String lifecycle) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'%1$s'},%2$s
              'spec':{'vpcId':'${Vpc/main}','cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
            {'apiVersion':'holdfast.dev/v1','kind':'RouteTable','metadata':{'name':'main'},'spec':{
              'vpcId':'${Vpc/main}','routes':[],'associations':[{'subnetId':'${Subnet/%1$s}'}]}}
            """.formatted(subnet, of(lifecycle, "Subnet")));
    }

    @Test
    void the_parts_of_a_renamed_composite_are_warned_about_with_the_name_of_the_composite() {
        Path documents = Path.of("desired-state");
        try (World world = new World().desireDirectory(documents, "minimal").converged()) {
            String app = Files.readString(documents.resolve("minimal/app.json"));
            world.file("minimal/app.json", app.replace("\"name\": \"hello\"", "\"name\": \"welcome\""));
            world.run(Duration.ofMinutes(2));

            assertThat(world.view().plan().warnings().values().stream().flatMap(List::stream))
                    .as(world.describe())
                    .isNotEmpty()
                    .allMatch(warning -> warning.contains("if only the name of Service/welcome is new"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String group(String name, String lifecycle) {
        return Docs.of("{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'" + name + "'},"
                + of(lifecycle, "LogGroup") + "'spec':{'logGroupName':'app'}}");
    }

    private static String topic(String name, String lifecycle) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Topic','metadata':{'name':'%1$s'},%2$s'spec':{'topicName':'alerts'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Alarm','metadata':{'name':'cpu'},'spec':{
              'alarmActions':['${Topic/%1$s}'],'namespace':'AWS/ECS','metricName':'CPUUtilization','statistic':'Average',
              'period':60,'evaluationPeriods':1,'threshold':80,'comparisonOperator':'GreaterThanThreshold'}}
            """.formatted(name, of(lifecycle, "Topic")));
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

    /** A lifecycle with the former id of a resource of the kind. */
    private static String former(String name) {
        return "'lifecycle':{'adopt':'IfUnowned','id':'%s/" + name + "'},";
    }

    private static String network(String name, String lifecycle) {
        return Docs.of(networkOf(name, lifecycle));
    }

    private static String networkOf(String name, String lifecycle) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'%1$s'},%2$s
              'spec':{'cidrBlock':'10.0.0.0/16'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'%1$s'},%3$s
              'spec':{'vpcId':'${Vpc/%1$s}','cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}}
            """.formatted(name, of(lifecycle, "Vpc"), of(lifecycle, "Subnet"));
    }

    /** Kinds of each form of ownership: by tags, by a parent, and by the record alone. */
    private static String documents(String name, String lifecycle) {
        return Docs.of(networkOf(name, lifecycle) + ","
                + """
            {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'%1$s'},%2$s'spec':{'logGroupName':'app'}},
            {'apiVersion':'holdfast.dev/v1','kind':'MetricFilter','metadata':{'name':'%1$s'},%3$s'spec':{
              'logGroupName':'${LogGroup/%1$s}','filterName':'errors','filterPattern':'ERROR',
              'metricTransformations':[{'metricName':'errors','metricNamespace':'app','metricValue':'1'}]}},
            {'apiVersion':'holdfast.dev/v1','kind':'Dashboard','metadata':{'name':'%1$s'},%4$s'spec':{
              'dashboardName':'board','dashboardBody':{'widgets':[]}}}
            """.formatted(
                        name, of(lifecycle, "LogGroup"), of(lifecycle, "MetricFilter"), of(lifecycle, "Dashboard")));
    }

    private static String of(String lifecycle, String kind) {
        return lifecycle.isEmpty() ? "" : lifecycle.formatted(kind);
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
