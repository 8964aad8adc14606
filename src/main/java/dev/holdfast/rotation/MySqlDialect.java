package dev.holdfast.rotation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * MySQL and MariaDB, users of any host ('%'). Each statement commits itself, so that a new user is locked until it is
 * complete, and an interrupted change starts again. MySQL writes no password of such statements into a log; MariaDB
 * does, so that it gets a hash.
 *
 * @param mariadb the server is MariaDB
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/password-logging.html">Passwords and logging</a>
 */
record MySqlDialect(boolean mariadb) implements SqlDialect {
    static final int PORT = 3306;
    /**
     * ER_NOT_SUPPORTED_AUTH_MODE: the driver does not know the user's authentication plugin, sha256_password for
     * example.
     *
     * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/sha256-pluggable-authentication.html">it is deprecated</a>
     */
    static final int UNKNOWN_AUTHENTICATION = 1251;
    /** The driver itself ends the login: it sends no password to a server whose certificate it does not trust. */
    static final int DRIVER_REFUSES = -1;

    /**
     * Stricter requirements for the client's certificate would exclude this handler too, so that they are not copied.
     */
    private static final String ONLY_OVER_TLS =
            "SELECT 1 FROM mysql.user WHERE user = ? AND host = '%' AND ssl_type = 'ANY'";

    private static final String ANY_HOST = "@'%'";
    private static final String LOCKED = " ACCOUNT LOCK";
    /**
     * ER_ACCOUNT_HAS_BEEN_LOCKED of MySQL and of MariaDB. The server sends this error only to a client with the right
     * password.
     *
     * @see <a href="https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html">errors of MySQL</a>
     * @see <a href="https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference">errors of MariaDB</a>
     */
    private static final Set<Integer> ACCOUNT_IS_LOCKED = Set.of(3118, 4151);
    /**
     * ER_OPTION_PREVENTS_STATEMENT: a MariaDB that checks the strength of passwords rejects hashes
     * (strict_password_validation).
     */
    private static final int WANTS_THE_PASSWORD = 1290;
    /**
     * All privileges on a database that RDS's master users have. A user cannot grant a privilege that it does not have,
     * and ALL PRIVILEGES of MariaDB contains DELETE HISTORY, which master users lack.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html">RDS's master
     *     users</a>
     */
    private static final String ON_A_DATABASE =
            "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES,"
                    + " EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER";

    /** @see <a href="https://dev.mysql.com/doc/refman/8.4/en/user-names.html">32 characters in MySQL</a> */
    @Override
    public int longestName() {
        return mariadb ? 80 : 32;
    }

    @Override
    public boolean exists(Connection connection, String user) throws SQLException {
        return SqlDialect.finds(connection, "SELECT 1 FROM mysql.user WHERE user = ? AND host = '%'", user);
    }

    @Override
    public boolean isLocked(SQLException refusal) {
        return ACCOUNT_IS_LOCKED.contains(refusal.getErrorCode());
    }

