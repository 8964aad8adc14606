package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.alerts.Alert;
import dev.holdfast.alerts.WorldAlerts;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Health;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;

/**
 * The operator repairs the schedule of a rotation. A secret is rotated only on its schedule or when the user requests
 * it.
 */
class SecretRotationTest {
    private static final String SECRET =
            Docs.document("Secret", "db", "'name':'Dev/db','generateSecretString':{'passwordLength':20}");
    private static final String PERMISSION = Docs.document("FunctionPermission", "fn", """
            'functionName':'${Function/fn.name}','action':'lambda:InvokeFunction',
            'principal':'secretsmanager.amazonaws.com','sourceAccount':'123456789012'""");

    static String docs(String more) {
        return Docs.of(
                FunctionTest.ROLE,
                FunctionTest.function("x = 1", ""),
                PERMISSION,
                SECRET,
                Docs.document("SecretRotation", "db", """
                        'secretId':'${Secret/db.arn}','rotationLambdaARN':'${Function/fn.arn}',%s
                        'rotationRules':{'scheduleExpression':'cron(0 2 ? * SUN *)','duration':'3h'}""".formatted(more)));
    }

    private static DescribeSecretResponse secret(World world) {
        return world.somebody(SecretsManagerClient.class).describeSecret(r -> r.secretId("Dev/db"));
    }

    private static List<String> rotations(World world) {
        return world.twin.log().writes().stream()
                .filter(r -> r.operation().contains("RotateSecret"))
                .map(r -> r.operation() + " " + r.status())
                .toList();
    }

    @Test
    void isConfiguredOnceTheFunctionMayBeInvokedAndRotatesNothing() {
        try (World world = new World()) {
            world.desire(docs("")).converged();

            assertThat(rotations(world)).containsExactly("secretsmanager:RotateSecret 200");
            assertThat(secret(world).rotationEnabled()).isTrue();
            assertThat(secret(world).lastRotatedDate()).isNull();
            assertThat(secret(world).versionIdsToStages()).hasSize(1);
            assertThat(secret(world).nextRotationDate()).isEqualTo("2026-01-04T02:00:00Z");
        }
    }

    @Test
    void aScheduleThatSomebodyChangedOrSwitchedOffIsHealedWithoutARotation() {
        try (World world = new World()) {
            world.desire(docs("")).converged();
            String version =
                    secret(world).versionIdsToStages().keySet().iterator().next();
            world.somebody(SecretsManagerClient.class)
                    .rotateSecret(r -> r.secretId("Dev/db")
                            .rotateImmediately(false)
                            .rotationRules(rules -> rules.automaticallyAfterDays(900L)));
            world.run(Duration.ofMinutes(10));
            assertThat(secret(world).rotationRules().scheduleExpression()).isEqualTo("cron(0 2 ? * SUN *)");

            world.somebody(SecretsManagerClient.class).cancelRotateSecret(r -> r.secretId("Dev/db"));
            world.run(Duration.ofMinutes(10));

            assertThat(secret(world).rotationEnabled()).isTrue();
            assertThat(secret(world).versionIdsToStages()).containsOnlyKeys(version);
            assertThat(world.status("SecretRotation/db")).isEqualTo(Status.Synced);
        }
    }

    /** ListSecrets answers with the rotation of each secret, so that rotations cost no requests of their own. */
    @Test
    void rotationsCostNoRequests() {
        assertThat(requests(20, true))
                .isEqualTo(requests(20, false))
                .containsKey("secretsmanager:ListSecrets")
                .doesNotContainKey("secretsmanager:DescribeSecret");
    }

    /** The operator's requests to Secrets Manager in an hour without changes, by operation. */
    private static Map<String, Long> requests(int secrets, boolean rotated) {
        List<String> documents =
                new ArrayList<>(List.of(FunctionTest.ROLE, FunctionTest.function("x = 1", ""), PERMISSION));
        for (int i = 0; i < secrets; i++) {
            documents.add(Docs.document("Secret", "s" + i, "'name':'Dev/s" + i + "'"));
            if (rotated) {
                documents.add(Docs.document("SecretRotation", "s" + i, """
                        'secretId':'${Secret/s%s.arn}','rotationLambdaARN':'${Function/fn.arn}',
                        'rotationRules':{'scheduleExpression':'cron(0 2 ? * SUN *)','duration':'3h'}""".formatted(i)));
            }
        }
        try (World world = new World()) {
            world.desire(Docs.of(documents.toArray(String[]::new))).converged();
            // The list of the secrets is minutes behind.
            world.run(Duration.ofMinutes(20));
            world.twin.log().reset();

            world.run(Duration.ofHours(1));

            return world.twin.log().counts(call -> call.operation().startsWith("secretsmanager:"));
        }
    }

