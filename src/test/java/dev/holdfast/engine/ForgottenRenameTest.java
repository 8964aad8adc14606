package dev.holdfast.engine;

import static dev.holdfast.engine.RenamedDocs.documents;
import static dev.holdfast.engine.RenamedDocs.former;
import static dev.holdfast.engine.RenamedDocs.group;
import static dev.holdfast.engine.RenamedDocs.routed;
import static dev.holdfast.engine.RenamedDocs.topic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A document with a new name and without its former id: Holdfast names the object in its way, and what to do. */
class ForgottenRenameTest {
    private static final Duration LONG = Duration.ofMinutes(15);

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
        try (World world = new World().desire(documents("a", "")).converged()) {
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

    @Test
    void the_same_name_in_another_region_is_free() {
        try (World world = new World().desire(group("a", "")).converged()) {
            world.desire(group("b", "").replace("'name':'b'", "'name':'b','region':'us-east-1'"))
                    .converged();

            assertThat(world.status("LogGroup/a")).isEqualTo(Status.Orphaned);
            assertThat(world.status("LogGroup/b")).isEqualTo(Status.Synced);
            assertThat(world.writes()).containsEntry("logs:CreateLogGroup", 2L);
        }
    }
}
