package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Step;
import dev.holdfast.twin.store.TwinItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Terraform and its AWS provider show that the twin behaves as AWS; nobody of this project wrote them. */
@Order(1)
class TerraformTest {
    private static final Path CONFIGURATION = Path.of("src/test/resources/terraform");
    private static final Path IMPORTING = CONFIGURATION.resolve("import");

    /** The tags are those that the configuration sets on every resource. */
    private static final String STACK = """
            {'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'test'},
             'spec':{'account':'%s','region':'%s','include':['docs.json'],
               'tags':{'Project':'SkinClubPro','Environment':'prod','ManagedBy':'terraform'}}}
            """.formatted(World.ACCOUNT, World.REGION);

    @TempDir
    private Path directory;

    @Test
    void appliesPlansNoChangeAndDestroys() throws IOException {
        try (World world = Terraform.world()) {
            Terraform terraform = Terraform.of(CONFIGURATION, directory, world);

            terraform.makesAndDestroys(() -> assertThat(terraform.state()).hasSizeGreaterThan(60));

            // AWS shows a deleted NAT gateway for an hour.
            assertThat(world.account().inventory())
                    .filteredOn(item ->
                            item.tags().containsKey("ManagedBy") && !item.id().startsWith("nat-"))
                    .extracting(TwinItem::id)
                    .isEmpty();
        }
    }

    @Test
    void givesUpWhatItAppliedToDocumentsThatDescribeIt() throws IOException {
        try (World world = Terraform.world()) {
            Terraform terraform = Terraform.of(CONFIGURATION, directory, world);
            terraform.expect(0, "apply", "-auto-approve", "-input=false", "-no-color");
            world.file("test/stack.json", STACK);
            world.file("test/docs.json", terraform.filled(CONFIGURATION.resolve("adopt.json")));

            world.reconciler().plan();

            List<Step> steps = world.view().plan().steps();
            assertThat(steps)
                    .as(world.describe())
                    .hasSize(37)
                    .allMatch(step -> step.action() == Action.Adopt)
                    .allSatisfy(step -> assertThat(step.changes())
                            .extracting(FieldChange::path)
                            .containsExactlyInAnyOrder("/tags/holdfast:resource", "/tags/holdfast:stack"));

            world.converged();

            // Scalable targets and policies have no tags of ours, because their parent service is ours.
            assertThat(world.view().resources()).hasSize(40);
            assertThat(world.pass().writes()).isZero();
            // Terraform would remove our tags, but keeps them if the provider is configured to ignore them.
            assertThat(terraform.expect(0, "plan", "-input=false", "-no-color").output())
                    .contains("Plan: 0 to add, 37 to change, 0 to destroy.");
            terraform.ignoringTags();
            terraform.expect(0, "plan", "-detailed-exitcode", "-input=false", "-no-color");

            terraform.removing();
            Set<String> before = ids(world);
            assertThat(terraform
                            .expect(0, "apply", "-auto-approve", "-input=false", "-no-color")
                            .output())
                    .contains("0 added, 0 changed, 0 destroyed");

            assertThat(terraform.state()).isEmpty();
            assertThat(ids(world)).isEqualTo(before);
            assertThat(world.pass().writes()).isZero();
        }
    }

    private static Set<String> ids(World world) {
        return world.account().inventory().stream().map(TwinItem::arn).collect(Collectors.toSet());
    }

    @Test
    void importsWhatHoldfastMadeAndPlansNoChange() throws IOException {
        try (World world = Terraform.world()) {
            world.desireDirectory(Path.of("desired-state"), "minimal").converged();
            Terraform terraform = Terraform.of(IMPORTING, directory, world);
            Map<String, String> made = TerraformAddresses.of(world.view());

            String plan = terraform.importing(made);

            assertThat(made).hasSizeGreaterThan(30);
            assertThat(plan).contains("Plan: " + made.size() + " to import, 0 to add, 0 to change, 0 to destroy.");
        }
    }
}