    /** MariaDB lets a user change its own password only by SET PASSWORD. */
    @Override
    public void setPassword(Connection connection, DatabaseCredentials pending) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (mariadb) {
                execute(
                        statement,
                        pending,
                        hash -> "SET PASSWORD = " + hash,
                        password -> "SET PASSWORD = PASSWORD(" + password + ")");
            } else {
                identify(statement, "ALTER USER " + account(statement, pending.username()), pending, "");
            }
        }
    }

    /** A locked user is incomplete because an earlier call was interrupted: the caller has checked its password. */
    @Override
    public void alternate(Connection master, DatabaseCredentials current, DatabaseCredentials pending)
            throws SQLException {
        try (Statement statement = master.createStatement()) {
            String user = account(statement, current.username());
            if (!exists(master, current.username())) {
                identify(statement, "CREATE USER IF NOT EXISTS " + user, current, LOCKED);
            }
            if (isLocked(statement, user)) {
                String database = current.database();
                if (database != null) {
                    statement.execute("GRANT " + ON_A_DATABASE + " ON "
                            + statement.enquoteIdentifier(literally(database), true) + ".* TO " + user);
                }
                statement.execute("ALTER USER " + user + " ACCOUNT UNLOCK");
            }
            String other = account(statement, pending.username());
            statement.execute("CREATE USER IF NOT EXISTS " + other + LOCKED);
            for (String grant : grants(statement, user, other)) {
                statement.execute(grant);
            }
            String defaultRoles = mariadb ? null : defaultRoles(master, current.username(), other);
            if (defaultRoles != null) {
                statement.execute(defaultRoles);
            }
            if (SqlDialect.finds(master, ONLY_OVER_TLS, current.username())) {
                statement.execute("ALTER USER " + other + " REQUIRE SSL");
            }
            identify(statement, "ALTER USER " + other, pending, "");
            statement.execute("ALTER USER " + other + " ACCOUNT UNLOCK");
        }
    }

    /** In a grant, the name of a database is a pattern. */
    private static String literally(String database) {
        return database.replace("_", "\\_").replace("%", "\\%");
    }

    private static boolean isLocked(Statement statement, String account) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SHOW CREATE USER " + account)) {
            return rows.next() && rows.getString(1).contains(LOCKED);
        }
    }

    /** The statements that grant the privileges of one user to the other user. */
    private static List<String> grants(Statement statement, String from, String to) throws SQLException {
        List<String> grants = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SHOW GRANTS FOR " + from)) {
            while (rows.next()) {
                String grant = rows.getString(1);
                int end = grant.lastIndexOf(" TO ");
                int role = grant.lastIndexOf(" FOR ");
                if (grant.startsWith("GRANT ") && end > 0) {
                    String option = grant.endsWith(" WITH GRANT OPTION") ? " WITH GRANT OPTION" : "";
                    grants.add(grant.substring(0, end) + " TO " + to + option);
                } else if (grant.startsWith("SET DEFAULT ROLE ") && role > 0) {
                    // MariaDB lists the default role after the grants; for MySQL, see defaultRoles.
                    grants.add(grant.substring(0, role) + " FOR " + to);
                }
            }
        }
        return grants;
    }

    /**
     * A granted role is active after the login only if it is a default role.
     *
     * @return the statement that gives the default roles of one user to the other user; null: there are none
     * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/set-default-role.html">SET DEFAULT ROLE</a>
     */
    private static @Nullable String defaultRoles(Connection master, String from, String to) throws SQLException {
        List<String> roles = new ArrayList<>();
        try (PreparedStatement query = master.prepareStatement(
                "SELECT default_role_user, default_role_host FROM mysql.default_roles WHERE user = ? AND host = '%'")) {
            query.setString(1, from);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    roles.add(literal(query, rows.getString(1)) + "@" + literal(query, rows.getString(2)));
                }
            }
        }
        return roles.isEmpty() ? null : "SET DEFAULT ROLE " + String.join(", ", roles) + " TO " + to;
    }

    private void identify(Statement statement, String user, DatabaseCredentials credentials, String more)
            throws SQLException {
        execute(
                statement,
                credentials,
                hash -> user + " IDENTIFIED BY PASSWORD " + hash + more,
                password -> user + " IDENTIFIED BY " + password + more);
    }

    private void execute(
            Statement statement, DatabaseCredentials of, UnaryOperator<String> byHash, UnaryOperator<String> byPassword)
            throws SQLException {
        if (mariadb) {
            try {
                statement.execute(byHash.apply(literal(statement, hash(of.password()))));
                return;
            } catch (SQLException e) {
                if (e.getErrorCode() != WANTS_THE_PASSWORD) {
                    throw e;
                }
            }
        }
        statement.execute(byPassword.apply(literal(statement, of.password())));
    }

    /**
     * The hash of a password as the server stores it; a client cannot log in with the hash.
     *
     * @see <a
     *     href="https://mariadb.com/docs/server/reference/plugins/authentication-plugins/authentication-plugin-mysql_native_password">mysql_native_password</a>
     */
    private static String hash(String password) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] once = sha1.digest(password.getBytes(StandardCharsets.UTF_8));
            return "*" + HexFormat.of().withUpperCase().formatHex(sha1.digest(once));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String account(Statement statement, String user) throws SQLException {
        return literal(statement, user) + ANY_HOST;
    }

    private static String literal(Statement statement, String text) throws SQLException {
        return statement.enquoteLiteral(text);
    }
}
