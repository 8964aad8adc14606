package dev.holdfast.rotation;

import static dev.holdfast.rotation.KilledRotations.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Rotation with a real PostgreSQL, over TLS, and the twin's Secrets Manager, over HTTP. */
class PostgresRotationTest {
    private static final String MASTER_PASSWORD = "Master-0123456789";

    @TempDir
    private static Path directory;

    private static PostgresServer postgres;
    private static TwinServer twin;
    private static SecretsManagerClient secrets;
    private static SecretInTwin master;

    private final Mortality mortality = new Mortality();
    private final RotationHandler handler =
            new RotationHandler(mortality.of(secrets), mortality.of(new TlsLogins(postgres.certificate.certificate())));
    private final KilledRotations rotations = new KilledRotations(handler, mortality, postgres::application);

    @BeforeAll
    static void start() throws Exception {
        postgres = PostgresServer.start(directory, MASTER_PASSWORD);
        twin = TwinServer.start(TwinOptions.defaults());
        secrets = OverHttp.client(SecretsManagerClient.class, twin.endpoint(), "111122223333");
        // The secret that RDS keeps of a master user holds no more than this.
        master = SecretInTwin.create(
                secrets,
                "rds-master",
                "{\"username\":\"" + PostgresServer.MASTER + "\",\"password\":\"" + MASTER_PASSWORD + "\"}");
    }

    @AfterAll
    static void stop() throws Exception {
        secrets.close();
        twin.close();
        postgres.close();
    }

    private static SecretInTwin alternating(String user) {
        return SecretInTwin.create(
                secrets,
                "alternating/" + Math.abs(user.hashCode()),
                value(user, "First-" + user.hashCode(), master.arn()));
    }

    private static String value(String user, String password, String masterSecret) {
        ObjectNode value = new ObjectMapper()
                .createObjectNode()
                .put("engine", "postgres")
                .put("host", "localhost")
                .put("port", postgres.port())
                .put("dbname", PostgresServer.DATABASE)
                .put("username", user)
                .put("password", password);
        if (masterSecret != null) {
            value.put("masterarn", masterSecret);
        }
        return value.put("note", "kept").toString();
    }

    private static Connection application(SecretInTwin secret) throws SQLException {
        return postgres.application(secret.user(), secret.password());
    }

    @Test
    void twoUsersAlternateAndTheFormerPasswordLivesUntilTheNextRotation() throws Exception {
        SecretInTwin secret = alternating("app");
        secret.rotate(handler);
        assertThat(secret.user()).isEqualTo("app_clone");

        try (Connection running = application(secret)) {
            String user = secret.user();
            String password = secret.password();
            secret.rotate(handler);

            assertThat(secret.user()).isEqualTo("app");
            assertThat(secret.password()).isNotEqualTo(password);
            assertThat(secret.member("AWSCURRENT", "note")).isEqualTo("kept");
            assertThat(ask(running, "SELECT 1")).isEqualTo("1");
            try (Connection again = postgres.application(user, password);
                    Connection anew = application(secret)) {
                assertThat(ask(again, "SELECT session_user")).isEqualTo("app_clone");
                assertThat(ask(anew, "SELECT session_user")).isEqualTo("app");
            }
            secret.rotate(handler);

            assertThat(ask(running, "SELECT 1")).isEqualTo("1");
            assertThatThrownBy(() -> postgres.application(user, password)).isInstanceOf(SQLException.class);
        }
    }

    /** What the application creates belongs to one user, so that the other one may change it. */
    @Test
    void whatOneUserCreatesTheOtherMayChange() throws Exception {
        SecretInTwin secret = alternating("maker");
        secret.rotate(handler);
        try (Connection clone = application(secret);
                Statement statement = clone.createStatement()) {
            statement.execute("CREATE TABLE made (a int)");
        }

        secret.rotate(handler);

        try (Connection owner = application(secret);
                Statement statement = owner.createStatement()) {
            statement.execute("ALTER TABLE made ADD COLUMN b int");
            assertThat(ask(owner, "SELECT tableowner FROM pg_tables WHERE tablename = 'made'"))
                    .isEqualTo("maker");
        }
    }

