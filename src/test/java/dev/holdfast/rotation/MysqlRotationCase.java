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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Rotation with a real server of MySQL's family, over TLS, and the twin's Secrets Manager, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MysqlRotationCase {
    private static final String MASTER_PASSWORD = "Master-0123456789";
    private static final String TABLE = "`shop ``1```.bookings";

    /** As a secret names it. */
    private final String engine;

    private Path directory;
    private MysqlServer server;
    private TwinServer twin;
    private SecretsManagerClient secrets;
    private SecretInTwin master;
    private RotationHandler handler;
    private KilledRotations rotations;

    MysqlRotationCase(String engine) {
        this.engine = engine;
    }

    abstract MysqlServer started(Path directory, String masterPassword) throws Exception;

    @BeforeAll
    void start(@TempDir Path files) throws Exception {
        directory = files;
        server = started(directory, MASTER_PASSWORD);
        twin = TwinServer.start(TwinOptions.defaults());
        secrets = OverHttp.client(SecretsManagerClient.class, twin.endpoint(), "111122223333");
        // The secret that RDS keeps of a master user holds no more than this.
        master = SecretInTwin.create(
                secrets,
                "rds-master",
                "{\"username\":\"" + MysqlServer.MASTER + "\",\"password\":\"" + MASTER_PASSWORD + "\"}");
        Mortality mortality = new Mortality();
        handler = new RotationHandler(
                mortality.of(secrets), mortality.of(new TlsLogins(server.certificate.certificate())));
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

    private SecretInTwin alternating(String user) {
        return SecretInTwin.create(
                secrets,
                "alternating/" + Math.abs(user.hashCode()),
                value(user, "First-" + user.hashCode(), master.arn()));
    }

    private String value(String user, String password, @Nullable String masterSecret) {
        ObjectNode value = new ObjectMapper()
                .createObjectNode()
                .put("engine", engine)
                .put("host", "localhost")
                .put("port", server.port())
                .put("dbname", MysqlServer.DATABASE)
                .put("username", user)
                .put("password", password);
        if (masterSecret != null) {
            value.put("masterarn", masterSecret);
        }
        return value.put("note", "kept").toString();
    }

    private Connection application(SecretInTwin secret) throws SQLException {
        return server.application(secret.user(), secret.password());
    }

    private static void tell(Connection connection, String statements) throws SQLException {
        try (Connection closed = connection;
                Statement statement = closed.createStatement()) {
            for (String one : statements.split(";")) {
                statement.execute(one);
            }
        }
    }

    private Connection asMaster() throws SQLException {
        return server.application(MysqlServer.MASTER, MASTER_PASSWORD);
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
                assertThat(ask(again, "SELECT current_user()")).isEqualTo("app_clone@%");
                assertThat(ask(anew, "SELECT current_user()")).isEqualTo("app@%");
            }
            secret.rotate(handler);

            assertThat(ask(running, "SELECT 1")).isEqualTo("1");
            assertThatThrownBy(() -> server.application(user, password)).isInstanceOf(SQLException.class);
        }
    }

    /** Also what somebody granted to the one of them later. */
    @Test
    void bothUsersMayDoTheSame() throws Exception {
        SecretInTwin secret = alternating("maker");
        secret.rotate(handler);
        tell(application(secret), "CREATE TABLE " + TABLE + " (a int)");
        tell(
                asMaster(),
                "CREATE DATABASE elsewhere; CREATE TABLE elsewhere.t (a int);"
                        + " GRANT SELECT ON elsewhere.t TO maker_clone@'%'");

        secret.rotate(handler);

        assertThat(secret.user()).isEqualTo("maker");
        try (Connection owner = application(secret)) {
            assertThat(ask(owner, "SELECT count(*) FROM elsewhere.t")).isEqualTo("0");
        }
        tell(application(secret), "ALTER TABLE " + TABLE + " ADD COLUMN b int; DROP TABLE " + TABLE);
    }

    @Test
    void isCalledAgainAfterItWasKilledAnywhere() throws Exception {
        Set<String> killed = rotations.everywhere(user -> alternating(user));

        // The requests, logins and statements of a first rotation.
        assertThat(killed).contains("createSecret4", "setSecret14", "testSecret3", "finishSecret2");
    }

    @Test
    void aUserChangesItsOwnPassword() throws Exception {
        tell(asMaster(), "CREATE USER 'o''brien \"x'@'%' IDENTIFIED BY 'Own-1'");
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

        String log = server.log();

        assertThat(log).contains("CREATE USER IF NOT EXISTS 'logged_clone'@'%'");
        assertThat(log).doesNotContain(passwords);
    }

    @Test
    void noConnectionIsMadeWithoutTls() {
        SecretInTwin secret = alternating("plain");
        secret.rotate(handler);

        assertThatThrownBy(() -> server.connect(secret.user(), secret.password(), "disable"))
                .isInstanceOf(SQLException.class);
    }

    /** Who may write a secret, and knows no password, obtains none. */
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
        tell(asMaster(), "CREATE USER weak@'%' IDENTIFIED BY 'Weak-1'; GRANT SELECT ON mysql.user TO weak@'%'");
        SecretInTwin weak = SecretInTwin.create(secrets, "weak", "{\"username\":\"weak\",\"password\":\"Weak-1\"}");
        SecretInTwin secret = SecretInTwin.create(secrets, "of-weak", value("strong", "Strong-1", weak.arn()));
        String token = SecretInTwin.newToken();
        handler.handle(secret.event("createSecret", token));

        assertThatThrownBy(() -> handler.handle(secret.event("setSecret", token)))
                .isInstanceOf(RotationFailure.class)
                .hasMessageStartingWith("cannot prepare the user strong_clone as weak: ")
                .hasMessageContaining("code 1227")
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

    /** An unfinished user is locked, and so is one that somebody has locked: only the first rotation goes on. */
    @Test
    void unlocksNobodyWhomSomebodyHasLocked() throws Exception {
        SecretInTwin secret = alternating("suspected");
        secret.rotate(handler);
        tell(asMaster(), "ALTER USER suspected_clone@'%' ACCOUNT LOCK");
        String token = SecretInTwin.newToken();
        handler.handle(secret.event("createSecret", token));

        assertThatThrownBy(() -> handler.handle(secret.event("setSecret", token)))
                .isInstanceOf(RotationFailure.class)
                .hasMessage("the user suspected_clone is locked");
        assertThatThrownBy(() -> application(secret))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("locked");
    }

    /** The rights of a locked user are not to be had by naming it in a secret. */
    @Test
    void givesTheRightsOfALockedUserToNobodyWhoDoesNotKnowItsPassword() throws Exception {
        tell(
                asMaster(),
                "CREATE USER retired@'%' IDENTIFIED BY 'Retired-1' ACCOUNT LOCK; GRANT SELECT ON mysql.* TO retired@'%'");
        SecretInTwin secret = alternating("retired");
        String token = SecretInTwin.newToken();
        handler.handle(secret.event("createSecret", token));

        assertThatThrownBy(() -> handler.handle(secret.event("setSecret", token)))
                .isInstanceOf(RotationFailure.class)
                .hasMessage("the current password of retired is refused");
        try (Connection connection = asMaster()) {
            assertThat(ask(connection, "SELECT count(*) FROM mysql.user WHERE user = 'retired_clone'"))
                    .isEqualTo("0");
        }
    }

    /** In a grant, "_" and "%" stand for other letters. */
    @Test
    void grantsTheDatabaseAndNoOtherOneWhoseNameIsSimilar() throws Exception {
        tell(asMaster(), "CREATE DATABASE shop_1; CREATE DATABASE shopx1; CREATE TABLE shopx1.t (a int)");
        SecretInTwin secret = SecretInTwin.create(
                secrets,
                "similar",
                value("similar", "Similar-1", master.arn()).replace(MysqlServer.DATABASE, "shop_1"));

        secret.rotate(handler);

        tell(application(secret), "CREATE TABLE shop_1.t (a int)");
        assertThatThrownBy(() -> tell(application(secret), "SELECT * FROM shopx1.t"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("denied");
    }
}
