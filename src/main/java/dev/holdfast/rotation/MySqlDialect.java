package dev.holdfast.rotation;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * MySQL and MariaDB, users of any host ('%'). Each statement commits itself, so that the password, with which a user can log
 * in, comes last: an interrupted change is begun anew. The servers write no password of such a statement into a log.
 *
 * @param mariadb the server is MariaDB
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/password-logging.html">Passwords and logging</a>
 */
record MySqlDialect(boolean mariadb) implements SqlDialect {
    static final int PORT = 3306;
    private static final String ANY_HOST = "@'%'";
    private static final String LOCKED = " ACCOUNT LOCK";

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
    public void setPassword(Connection connection, DatabaseCredentials pending) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            identify(statement, pending);
        }
    }

    /** A user that cannot log in yet is locked: so it is known to be unfinished when this is called again. */
    @Override
    public void alternate(Connection master, DatabaseCredentials current, DatabaseCredentials pending)
            throws SQLException {
        try (Statement statement = master.createStatement()) {
            String user = account(statement, current.username());
            if (!exists(master, current.username()) || isLocked(statement, user)) {
                statement.execute("CREATE USER IF NOT EXISTS " + user + LOCKED);
                String database = current.database();
                if (database != null) {
                    statement.execute(
                            "GRANT ALL PRIVILEGES ON " + statement.enquoteIdentifier(database, true) + ".* TO " + user);
                }
                identify(statement, current);
                statement.execute("ALTER USER " + user + " ACCOUNT UNLOCK");
            }
            String other = account(statement, pending.username());
            statement.execute("CREATE USER IF NOT EXISTS " + other + LOCKED);
            for (String grant : grants(statement, user, other)) {
                statement.execute(grant);
            }
            identify(statement, pending);
            statement.execute("ALTER USER " + other + " ACCOUNT UNLOCK");
        }
    }

    private static boolean isLocked(Statement statement, String account) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SHOW CREATE USER " + account)) {
            return rows.next() && rows.getString(1).contains(LOCKED);
        }
    }

    /** What the one may do, as statements that let the other do it. */
    private static List<String> grants(Statement statement, String from, String to) throws SQLException {
        List<String> grants = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SHOW GRANTS FOR " + from)) {
            while (rows.next()) {
                String grant = rows.getString(1);
                int end = grant.lastIndexOf(" TO ");
                // "SET DEFAULT ROLE role FOR user", which MariaDB lists as well, gives nothing by itself.
                if (grant.startsWith("GRANT ") && end > 0) {
                    String option = grant.endsWith(" WITH GRANT OPTION") ? " WITH GRANT OPTION" : "";
                    grants.add(grant.substring(0, end) + " TO " + to + option);
                }
            }
        }
        return grants;
    }

    private static void identify(Statement statement, DatabaseCredentials credentials) throws SQLException {
        statement.execute("ALTER USER " + account(statement, credentials.username()) + " IDENTIFIED BY "
                + literal(statement, credentials.password()));
    }

    private static String account(Statement statement, String user) throws SQLException {
        return literal(statement, user) + ANY_HOST;
    }

    private static String literal(Statement statement, String text) throws SQLException {
        return statement.enquoteLiteral(text);
    }
}
