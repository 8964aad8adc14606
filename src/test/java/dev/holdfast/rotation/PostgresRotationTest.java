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
}
