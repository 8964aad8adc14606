package dev.holdfast.rotation;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/** The differences between database servers. A caller may repeat each method after an interruption at any statement. */
sealed interface SqlDialect permits PostgresDialect, MySqlDialect {
    /** @throws RotationFailure if the engine is unknown */
    static SqlDialect of(DatabaseCredentials credentials) {
        return switch (credentials.engine().toLowerCase(Locale.ROOT)) {
            case "postgres", "postgresql", "aurora-postgresql" -> new PostgresDialect();
            case "mysql", "aurora-mysql" -> new MySqlDialect(false);
            case "mariadb" -> new MySqlDialect(true);
            default -> throw new RotationFailure("\"engine\" of the secret is none of postgres, mysql and mariadb");
        };
    }

    /** The greatest length of a user's name, in bytes. */
    int longestName();

    boolean exists(Connection connection, String user) throws SQLException;

    /** Whether a login is refused although the password is right, because the user is locked. */
    boolean isLocked(SQLException refusal);

    /** Changes the password of the connected user, or of another user. */
    void setPassword(Connection connection, DatabaseCredentials pending) throws SQLException;

    /**
     * Lets the pending user log in with the rights of the current user, and creates each of the two users that does not
     * exist. An existing current user does not change.
     */
    void alternate(Connection master, DatabaseCredentials current, DatabaseCredentials pending) throws SQLException;

    default boolean fits(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= longestName();
    }

    /** Whether the query finds a row for its only parameter. */
    static boolean finds(Connection connection, String query, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }
}
