package dev.holdfast.rotation;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/** What differs between servers. Each method may be called again after it was interrupted at any statement. */
sealed interface SqlDialect permits PostgresDialect, MySqlDialect {
    /** @throws RotationFailure if the engine is not known */
    static SqlDialect of(DatabaseCredentials credentials) {
        return switch (credentials.engine().toLowerCase(Locale.ROOT)) {
            case "postgres", "postgresql", "aurora-postgresql" -> new PostgresDialect();
            case "mysql", "aurora-mysql" -> new MySqlDialect(false);
            case "mariadb" -> new MySqlDialect(true);
            default -> throw new RotationFailure("\"engine\" of the secret is none of postgres, mysql and mariadb");
        };
    }

    /** The longest name of a user, in bytes. */
    int longestName();

    boolean exists(Connection connection, String user) throws SQLException;

    /** Whether a login is refused although the password is right, because the user is locked. */
    boolean isLocked(SQLException refusal);

    /** Changes the password of the user that is connected, or of another one. */
    void setPassword(Connection connection, DatabaseCredentials pending) throws SQLException;

    /**
     * Lets the pending user log in with the rights of the current one, and creates whichever does not exist. The current one
     * is as it was afterwards.
     */
    void alternate(Connection master, DatabaseCredentials current, DatabaseCredentials pending) throws SQLException;

    default boolean fits(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= longestName();
    }

    /** Whether the query finds anything for its one parameter. */
    static boolean finds(Connection connection, String query, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }
}