    @Test
    void isCalledAgainAfterItWasKilledAnywhere() throws Exception {
        Set<String> killed = rotations.everywhere(PostgresRotationTest::alternating);

        // The requests, logins, statements and commits of a first rotation.
        assertThat(killed).contains("createSecret4", "setSecret15", "testSecret3", "finishSecret2");
    }

    @Test
    void aUserChangesItsOwnPassword() throws Exception {
        try (Connection root = postgres.root();
                Statement statement = root.createStatement()) {
            statement.execute("SET log_statement = 'none'");
            statement.execute("CREATE ROLE \"o'brien \"\"x\" LOGIN PASSWORD 'Own-1'");
        }
        SecretInTwin secret = SecretInTwin.create(secrets, "single", value("o'brien \"x", "Own-1", null));
        rotations.ofOneUser(secret);
    }

    @Test
    void noPasswordReachesTheLogOfTheServer() throws Exception {
        SecretInTwin secret = alternating("logged");
        List<String> passwords = new ArrayList<>(List.of(secret.password()));
        for (int i = 0; i < 3; i++) {
            secret.rotate(handler);
            passwords.add(secret.password());
        }

        String log = postgres.log();

        assertThat(log).contains("CREATE ROLE \"logged_clone\" LOGIN PASSWORD 'SCRAM-SHA-256$");
        assertThat(log).doesNotContain(passwords);
        assertThat(log).doesNotContain(MASTER_PASSWORD);
    }

    /** Who may write a secret, and knows no password, obtains none. */
    @Test
    void refusesASecretWhoseCurrentPasswordIsWrong() throws Exception {
        SecretInTwin secret = alternating("careful");
        secret.rotate(handler);
        secret.client()
                .putSecretValue(
                        r -> r.secretId(secret.arn()).secretString(value("careful_clone", "Wrong-1", master.arn())));
        String token = SecretInTwin.newToken();
        handler.handle(secret.event("createSecret", token));

        assertThatThrownBy(() -> handler.handle(secret.event("setSecret", token)))
                .isInstanceOf(RotationFailure.class)
                .hasMessage("the current password of careful_clone is refused")
                .hasNoCause();
    }

    @Test
    void aFailureTellsTheCodeOfTheServerAndNoValue() throws Exception {
        SecretInTwin weak = SecretInTwin.create(secrets, "weak", "{\"username\":\"weak\",\"password\":\"Weak-1\"}");
        try (Connection root = postgres.root();
                Statement statement = root.createStatement()) {
            statement.execute("SET log_statement = 'none'");
            statement.execute("CREATE ROLE weak LOGIN PASSWORD 'Weak-1'");
        }
        SecretInTwin secret = SecretInTwin.create(secrets, "of-weak", value("strong", "Strong-1", weak.arn()));
        String token = SecretInTwin.newToken();
        handler.handle(secret.event("createSecret", token));

        assertThatThrownBy(() -> handler.handle(secret.event("setSecret", token)))
                .isInstanceOf(RotationFailure.class)
                .hasMessage("cannot prepare the user strong_clone as weak: the user lacks the privilege"
                        + " (SQLSTATE 42501, code 0)")
                .hasNoCause();
    }

    @Test
    void trustsNoServerOfAnotherAuthority() throws Exception {
        ServerCertificate other = ServerCertificate.make(directory, "other");
        SecretInTwin secret = alternating("deceived");
        RotationHandler strict = new RotationHandler(secrets, new TlsLogins(other.certificate()));
        String token = SecretInTwin.newToken();
        strict.handle(secret.event("createSecret", token));

        assertThatThrownBy(() -> strict.handle(secret.event("setSecret", token)))
                .isInstanceOf(RotationFailure.class)
                .hasMessageStartingWith("cannot log in as holdfast_master: no connection;");
    }
}
