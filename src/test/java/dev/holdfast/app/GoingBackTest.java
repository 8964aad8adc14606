package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.TestSigner;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** {@code publish} asks first; {@code diff} compares former revisions, and {@code rollback} publishes one again. */
@QuarkusTest
class GoingBackTest extends CommandsCase {
    private static final String BUCKETS =
            "{'apiVersion':'holdfast.dev/v1','kind':'Bucket','metadata':{'name':'media'},'spec':{'bucketName':'%s-media'}}";

    @AfterEach
    void noTerminal() {
        parts.terminal(null);
    }

    private String published(String bucket) {
        installation.bucket(bucket);
        String to = "s3://" + bucket + "/desired";
        environment.put("HOLDFAST_DESIRED_STATE", to);
        environment.put("HOLDFAST_INSTALLATION", bucket);
        return to;
    }

    private String publish(String to, String message, String documents) {
        return publish(to, documents, "--message", message, "--author", "ann");
    }

    private String publish(String to, String documents, String... more) {
        String directory = directory("one", "", documents);
        List<String> command = new ArrayList<>(
                List.of("publish", directory, "--stack", "one", "--to", to, "--new-installation", "--yes"));
        command.addAll(List.of(more));
        return run(command.toArray(String[]::new)).exits(0).out();
    }

    @Test
    void publishShowsItsPlanAndAsks() {
        String to = published("asking");
        String directory = directory("one", "", VPC.formatted(7));
        String[] publish = {"publish", directory, "--stack", "one", "--to", to};
        List<String> asked = new ArrayList<>();

        run(publish).exits(64).prints("  + Vpc/main", "Plan: 1 to create").complains("pass --yes", "Nothing was done");
        parts.terminal(question -> {
            asked.add(question);
            return "n";
        });
        run(publish).exits(1).complains("nothing was done");
        parts.terminal(question -> null);
        run(publish).exits(1).complains("nothing was done");
        assertThat(installation
                        .aws(S3Client.class)
                        .listObjectsV2(r -> r.bucket("asking"))
                        .contents())
                .isEmpty();
        parts.terminal(question -> "y");
        run(publish).exits(0).prints("  + Vpc/main", "published one ");
        assertThat(asked).containsExactly("publish this to " + to + "? [y/N]");
        parts.terminal(null);
        assertThat(run(publish).exits(0).prints("nothing to publish: ").out()).doesNotContain("Plan:");
    }

    @Test
    void whoMayNotReadPublishesWithoutAPlan() {
        String to = published("blind");
        String directory = directory("one", "", VPC.formatted(7));
        installation.twin.faults().add("sts:*", new dev.holdfast.twin.TwinFault.Deny());
        try {
            run("publish", directory, "--stack", "one", "--to", to, "--yes")
                    .exits(1)
                    .complains("no plan can be made, and nothing was published", "--no-plan");
            assertThat(run("publish", directory, "--stack", "one", "--to", to, "--yes", "--no-plan")
                            .exits(0)
                            .out())
                    .startsWith("published one ");
        } finally {
            installation.twin.faults().clear();
        }
    }

    /** Another publisher commits a revision after the person has read the plan and before the person answers. */
    @Test
    void whatSomebodyPublishesWhileThePlanIsReadIsNotOverwritten() {
        String to = published("raced");
        publish(to, "first", VPC.formatted(1));
        String directory = directory("one", "", VPC.formatted(2));
        parts.terminal(question -> {
            parts.terminal(null);
            installation
                    .aws(S3Client.class)
                    .putObject(
                            r -> r.bucket("raced").key("desired/stacks/one/HEAD.json"),
                            RequestBody.fromString("""
                                {"revision":"%s","number":2,"author":"bob","message":"faster","time":"2026-01-01T00:00:00Z"}
                                """.formatted("ab".repeat(32))));
            return "y";
        });

        run("publish", directory, "--stack", "one", "--to", to).exits(1).complains("bob", "faster", "publish again");
    }

    @Test
    void twoRevisionsAreComparedAsDocumentsAndExpanded() throws IOException {
        String to = published("comparing");
        publish(to, "first", VPC.formatted(7) + "," + LOGS.formatted("/one/app", 7));
        publish(to, "second", LOGS.formatted("/one/app", 3) + "," + BUCKETS.formatted("comparing"));

        run("diff", "previous", "--stack", "one")
                .exits(0)
                .prints(
                        "from commit 1 (",
                        "ann",
                        ": first)",
                        "to   commit 2 (",
                        "  + Bucket/media",
                        "  ~ LogGroup/app\n      ~ /spec/retentionInDays: 7 -> 3",
                        "  - Vpc/main",
                        "3 differences.");
        run("diff", "2", "1", "--stack", "one", "--detailed-exitcode").exits(2).prints("  + Vpc/main", "3 -> 7");
        run("diff", "head", "head", "--stack", "one", "--detailed-exitcode")
                .exits(0)
                .prints("There are no differences.");
        JsonNode json = JSON.readTree(
                run("diff", "1", "--stack", "one", "-o", "json").exits(0).out());
        OutputSchema.check("diff", json);
        assertThat(json.path("resources")
                        .valueStream()
                        .map(c -> c.path("id").asText() + " " + c.path("type").asText()))
                .containsExactly("Bucket/media Added", "LogGroup/app Changed", "Vpc/main Removed");
        run("diff", "7", "--stack", "one").exits(1).complains("none of the last 2 commits", "holdfast revisions");
        run("diff", "nonsense", "--stack", "one").exits(64).complains("names no revision");
        run("diff", "abcdefabcdef", "--stack", "one").exits(1).complains("none of the last 2 commits");
        run("diff", "1", "--stack", "two").exits(1).complains("no revision of a stack two was published", "one");
        environment.put("HOLDFAST_DESIRED_STATE", temp.resolve("desired").toString());
        run("diff", "1", "--stack", "one").exits(64).complains("keeps no commits", "--desired-state");
        run("diff", "1", "--stack", "one", "--desired-state", to).exits(0);
    }

