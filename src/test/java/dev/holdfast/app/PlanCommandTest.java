package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.twin.TwinFault;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code plan} shows the changes and writes nothing. */
@QuarkusTest
class PlanCommandTest extends CommandsCase {
    @Test
    void planSaysWhatWouldChangeAndWritesNothing() throws IOException {
        String directory = directory("plans", "", VPC.formatted(3) + "," + LOGS.formatted("/plans/app", 7));
        long before = installation.twin.log().writes().size();

        run("plan", directory, "--stack", "plans")
                .exits(0)
                .prints("  + Vpc/main", "      + cidrBlock: \"10.3.0.0/16\"", "Plan: 2 to create, 0 to update");
        run("plan", directory, "--stack", "plans", "--detailed-exitcode").exits(2);
        JsonNode json = JSON.readTree(run("plan", directory, "--stack", "plans", "--output", "json")
                .exits(0)
                .out());
        run("plan", directory, "--stack", "plans", "--output", "markdown")
                .exits(0)
                .prints("### Holdfast plan: `plans`", "```diff", "+    Vpc/main");

        assertThat(json.path("stack").asText()).isEqualTo("plans");
        assertThat(json.path("revision").asText()).matches("[0-9a-f]{64}");
        assertThat(json.path("steps")).hasSize(2);
        assertThat(json.path("steps").path(0).path("hash").asText()).matches("[0-9a-f]{16}");
        assertThat(installation.twin.log().writes().stream()
                        .skip(before)
                        .filter(r -> !"holdfast-state".equals(r.app())))
                .isEmpty();
        run("plan", temp.resolve("no").toString(), "--stack", "plans").exits(1).complains("there is no directory");
        run("plan", directory, "--stack", "other").exits(1).complains("other");
    }

    @Test
    void planSaysWhatItCouldNotSearchForAndPlansTheRest() {
        String directory = directory("narrow", "", VPC.formatted(9));
        installation.twin.faults().add("ec2:DescribeNatGateways", new TwinFault.Deny());
        try {
            run("plan", directory, "--stack", "narrow")
                    .exits(0)
                    .prints("  + Vpc/main", "Plan: 1 to create")
                    .complains("NatGateway in ", "ec2:DescribeNatGateways");
        } finally {
            installation.twin.faults().clear();
        }
    }

    @Test
    void planMarksUpdatesReplacementsAndDeletionsAndKnowsWhenThereAreNone() {
        String logs = LOGS.formatted("/marks/app", 7);
        String directory = directory("marks", "", VPC.formatted(4) + "," + logs);
        run("reconcile", directory, "--stack", "marks").exits(0).prints("marks has converged: 2 resources");
        run("plan", directory, "--stack", "marks", "--detailed-exitcode")
                .exits(0)
                .prints("Plan: 0 to create, 0 to update, 0 to replace, 0 to delete.");

        directory("marks", "", VPC.formatted(5) + "," + logs.replace("'retentionInDays':7", "'retentionInDays':3"));
        run("plan", directory, "--stack", "marks", "--detailed-exitcode")
                .exits(2)
                .prints("  ± Vpc/main", "# forces replacement", "  ~ LogGroup/app", "7 -> 3  [change]");

        directory("marks", "", logs);
        run("plan", directory, "--stack", "marks", "--detailed-exitcode")
                .exits(2)
                .prints("  - Vpc/main", "1 to delete.");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        String directory = directory("colours", "", VPC.formatted(6));
        try (Installation.Properties ignored = new Installation.Properties(environment);
                Operator operator = parts.operator(directory)) {
            StackReconciler planner = operator.planner("colours");
            planner.plan();

            assertThat(PlanText.text(planner.view(), true)).contains("\u001b[32m  + Vpc/main\u001b[0m");
            assertThat(PlanText.text(planner.view(), false)).doesNotContain("\u001b");
        }
    }

    @Test
    void planUnderAnotherNameSaysWhoseTheResourcesAre() {
        String directory = directory("mine", "", VPC.formatted(7));
        run("reconcile", directory, "--stack", "mine").exits(0);

        environment.put("HOLDFAST_INSTALLATION", "typo");
        run("plan", directory, "--stack", "mine").exits(1).complains("installation 'cli'", "Vpc/main", "'typo'");
        run("plan", directory, "--stack", "mine", "--new-installation")
                .exits(0)
                .prints("Vpc/main is stalled: NameTaken");

        environment.put("HOLDFAST_STATE", temp.resolve("typos-state").toString());
        run("plan", directory, "--stack", "mine").exits(1).complains("installation 'cli'", "Vpc/main", "'typo'");
        run("plan", directory, "--stack", "mine", "--new-installation").exits(0).prints("Plan: 1 to create");
    }

    @Test
    void planMakesNoStateAndSaysWhatItThenCannotKnow() throws IOException {
        String directory = directory("stateless", "", VPC.formatted(8));
        run("reconcile", directory, "--stack", "stateless").exits(0);

        environment.put("HOLDFAST_STATE", temp.resolve("elsewhere").toString());
        run("plan", directory, "--stack", "stateless").exits(0).complains("no record of stack stateless");

        assertThat(temp.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void planOfADirectoryTakesTheStateAndTheNameOfTheDaemon() {
        String directory = directory("before", "", VPC.formatted(9));
        environment.remove("HOLDFAST_STATE");
        environment.remove("HOLDFAST_INSTALLATION");
        environment.put("HOLDFAST_DESIRED_STATE", "s3://daemons-bucket/desired");
        try (Installation.Properties ignored = new Installation.Properties(environment)) {
            InstallationConfig config = InstallationConfig.readForPlan(directory);

            assertThat(config.desiredState()).isEqualTo(directory);
            assertThat(config.state()).isEqualTo("s3://daemons-bucket/.holdfast/");
            assertThat(config.installation()).isEqualTo("daemons-bucket");
        }
    }
}
