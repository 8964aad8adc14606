package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.TestSigner;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.s3.S3Client;

/** {@code publish}, and {@code destroy}, which publishes a revision without resources. */
@QuarkusTest
class PublishCommandsTest extends CommandsCase {
    @Test
    void publishCommitsWithItsAuthorAndMessageAndOnlyOnce() throws IOException {
        installation.bucket("publishing");
        String to = "s3://publishing/desired";
        String directory = directory("one", "", VPC.formatted(7));

        run("publish", directory, "--stack", "one", "--yes", "--to", to, "--message", "the first", "--author", "ann")
                .exits(0)
                .prints("published one ");

        JsonNode head = head("publishing");
        assertThat(head.path("author").asText()).isEqualTo("ann");
        assertThat(head.path("message").asText()).isEqualTo("the first");
        assertThat(head.path("number").asInt()).isEqualTo(1);
        run("publish", directory, "--stack", "one", "--yes", "--to", to)
                .exits(0)
                .prints("nothing to publish: " + head.path("revision").asText()
                        + " is the head of one already, as commit 1");
        assertThat(head("publishing")).isEqualTo(head);

        directory("one", "", VPC.formatted(8));
        run("publish", directory, "--stack", "one", "--yes", "--to", to)
                .exits(0)
                .prints(" after " + head.path("revision").asText());
        assertThat(head("publishing").path("number").asInt()).isEqualTo(2);
    }

    @Test
    void whoNamesNeitherMessageNorAuthorPublishesUnderTheCommitOfTheFolder() throws IOException, InterruptedException {
        installation.bucket("committing");
        String to = "s3://committing/desired";
        Path directory = Path.of(directory("one", "", VPC.formatted(7)));
        String[] publish = {"publish", directory.toString(), "--stack", "one", "--yes", "--to", to};
        GitCommitTest.git(directory, "init", "-q");
        GitCommitTest.git(directory, "add", ".");
        GitCommitTest.git(directory, "commit", "-q", "-m", "Give the shop a network");

        run(publish).exits(0);

        JsonNode head = head("committing");
        assertThat(head.path("author").asText()).isEqualTo("ann@example.com");
        assertThat(head.path("message").asText()).isEqualTo("Give the shop a network");
        assertThat(head.path("commit").asText()).isEqualTo(GitCommitTest.git(directory, "rev-parse", "HEAD"));

        directory("one", "", VPC.formatted(8));
        run(publish).exits(0);
        assertThat(head("committing").path("message").asText())
                .isEqualTo("Give the shop a network (and changes that are not committed)");
        assertThat(head("committing").path("commit").asText("none")).isEqualTo("none");

        directory("one", "", VPC.formatted(9));
        run(
                        "publish",
                        directory.toString(),
                        "--stack",
                        "one",
                        "--yes",
                        "--to",
                        to,
                        "--message",
                        "by hand",
                        "--commit",
                        "c0ffee")
                .exits(0);
        assertThat(head("committing").path("commit").asText()).isEqualTo("c0ffee");
        assertThat(head("committing").path("message").asText()).isEqualTo("by hand");
        assertThat(head("committing").path("author").asText()).isNotEqualTo("ann@example.com");
    }

    @Test
    void publishRefusesWhatDoesNotValidateAndSaysWhereItCannotWrite() {
        installation.bucket("refusing");
        String directory = directory("bad", "", VPC.formatted(7).replace("cidrBlock", "cidrBlok"));
        run("publish", directory, "--stack", "bad", "--yes", "--to", "s3://refusing/d")
                .exits(1)
                .complains("bad/docs.json:", "cidrBlok", "does not validate");
        assertThat(installation
                        .aws(S3Client.class)
                        .listObjectsV2(r -> r.bucket("refusing"))
                        .contents())
                .isEmpty();

        directory("bad", "", VPC.formatted(7));
        run("publish", directory, "--stack", "bad", "--yes", "--to", "s3://not-there-at-all/d")
                .exits(1)
                .complains("NoSuchBucket");
        run("publish", directory, "--stack", "bad", "--yes", "--to", temp.toString())
                .exits(64)
                .complains("is not of the form s3://bucket/prefix");
    }

    @Test
    void publishSignsWithAFileOrAKeyOfKmsAndTheGuardrailsTellThem() throws IOException {
        installation.bucket("signing");
        String to = "s3://signing/desired";
        String directory = directory("one", "", VPC.formatted(7));
        TestSigner signer = TestSigner.of("Ed25519");
        Path file = Files.writeString(temp.resolve("key.pem"), signer.privatePem());
        KmsClient kms = installation.aws(KmsClient.class);
        String kmsKey = kms.createKey(r -> r.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.SIGN_VERIFY))
                .keyMetadata()
                .keyId();
        kms.createAlias(r -> r.aliasName("alias/publisher").targetKeyId(kmsKey));
        byte[] kmsPublic = kms.getPublicKey(r -> r.keyId(kmsKey)).publicKey().asByteArray();
        Path rails = Files.writeString(temp.resolve("guardrails.json"), """
                {"apiVersion":"holdfast.dev/v1","kind":"Guardrails","spec":{"signatures":{"required":true,"keys":[
                  {"name":"ann","publicKey":"%s"},{"name":"workflow","publicKey":"%s"}]}}}
                """.formatted(
                        Base64.getEncoder().encodeToString(signer.publicKey().getEncoded()),
                        Base64.getEncoder().encodeToString(kmsPublic)));