    @Test
    void aCompositeIsComparedAsOneDocumentAndAsItsParts() {
        String to = published("composites");
        String network = """
            {'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
             'spec':{'cidrBlock':'10.0.0.0/16','zones':%s}}""";
        publish(to, "first", network.formatted("['a']"));
        publish(to, "second", network.formatted("['a','b']"));

        run("diff", "previous", "--stack", "one").exits(0).prints("  ~ Network/main", "+ \"b\"", "1 difference.");
        run("diff", "previous", "--stack", "one", "--expanded")
                .exits(0)
                .prints("  + Subnet/main-", "(part of Network/main)");
    }

    @Test
    void aFormerRevisionIsPublishedAgainAsANewCommit() throws IOException {
        String to = published("back");
        publish(to, "good", LOGS.formatted("/back/app", 7) + "," + BUCKETS.formatted("back"));
        run("reconcile", to, "--stack", "one").exits(0);
        publish(to, "bad", LOGS.formatted("/back/app", 3));
        run("reconcile", to, "--stack", "one").exits(0);

        run("rollback", "--new-installation", "--stack", "one", "--to", "previous")
                .exits(64)
                .prints(
                        "from commit 2 (",
                        "to   commit 1 (",
                        "  ~ LogGroup/app",
                        "3 -> 7",
                        "The rollback does not restore:",
                        "data written since then")
                .complains("publish commit 1 again, as commit 3?", "pass --yes");
        assertThat(head("back").path("number").asInt()).isEqualTo(2);
        run("rollback", "--new-installation", "--stack", "one", "--to", "1", "--yes", "--author", "ben")
                .exits(0)
                .prints("published one ", " as commit 3");

        JsonNode head = head("back");
        assertThat(head.path("number").asInt()).isEqualTo(3);
        assertThat(head.path("author").asText()).isEqualTo("ben");
        assertThat(head.path("message").asText())
                .startsWith("Roll back to commit 1 (")
                .contains("good");
        run("reconcile", to, "--stack", "one").exits(0);
        assertThat(logGroup("/back/app")).isEqualTo(7);
        run("rollback", "--new-installation", "--stack", "one", "--to", "head", "--yes")
                .exits(1)
                .complains("is already the desired state of the stack one");
        run("rollback", "--new-installation", "--stack", "one", "--to", "1", "--yes")
                .exits(1)
                .complains("is already the desired state of the stack one");
        run("rollback", "--stack", "one").exits(64).complains("--to");
    }

    /** A bucket that was deleted in the meantime is created empty. The command names it before it asks. */
    @Test
    void whatWasDeletedSinceComesBackEmptyAndIsNamed() {
        String to = published("emptied");
        String deletable = BUCKETS.formatted("emptied").replace("'spec'", "'lifecycle':{'onDelete':'Delete'},'spec'");
        publish(to, "with", LOGS.formatted("/emptied/app", 7) + "," + deletable);
        run("reconcile", to, "--stack", "one").exits(0);
        publish(to, "without", LOGS.formatted("/emptied/app", 7));
        run("reconcile", to, "--stack", "one").exits(0);

        run("rollback", "--new-installation", "--stack", "one", "--to", "previous", "--yes")
                .exits(0)
                .prints(
                        "  + Bucket/media",
                        "Bucket/media was deleted since then, and is created again without its objects");

        run("reconcile", to, "--stack", "one").exits(0);
        run("rollback", "--new-installation", "--stack", "one", "--to", "2", "--yes")
                .exits(0)
                .prints("did not exist then, and is deleted together with its objects");
    }

    @Test
    void aSignedStackGoesBackWithASignature() throws IOException {
        String to = published("signedback");
        TestSigner signer = TestSigner.of("Ed25519");
        Path file = Files.writeString(temp.resolve("key.pem"), signer.privatePem());
        Path rails = Files.writeString(temp.resolve("guardrails.json"), """
                {"apiVersion":"holdfast.dev/v1","kind":"Guardrails","spec":{"signatures":{"required":true,"keys":[
                  {"name":"ann","publicKey":"%s"}]}}}
                """.formatted(
                        Base64.getEncoder().encodeToString(signer.publicKey().getEncoded())));
        environment.put("HOLDFAST_GUARDRAILS", rails.toString());
        for (int days : List.of(7, 3)) {
            publish(to, LOGS.formatted("/signedback/app", days), "--sign", "file:" + file);
        }

        run("rollback", "--new-installation", "--stack", "one", "--to", "previous", "--yes")
                .exits(64)
                .complains("is signed", "--sign KEY");
        run("rollback", "--new-installation", "--stack", "one", "--to", "previous", "--yes", "--sign", "file:" + file)
                .exits(0)
                .prints(", signed with the key sha256:");

        run("validate", to).exits(0);
    }
}
