package dev.holdfast.rotation;

import static dev.holdfast.rotation.KilledRotations.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rotation with a real PostgreSQL. */
class PostgresRotationTest extends RotationCase<PostgresServer> {
    PostgresRotationTest() {
        super("postgres", PostgresServer.DATABASE);
    }

    @Override
    PostgresServer started(Path directory, String masterPassword) throws Exception {
        return PostgresServer.start(directory, masterPassword);
    }

    @Override
    void create(String user, String password) throws SQLException {
        try (Connection root = server.root();
                Statement statement = root.createStatement()) {
            statement.execute("SET log_statement = 'none'");
            statement.execute("CREATE ROLE \"" + user.replace("\"", "\"\"") + "\" LOGIN PASSWORD '" + password + "'");
        }
    }

    @Override
    String userOf(Connection connection) throws SQLException {
        return ask(connection, "SELECT session_user");
    }

    @Override
    String creationOf(String user) {
        return "CREATE ROLE \"" + user + "\" LOGIN PASSWORD 'SCRAM-SHA-256$";
    }

    @Override
    int lastEffectOfSetSecret() {
        return 15;
    }

    @Override
    String refusal() {
        return Pattern.quote("the user lacks the privilege (SQLSTATE 42501, code 0)");
    }

    /** The objects of the application belong to one user, so that the other user may change them. */
    @Test
    void bothUsersHaveTheSameSettings() throws Exception {
        SecretInTwin secret = alternating("tuned");
        // From PostgreSQL 16 on, a user grants only roles that it has created itself.
        try (Connection master = server.application(RealServer.MASTER, MASTER_PASSWORD);
                Statement statement = master.createStatement()) {
            statement.execute("CREATE ROLE tuned LOGIN PASSWORD '" + secret.password() + "'");
        }
        try (Connection root = server.root();
                Statement statement = root.createStatement()) {
            statement.execute("ALTER ROLE tuned SET search_path TO \"My Shop\", public");
            statement.execute("ALTER ROLE tuned SET work_mem TO '7MB'");
            statement.execute("ALTER ROLE tuned IN DATABASE postgres SET statement_timeout TO '7s'");
            // Only the owner has the settings that the master user may not set.
            statement.execute("ALTER ROLE tuned SET log_statement TO 'none'");
            statement.execute("ALTER ROLE tuned SET app.tenant TO 'one'");
            statement.execute("ALTER ROLE tuned SET role TO pg_monitor");
        }

        secret.rotate(handler);

        assertThat(secret.user()).isEqualTo("tuned_clone");
        try (Connection clone = application(secret)) {
            assertThat(ask(clone, "SHOW search_path")).isEqualTo("\"My Shop\", public");
            assertThat(ask(clone, "SHOW work_mem")).isEqualTo("7MB");
            assertThat(ask(clone, "SHOW statement_timeout")).isEqualTo("0");
            assertThat(ask(clone, "SELECT current_user")).isEqualTo("tuned");
        }
        try (Connection clone = server.application("postgres", secret.user(), secret.password())) {
            assertThat(ask(clone, "SHOW statement_timeout")).isEqualTo("7s");
        }
    }

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
}
