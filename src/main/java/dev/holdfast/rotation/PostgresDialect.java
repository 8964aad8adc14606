package dev.holdfast.rotation;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.util.PasswordUtil;

/**
 * PostgreSQL: the server receives a SCRAM verifier, from which nobody learns the password, wherever the statement is logged.
 * All statements of a change are one transaction.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-createrole.html">CREATE ROLE</a>
 */
record PostgresDialect() implements SqlDialect {
    static final int PORT = 5432;

    @Override
    public int longestName() {
        return 63;
    }

    @Override
    public boolean exists(Connection connection, String user) throws SQLException {
        return SqlDialect.finds(connection, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?", user);
    }

    /** What interrupts a change undoes it: no user is locked meanwhile. */
    @Override
    public boolean isLocked(SQLException refusal) {
        return false;
    }

    @Override
    public void setPassword(Connection connection, DatabaseCredentials pending) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE " + name(pending.username()) + password(pending));
        }
    }

    /**
     * The clone is a member of the owner and acts as the owner from its login on. So the application owns what it creates,
     * whichever of the two it has logged in as.
     */
    @Override
    public void alternate(Connection master, DatabaseCredentials current, DatabaseCredentials pending)
            throws SQLException {
        boolean ownerExists = exists(master, current.owner());
        boolean pendingExists = exists(master, pending.username());
        master.setAutoCommit(false);
        try (Statement statement = master.createStatement()) {
            String owner = name(current.owner());
            if (!ownerExists) {
                create(statement, owner, current.isClone() ? pending : current);
            } else if (!pending.isClone()) {
                statement.execute("ALTER ROLE " + owner + " LOGIN" + password(pending));
            }
            if (pending.isClone()) {
                String clone = name(pending.username());
                statement.execute(
                        (pendingExists ? "ALTER ROLE " : "CREATE ROLE ") + clone + " LOGIN" + password(pending));
                statement.execute("GRANT " + owner + " TO " + clone);
                statement.execute("ALTER ROLE " + clone + " SET role TO " + owner);
            }
        }
        master.commit();
    }

    /** Since PostgreSQL 15 the schema public is closed to all but the owner of the database. */
    private static void create(Statement statement, String owner, DatabaseCredentials credentials) throws SQLException {
        statement.execute("CREATE ROLE " + owner + " LOGIN" + password(credentials));
        String database = credentials.database();
        if (database != null) {
            statement.execute("GRANT ALL ON DATABASE " + name(database) + " TO " + owner);
            statement.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + owner);
        }
    }

    /** The driver quotes only names without a quotation mark. */
    private static String name(String name) {
        if (name.indexOf(0) >= 0) {
            throw new RotationFailure("a name has a zero in it");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A verifier has neither quotation marks nor backslashes. */
    private static String password(DatabaseCredentials credentials) throws SQLException {
        return " PASSWORD '"
                + PasswordUtil.encodeScramSha256(credentials.password().toCharArray()) + "'";
    }
}
