package dev.holdfast.rotation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PasswordUtil;

/**
 * PostgreSQL: the server receives a SCRAM verifier, which does not reveal the password, even if the statement is
 * logged. All statements of a change are one transaction.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-createrole.html">CREATE ROLE</a>
 */
record PostgresDialect() implements SqlDialect {
    static final int PORT = 5432;
    private static final String LACKS_THE_PRIVILEGE = "42501";
    private static final String SETTINGS = "SELECT d.datname, unnest(s.setconfig) FROM pg_catalog.pg_db_role_setting s"
            + " JOIN pg_catalog.pg_roles r ON r.oid = s.setrole"
            + " LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE r.rolname = ?";

    @Override
    public int longestName() {
        return 63;
    }

    @Override
    public boolean exists(Connection connection, String user) throws SQLException {
        return SqlDialect.finds(connection, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?", user);
    }

    /** An interrupted change is rolled back, so that no user is ever locked. */
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
     * The clone is a member of the owner, acts as the owner after its login, and has the owner's settings. So all
     * objects that the application creates belong to the owner, with either login.
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
                statement.execute("ALTER ROLE " + clone + " RESET ALL");
                statement.execute("ALTER ROLE " + clone + " SET role TO " + owner);
                for (RoleSetting setting : settings(master, current.owner())) {
                    set(master, clone, setting);
                }
            }
        }
        master.commit();
    }

    /** @param database the database in which the setting applies; null: all databases */
    private record RoleSetting(@Nullable String database, String name, String value) {}

    /**
     * The settings of the owner's login, for example a search_path or a statement_timeout. A membership does not
     * include them.
     */
    private static List<RoleSetting> settings(Connection master, String owner) throws SQLException {
        List<RoleSetting> settings = new ArrayList<>();
        try (PreparedStatement query = master.prepareStatement(SETTINGS)) {
            query.setString(1, owner);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    String setting = rows.getString(2);
                    int equals = setting.indexOf('=');
                    String name = setting.substring(0, equals);
                    // The clone needs its own role setting, and this transaction must keep the master's role.
                    if (!name.equals("role")) {
                        settings.add(new RoleSetting(rows.getString(1), name, setting.substring(equals + 1)));
                    }
                }
            }
        }
        return settings;
    }

    /** The value of a list is not a single text, so that the statement takes the value from this transaction. */
    private static void set(Connection master, String clone, RoleSetting setting) throws SQLException {
        Savepoint before = master.setSavepoint();
        try (PreparedStatement local = master.prepareStatement("SELECT set_config(?, ?, true)");
                Statement statement = master.createStatement()) {
            local.setString(1, setting.name());
            local.setString(2, setting.value());
            local.execute();
            statement.execute("ALTER ROLE " + clone
                    + (setting.database() == null ? "" : " IN DATABASE " + name(setting.database())) + " SET "
                    + parameter(setting.name()) + " FROM CURRENT");
        } catch (SQLException e) {
            // Only a superuser can set this parameter, and in RDS only AWS is a superuser.
            if (!LACKS_THE_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            master.rollback(before);
        }
    }

    /** A parameter of an extension has a dot in its name: {@code app.tenant}. */
    private static String parameter(String name) {
        return Stream.of(name.split("\\.", -1)).map(PostgresDialect::name).collect(Collectors.joining("."));
    }

    /** Since PostgreSQL 15, only the owner of the database may create objects in the schema public. */
    private static void create(Statement statement, String owner, DatabaseCredentials credentials) throws SQLException {
        statement.execute("CREATE ROLE " + owner + " LOGIN" + password(credentials));
        String database = credentials.database();
        if (database != null) {
            statement.execute("GRANT ALL ON DATABASE " + name(database) + " TO " + owner);
            statement.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + owner);
        }
    }

    /** Quotes a name; the driver's own method supports only names without a quotation mark. */
    private static String name(String name) {
        if (name.indexOf(0) >= 0) {
            throw new RotationFailure("a name contains the character NUL");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The verifier needs no escapes: it has neither quotation marks nor backslashes. */
    private static String password(DatabaseCredentials credentials) throws SQLException {
        return " PASSWORD '"
                + PasswordUtil.encodeScramSha256(credentials.password().toCharArray()) + "'";
    }
}
