package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The statement by which Secrets Manager may invoke a rotation function names the account or the secret, so that no
 * other account can invoke the function through the service.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html">AddPermission</a>
 */
class FunctionPermissionTest {
    private static final String OTHER_SECRET = Docs.document("Secret", "other", "'name':'Dev/other'");

    private static String documents(String source) {
        return Docs.of(
                FunctionTest.ROLE,
                FunctionTest.function("x = 1", ""),
                Docs.document("FunctionPermission", "fn", """
                        'functionName':'${Function/fn.name}','action':'lambda:InvokeFunction',
                        'principal':'secretsmanager.amazonaws.com',%s""".formatted(source)),
                Docs.document("Secret", "db", "'name':'Dev/db'"),
                OTHER_SECRET,
                Docs.document("SecretRotation", "db", """
                        'secretId':'${Secret/db.arn}','rotationLambdaARN':'${Function/fn.arn}',
                        'rotationRules':{'scheduleExpression':'cron(0 2 ? * SUN *)','duration':'3h'}"""));
    }

    private static boolean rotates(World world) {
        return Boolean.TRUE.equals(world.somebody(SecretsManagerClient.class)
                .describeSecret(r -> r.secretId("Dev/db"))
                .rotationEnabled());
    }

    private static String function(World world) {
        return world.resource("Function/fn").physicalId();
    }

    private static List<JsonNode> statements(World world) {
        String policy = world.somebody(LambdaClient.class)
                .getPolicy(r -> r.functionName(function(world)))
                .policy();
        return PolicyDocuments.parse(policy).path("Statement").valueStream().toList();
    }

    private static List<String> writes(World world) {
        return world.twin.log().writes().stream()
                .map(call -> call.operation())
                .filter(operation -> operation.endsWith("Permission"))
                .toList();
    }

    /** The new statement comes before the old one leaves, so that no rotation is refused in between. */
    @Test
    void anotherAccountIsNotAdmittedAndAChangeLeavesNoGap() {
        try (World world = new World()) {
            world.desire(documents("'sourceAccount':'210987654321'"));
            world.run(Duration.ofMinutes(5));
            assertThat(rotates(world)).isFalse();
            assertThat(world.resource("SecretRotation/db").message()).contains("cannot invoke");
            assertThat(world.status("SecretRotation/db")).isNotEqualTo(Status.Stalled);

            world.desire(documents("'sourceAccount':'" + World.ACCOUNT + "'")).converged();

            assertThat(rotates(world)).isTrue();
            assertThat(statements(world))
                    .singleElement()
                    .satisfies(statement -> assertThat(statement
                                    .at("/Condition/StringEquals/AWS:SourceAccount")
                                    .asText())
                            .isEqualTo(World.ACCOUNT));
            assertThat(writes(world))
                    .containsExactly("lambda:AddPermission", "lambda:AddPermission", "lambda:RemovePermission");
        }
    }

    @Test
    void onlyTheSecretThatTheStatementNamesIsAdmitted() {
        try (World world = new World()) {
            world.desire(documents("'sourceArn':'${Secret/other.arn}'"));
            world.run(Duration.ofMinutes(5));
            assertThat(rotates(world)).isFalse();

            world.desire(documents("'sourceArn':'${Secret/db.arn}'")).converged();

            assertThat(rotates(world)).isTrue();
            assertThat(statements(world))
                    .singleElement()
                    .satisfies(statement -> assertThat(statement
                                    .at("/Condition/ArnLike/AWS:SourceArn")
                                    .asText())
                            .endsWith(String.valueOf(world.resource("Secret/db").physicalId())));
        }
    }

    /** A statement without its condition lets every account invoke the function through the service. */
    private static void withoutItsCondition(World world) {
        String id = statements(world).getFirst().path("Sid").asText();
        LambdaClient lambda = world.somebody(LambdaClient.class);
        lambda.removePermission(r -> r.functionName("fn").statementId(id));
        lambda.addPermission(r -> r.functionName("fn")
                .statementId(id)
                .action("lambda:InvokeFunction")
                .principal("secretsmanager.amazonaws.com"));
    }

    private static void namesTheAccount(World world) {
        assertThat(statements(world))
                .as(world.describe())
                .singleElement()
                .satisfies(statement -> assertThat(statement
                                .at("/Condition/StringEquals/AWS:SourceAccount")
                                .asText())
                        .isEqualTo(World.ACCOUNT));
    }

    @Test
    void aConditionThatSomebodyRemovesIsPutBackWithoutAnApproval() {
        try (World world = new World()) {
            world.desire(documents("'sourceAccount':'" + World.ACCOUNT + "'")).converged();
            withoutItsCondition(world);

            world.run(Duration.ofMinutes(15));

            namesTheAccount(world);
            assertThat(world.status("FunctionPermission/fn")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aProcessThatEndsBetweenTheTwoCallsLosesNoStatement() {
        try (World world = new World()) {
            world.desire(documents("'sourceAccount':'" + World.ACCOUNT + "'")).converged();
            withoutItsCondition(world);
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("lambda:AddPermission", new TwinFault.CutAtWrite(1, false))
                            .by(world.caller()));
            world.runUntil(() -> world.twin.faults().isCutOff(world.caller()), Duration.ofMinutes(15));
            assertThat(world.writes()).containsEntry("lambda:RemovePermission", 1L);

            world.restart().converged();

            namesTheAccount(world);
        }
    }
}