        run("publish", directory, "--stack", "one", "--yes", "--to", to).exits(0);
        run("validate", to, "--guardrails", rails.toString())
                .exits(1)
                .prints("commit 1 is not signed", "one: 1 problems");
        run("validate", directory, "--guardrails", rails.toString())
                .exits(0)
                .complains("which require revisions that are signed by ann or workflow");
        environment.put("HOLDFAST_GUARDRAILS", rails.toString());
        run("plan", to, "--stack", "one").exits(1).complains("commit 1 is not signed");
        run("plan", directory, "--stack", "one", "--new-installation").exits(0);

        run("publish", directory, "--stack", "one", "--yes", "--to", to, "--sign", "file:" + file)
                .exits(0)
                .prints(", signed with the key sha256:");
        run("validate", to).exits(0);
        run("plan", to, "--stack", "one", "--new-installation").exits(0).complains("commit 2 by ", ", signed by ann");

        run("publish", directory, "--stack", "one", "--yes", "--to", to, "--sign", "kms:alias/publisher")
                .exits(0);
        run("plan", to, "--stack", "one", "--new-installation").exits(0).complains(", signed by workflow");

        run("publish", directory, "--stack", "one", "--yes", "--to", to, "--sign", "kms:alias/none")
                .exits(1)
                .complains("NotFoundException");
        run("publish", directory, "--stack", "one", "--yes", "--to", to, "--sign", "key.pem")
                .exits(64)
                .complains("names no key");
        run("publish", directory, "--stack", "one", "--yes", "--to", to, "--sign", "file:" + rails)
                .exits(1)
                .complains("openssl genpkey");
    }

    @Test
    void theSlowerOfTwoPublishersIsToldWhoWasFaster() throws IOException {
        installation.bucket("contested");
        String directory = directory("one", "", VPC.formatted(9));
        S3Client s3 = installation.aws(S3Client.class);
        AtomicBoolean once = new AtomicBoolean();
        installation.twin.faults().afterWrite(request -> {
            if (request.operation().equals("s3:PutObject")
                    && "holdfast-state".equals(request.app())
                    && s3.listObjectsV2(r -> r.bucket("contested")).keyCount() == 1
                    && once.compareAndSet(false, true)) {
                s3.putObject(
                        r -> r.bucket("contested").key("desired/stacks/one/HEAD.json"),
                        RequestBody.fromString("""
                            {"revision":"%s","number":1,"author":"bob","message":"faster","time":"2026-01-01T00:00:00Z"}
                            """.formatted("ab".repeat(32))));
            }
        });
        try {
            run("publish", directory, "--stack", "one", "--yes", "--to", "s3://contested/desired")
                    .exits(1)
                    .complains("bob", "faster", "publish again");
        } finally {
            installation.twin.faults().afterWrite(request -> {});
        }
        assertThat(once).isTrue();
        assertThat(head("contested").path("author").asText()).isEqualTo("bob");
    }

    @Test
    void destroyHoldsEveryDeletionUntilItIsApproved() {
        environment.put("HOLDFAST_DESIRED_STATE", Installation.LOCATION);
        environment.remove("HOLDFAST_STATE");
        installation.publish(
                "doomed", "'interval':'PT1S',", VPC.formatted(11) + "," + LOGS.formatted("/doomed/app", 7));
        until("doomed", view -> view.status().equals("Synced"));
        String vpc = String.valueOf(view("doomed").resources().values().stream()
                .filter(r -> r.id().kind().equals("Vpc"))
                .findFirst()
                .orElseThrow()
                .physicalId());

        run("destroy", "--stack", "doomed", "--author", "ann").exits(0).prints("published doomed", "approve");

        until("doomed", view -> view.verdicts().values().stream().anyMatch(Verdict.Held.class::isInstance));
        assertThat(view("doomed").status()).isEqualTo("Destroying");
        ask("get", "stacks").exits(0).prints("Destroying");
        assertThat(view("doomed").verdicts().keySet())
                .extracting(Step::resource)
                .hasToString("[Vpc/main]");
        assertThat(vpcs()).contains(vpc);
        String hash = view("doomed").verdicts().keySet().iterator().next().hash();

        ask("approve", hash, "--stack", "doomed").exits(0).prints("approved in doomed: " + hash);

        until("doomed", view -> view.resources().size() == 1);
        assertThat(vpcs()).doesNotContain(vpc);
        assertThat(view("doomed").status()).isEqualTo("Synced");
        assertThat(logGroup("/doomed/app")).isEqualTo(7);
        assertThat(view("doomed").converged()).isTrue();
    }

    @Test
    void destroyWantsAPublishedStack() {
        environment.put("HOLDFAST_DESIRED_STATE", directory("here", "", VPC.formatted(3)));
        run("destroy", "--stack", "here").exits(64).complains("directory", "s3://");
        environment.put("HOLDFAST_DESIRED_STATE", Installation.LOCATION);
        run("destroy", "--stack", "nope").exits(1).complains("nope", "held", "tiny");
        environment.remove("HOLDFAST_DESIRED_STATE");
        run("destroy", "--stack", "nope").exits(64).complains("HOLDFAST_DESIRED_STATE is not set");
    }

    private List<String> vpcs() {
        return installation.twin.account(Installation.ACCOUNT).inventory().stream()
                .filter(i -> i.type().equals("ec2:vpc"))
                .map(i -> i.id())
                .toList();
    }
}