    @Test
    void isRotatedOnItsScheduleAndNothingIsSentForThat() {
        try (World world = new World()) {
            world.desire(docs("")).converged();
            world.run(Duration.ofMinutes(10));
            world.twin.log().reset();

            world.clock.advance(Duration.ofDays(5));
            world.run(Duration.ofMinutes(20));

            assertThat(secret(world).lastRotatedDate()).isNotNull();
            assertThat(secret(world).versionIdsToStages().values())
                    .containsExactlyInAnyOrder(List.of("AWSPREVIOUS"), List.of("AWSCURRENT", "AWSPENDING"));
            assertThat(rotations(world)).isEmpty();
            assertThat(world.status("SecretRotation/db")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void isRotatedAtOnceOnTheUsersWordOnly() {
        try (World world = new World()) {
            world.desire(docs("'rotateImmediately':true,")).converged();
            world.run(Duration.ofMinutes(10));

            assertThat(rotations(world)).containsExactly("secretsmanager:RotateSecret 200");
            assertThat(secret(world).lastRotatedDate()).isNotNull();
        }
    }

    @Test
    void aRotationWhoseFunctionFailsIsShownAndLeftAlone() {
        try (World world = new World()) {
            world.settings.rotationFunction(step -> {
                throw new IllegalStateException("no database");
            });
            world.desire(docs("'rotateImmediately':true,"));
            world.run(Duration.ofMinutes(40));

            assertThat(world.resource("SecretRotation/db").conditions())
                    .anyMatch(c -> c.status() == Health.Ready.False && "RotationPending".equals(c.reason()));
            assertThat(rotations(world)).containsExactly("secretsmanager:RotateSecret 200");
        }
    }

    @Test
    void aRotationThatDoesNotEndWithinItsWindowIsStuckAndRaisesAnAlert() {
        try (World world = new World()) {
            WorldAlerts alerts = new WorldAlerts(world);
            world.settings.rotationFunction(step -> {
                throw new IllegalStateException("no database");
            });
            world.desire(docs("'rotateImmediately':true,"));
            world.run(Duration.ofMinutes(40));
            alerts.pass();
            assertThat(reason(world)).isEqualTo("RotationPending");
            assertThat(stuck(alerts)).isEmpty();

            world.run(Duration.ofHours(3));
            alerts.pass();

            assertThat(reason(world)).isEqualTo("RotationStuck");
            assertThat(stuck(alerts)).singleElement().satisfies(alert -> {
                assertThat(alert.resource()).hasToString("SecretRotation/db");
                assertThat(alert.message()).contains("AWSPENDING", "log of the function");
            });
            assertThat(rotations(world)).containsExactly("secretsmanager:RotateSecret 200");

            String pending = secret(world).versionIdsToStages().entrySet().stream()
                    .filter(version -> version.getValue().contains("AWSPENDING"))
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            world.somebody(SecretsManagerClient.class)
                    .updateSecretVersionStage(
                            r -> r.secretId("Dev/db").versionStage("AWSPENDING").removeFromVersionId(pending));
            world.run(Duration.ofMinutes(10));

            assertThat(reason(world)).isEqualTo("Available");
        }
    }

    private static String reason(World world) {
        return world.resource("SecretRotation/db").conditions().stream()
                .filter(c -> c.type() == Condition.ConditionType.Ready)
                .findFirst()
                .orElseThrow()
                .reason();
    }

    private static List<Alert> stuck(WorldAlerts alerts) {
        return alerts.sent().stream()
                .filter(alert -> alert.reason().equals("RotationStuck"))
                .toList();
    }
}
