package dev.holdfast.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.engine.World;
import dev.holdfast.model.Status;
import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.store.RotationFunction.RotationStep;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A composite database with rotation, from its document to the password in a real PostgreSQL: the twin's Secrets
 * Manager calls the handler, and the handler calls Secrets Manager over HTTP.
 */
class DatabaseRotationTest {
    private static final String MASTER = "dbadmin";
    private static final String NAME = "test/Database/Main";

    @TempDir
    private Path directory;

    private PostgresServer postgres;
    private World world;
    private SecretsManagerClient secrets;
    private final List<String> steps = new CopyOnWriteArrayList<>();
    /** The twin runs the function in a separate thread. */
    private final BlockingQueue<RotationStep> finished = new LinkedBlockingQueue<>();

    private volatile boolean broken;

    @BeforeEach
    void start() throws Exception {
        postgres = PostgresServer.start(directory, "unused");
        world = new World();
        secrets = OverHttp.client(SecretsManagerClient.class, world.twin.endpoint(), World.ACCOUNT);
        RotationHandler handler = new RotationHandler(secrets, this::open);
        world.settings.rotationFunction(step -> {
            steps.add(step.step());
            if (broken) {
                throw new IllegalStateException("no database");
            }
            handler.handle(event(step));
            if (step.step().equals("finishSecret")) {
                finished.add(step);
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        secrets.close();
        world.close();
        postgres.close();
    }

    private static RotationEvent event(RotationStep step) {
        return new RotationEvent(step.step(), step.secretId(), step.clientRequestToken(), null);
    }

    /** The twin's database has only an address, so that the real server replaces it. */
    private Connection open(DatabaseCredentials credentials) throws SQLException {
        assertThat(credentials.host()).endsWith(".eu-west-2.rds.amazonaws.com");
        if (credentials.username().equals(MASTER)) {
            createMaster(credentials.password());
        }
        return postgres.application(
                String.valueOf(credentials.database()), credentials.username(), credentials.password());
    }

    private void createMaster(String password) throws SQLException {
        try (Connection root = postgres.root();
                Statement statement = root.createStatement()) {
            if (!new PostgresDialect().exists(root, MASTER)) {
                statement.execute("CREATE ROLE " + MASTER + " LOGIN CREATEROLE CREATEDB PASSWORD '" + password + "'");
                statement.execute("CREATE DATABASE shop OWNER " + MASTER);
            }
        }
    }

    private World desired(String image) {
        return world.desire("""
            [{'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
              'spec':{'cidrBlock':'10.0.0.0/16','zones':['a','b']}},
             {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}},
             {'apiVersion':'holdfast.dev/v1','kind':'Database','metadata':{'name':'main'},
              'spec':{'engineVersion':'15','dbInstanceClass':'db.t4g.medium','dbName':'shop',
                      'rotation':{'image':'123456789012.dkr.ecr.eu-west-2.amazonaws.com/holdfast:1.0.0'}}},
             {'apiVersion':'holdfast.dev/v1','kind':'Service','metadata':{'name':'api'},
              'spec':{'image':'%s','scaling':false,'alarms':false,
                      'secrets':{'DATABASE_USER':{'database':'main','key':'username'},
                                 'DATABASE_PASSWORD':{'database':'main','key':'password'}}}}]
            """.formatted(image));
    }

    private SecretInTwin secret() {
        return new SecretInTwin(
                secrets, secrets.describeSecret(r -> r.secretId(NAME)).arn());
    }

    private List<String> versionsOfTheService() {
        EcsClient ecs = world.somebody(EcsClient.class);
        String cluster = world.resource("EcsCluster/main").physicalId();
        String service = world.resource("EcsService/api").physicalId();
        return ecs.describeServices(r -> r.cluster(cluster).services(service)).services().stream()
                .map(s -> ecs.describeTaskDefinition(r -> r.taskDefinition(s.taskDefinition())))
                .flatMap(d -> d.taskDefinition().containerDefinitions().stream())
                .flatMap(c -> c.secrets().stream())
                .map(Secret::valueFrom)
                .map(from -> from.substring(from.lastIndexOf(':') + 1))
                .distinct()
                .toList();
    }

    /** The value that ECS gives to a variable of the service's tasks. */
    private String given(String variable) {
        EcsClient ecs = world.somebody(EcsClient.class);
        String definition = world.resource("TaskDefinition/api").physicalId();
        String from = ecs
                .describeTaskDefinition(r -> r.taskDefinition(definition))
                .taskDefinition()
                .containerDefinitions()
                .getFirst()
                .secrets()
                .stream()
                .filter(s -> s.name().equals(variable))
                .findFirst()
                .orElseThrow()
                .valueFrom();
        // arn:aws:secretsmanager:region:account:secret:name:key:stage:version
        String[] parts = from.split(":", -1);
        String secret = String.join(":", List.of(parts).subList(0, 7));
        return PolicyDocuments.parse(
                        secrets.getSecretValue(r -> r.secretId(secret).versionId(parts[9]))
                                .secretString())
                .path(parts[7])
                .asText();
    }

    private String current() {
        return secrets.getSecretValue(r -> r.secretId(NAME)).versionId();
    }

    private void rotated() throws InterruptedException {
        assertThat(finished.poll(60, TimeUnit.SECONDS)).as("%s", steps).isNotNull();
    }

    /** The first rotation creates the users, so that nobody has to prepare the database. */
    @Test
    void theFirstRotationMakesTheUserBeforeATaskStarts() throws Exception {
        desired("public.ecr.aws/x/api:1").converged();

        rotated();
        assertThat(steps).containsExactlyElementsOf(SecretInTwin.STEPS);
        try (Connection application = postgres.application("shop", given("DATABASE_USER"), given("DATABASE_PASSWORD"));
                Statement statement = application.createStatement()) {
            statement.execute("CREATE TABLE bookings (a int)");
        }
        assertThat(world.owned().get("TaskDefinition/api")).hasSize(1);
        assertThat(versionsOfTheService()).containsExactly(current());
    }

    @Test
    void whoRotatesByHandGetsAnotherPasswordAndARollout() throws Exception {
        desired("public.ecr.aws/x/api:1").converged();
        rotated();
        String user = secret().user();
        String password = secret().password();
        steps.clear();

        secrets.rotateSecret(r -> r.secretId(NAME));
        rotated();
        world.run(Duration.ofMinutes(30));

        assertThat(steps).containsExactlyElementsOf(SecretInTwin.STEPS);
        assertThat(secret().password()).isNotEqualTo(password);
        assertThat(versionsOfTheService()).containsExactly(current());
        assertThat(world.view().converged()).isTrue();
        // The tasks that ran during the rotation could always log in.
        postgres.application("shop", user, password).close();
        postgres.application("shop", secret().user(), secret().password()).close();
    }

    @Test
    void aRotationThatSomebodySwitchedOffIsSwitchedOnAgainWithoutAnotherPassword() throws Exception {
        desired("public.ecr.aws/x/api:1").converged();
        rotated();
        String password = secret().password();
        steps.clear();

        secrets.cancelRotateSecret(r -> r.secretId(NAME));
        world.run(Duration.ofMinutes(15));

        assertThat(secrets.describeSecret(r -> r.secretId(NAME)).rotationEnabled())
                .isTrue();
        assertThat(secret().password()).isEqualTo(password);
        assertThat(steps).doesNotContain("finishSecret");
    }

    /** A rotation that does not end prevents no deployment. */
    @Test
    void anotherImageIsRolledOutWhileARotationIsStuck() throws Exception {
        desired("public.ecr.aws/x/api:1").converged();
        rotated();
        broken = true;
        secrets.rotateSecret(r -> r.secretId(NAME));
        world.run(Duration.ofMinutes(10));
        assertThat(world.resource("SecretRotation/main-rotation").conditions())
                .anyMatch(c -> "RotationPending".equals(c.reason()));

        desired("public.ecr.aws/x/api:2").run(Duration.ofMinutes(20));

        assertThat(world.status("EcsService/api")).isEqualTo(Status.Synced);
        assertThat(world.resource("TaskDefinition/api").spec().toString()).contains("x/api:2");
        assertThat(versionsOfTheService()).containsExactly(current());
    }
}
