package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policies that the command prints, for each role that the pages tell users to create. */
@Order(1)
@Execution(ExecutionMode.SAME_THREAD) // its commands read the settings of the process
class PolicyCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WHERE = "s3://my-bucket/desired";
    /**
     * The size limit of a managed policy, without white space:
     * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
     */
    private static final int LARGEST = 6144;

    @TempDir
    Path temp;

    private static CommandLines.RanLine policy(String part) {
        return CommandLines.run(
                "policy", "desired-state", "--stack", "minimal", "--desired-state", WHERE, "--part", part);
    }

    private static TreeSet<String> actions(JsonNode policy) {
        TreeSet<String> actions = new TreeSet<>();
        for (JsonNode statement : policy.path("Statement")) {
            if (statement.path("Effect").asText().equals("Allow")) {
                statement.path("Action").forEach(action -> actions.add(action.asText()));
            }
        }
        return actions;
    }

    @ParameterizedTest
    @CsvSource({
        "operator, s3:GetObject, ecs:CreateService",
        "stack, ecs:CreateService, sqs:ReceiveMessage",
        "reader, ecs:DescribeServices, ecs:CreateService",
        "publisher, s3:PutObject, ecs:DescribeServices",
        "approver, s3:PutObject, ecs:DescribeServices"
    })
    void eachPartIsOfOneRole(String part, String has, String lacks) throws IOException {
        CommandLines.RanLine ran = policy(part);

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(actions(JSON.readTree(ran.out()))).contains(has).doesNotContain(lacks);
    }

    /** The operator may read the desired state and not write it; the publisher may write it. */
    @Test
    void theOperatorMayNotPublish() throws IOException {
        for (JsonNode statement : JSON.readTree(policy("operator").out()).path("Statement")) {
            if (statement.path("Action").toString().contains("s3:Put")) {
                assertThat(statement.path("Resource").toString())
                        .contains("/.holdfast/")
                        .doesNotContain("/desired/");
            }
        }
        assertThat(policy("publisher").out()).contains("my-bucket/desired/stacks/minimal/");
    }

    @Test
    void whatIsTooLargeForOnePolicyIsSeveralFiles() throws IOException {
        Path out = temp.resolve("policies");
        CommandLines.RanLine ran = CommandLines.run(
                "policy",
                "desired-state",
                "--stack",
                "prod",
                "--desired-state",
                WHERE,
                "--part",
                "stack",
                "--out",
                out.toString());

        assertThat(ran.code()).as(ran.err()).isZero();
        try (Stream<Path> written = Files.list(out)) {
            List<Path> files = written.toList();
            assertThat(files)
                    .hasSizeGreaterThan(1)
                    .allSatisfy(file -> assertThat(
                                    JSON.readTree(Files.readString(file)).toString())
                            .hasSizeLessThanOrEqualTo(LARGEST));
        }
    }
}
