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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Rotation with a real server, over TLS, and the twin's Secrets Manager, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RotationCase<S extends RealServer> {
    static final String MASTER_PASSWORD = "Master-0123456789";

    /** The name of the engine in a secret. */
    private final String engine;

    private final String database;

    private Path directory;
    private TwinServer twin;
    private KilledRotations rotations;
    S server;
    SecretsManagerClient secrets;
    SecretInTwin master;
    RotationHandler handler;

    RotationCase(String engine, String database) {
        this.engine = engine;
        this.database = database;
    }

    /** @param directory an empty directory for the server's files */
    abstract S started(Path directory, String masterPassword) throws Exception;

    /** Creates a user that may only log in. */
    abstract void create(String user, String password) throws SQLException;

    /** Lets a user read the table of users, on servers where this needs a privilege. */
    void mayReadUsers(String user) throws SQLException {}

    abstract String userOf(Connection connection) throws SQLException;

    /** The part before the password of the statement that creates a user. */
    abstract String creationOf(String user);

    /** The last effect of setSecret in a first rotation: its requests, logins, statements and commits. */
    abstract int lastEffectOfSetSecret();

    /** A pattern of the message for a statement for which the user lacks the privilege. */
    abstract String refusal();

    @BeforeAll
    void start(@TempDir Path files) throws Exception {
        directory = files;
        server = started(directory, MASTER_PASSWORD);
        twin = TwinServer.start(TwinOptions.defaults());
        secrets = OverHttp.client(SecretsManagerClient.class, twin.endpoint(), "111122223333");
        // RDS's secret of a master user contains only these members.
        master = SecretInTwin.create(
                secrets,
                "rds-master",
                "{\"username\":\"" + RealServer.MASTER + "\",\"password\":\"" + MASTER_PASSWORD + "\"}");
        Mortality mortality = new Mortality();
        handler = new RotationHandler(
                mortality.of(secrets),
                mortality.of(new TlsLogins(server.certificate().certificate())));
        rotations = new KilledRotations(handler, mortality, server::application);
    }

    @AfterAll
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        if (twin != null) {
            secrets.close();
            twin.close();
        }
    }

    SecretInTwin alternating(String user) {
        return SecretInTwin.create(
                secrets,
                "alternating/" + Math.abs(user.hashCode()),
                value(user, "First-" + user.hashCode(), master.arn()));
    }

    String value(String user, String password, @Nullable String masterSecret) {
        ObjectNode value = new ObjectMapper()
                .createObjectNode()
                .put("engine", engine)
                .put("host", "localhost")
                .put("port", server.port())
                .put("dbname", database)
                .put("username", user)
                .put("password", password);
        if (masterSecret != null) {
            value.put("masterarn", masterSecret);
        }
        return value.put("note", "kept").toString();
    }

    Connection application(SecretInTwin secret) throws SQLException {
        return server.application(secret.user(), secret.password());
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
            try (Connection again = server.application(user, password);
                    Connection anew = application(secret)) {
                assertThat(userOf(again)).isEqualTo("app_clone");
                assertThat(userOf(anew)).isEqualTo("app");
            }
            secret.rotate(handler);

            assertThat(ask(running, "SELECT 1")).isEqualTo("1");
            assertThatThrownBy(() -> server.application(user, password)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void isCalledAgainAfterItWasKilledAnywhere() throws Exception {
        Set<String> killed = rotations.everywhere(this::alternating);

        assertThat(killed)
                .contains("createSecret4", "setSecret" + lastEffectOfSetSecret(), "testSecret3", "finishSecret2");
    }

    @Test
    void aUserChangesItsOwnPassword() throws Exception {
        create("o'brien \"x", "Own-1");
        SecretInTwin secret = SecretInTwin.create(secrets, "single", value("o'brien \"x", "Own-1", null));
        rotations.ofOneUser(secret);
    }

    @Test
    void noPasswordReachesTheLogOfTheServer() throws Exception {
        SecretInTwin secret = alternating("logged");
        List<String> passwords = new ArrayList<>(List.of(MASTER_PASSWORD, secret.password()));
        for (int i = 0; i < 3; i++) {
            secret.rotate(handler);
            passwords.add(secret.password());
        }

        String log = server.log();

        assertThat(log).contains(creationOf("logged_clone"));
        assertThat(log).doesNotContain(passwords);
    }

    /** A principal that may write a secret, but knows no password, obtains no password. */
    @Test
    void refusesASecretWhoseCurrentPasswordIsWrong() {
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
        create("weak", "Weak-1");
        mayReadUsers("weak");
        SecretInTwin weak = SecretInTwin.create(secrets, "weak", "{\"username\":\"weak\",\"password\":\"Weak-1\"}");
        SecretInTwin secret = SecretInTwin.create(secrets, "of-weak", value("strong", "Strong-1", weak.arn()));
        String token = SecretInTwin.newToken();
        handler.handle(secret.event("createSecret", token));

        assertThatThrownBy(() -> handler.handle(secret.event("setSecret", token)))
                .isInstanceOf(RotationFailure.class)
                .hasMessageMatching("cannot prepare the user strong_clone as weak: " + refusal())
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
