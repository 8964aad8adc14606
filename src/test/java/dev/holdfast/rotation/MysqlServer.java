package dev.holdfast.rotation;

import dev.holdfast.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real MySQL or MariaDB that logs every statement and admits TLS only, with a master user that has the privileges of
 * RDS's.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html">RDS's master users</a>
 */
final class MysqlServer implements RealServer {
    static final String DATABASE = "shop `1`";
    private static final String PRIVILEGES =
            "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES,"
                    + " CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW,"
                    + " CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, REPLICATION SLAVE";
    private static final String GRANT_OPTION = " WITH GRANT OPTION";
    /** MariaDB: the master user has its privileges directly. */
    private static final String GRANTED_TO_THE_USER =
            "GRANT " + PRIVILEGES + " ON *.* TO " + MASTER + "@'%'" + GRANT_OPTION + ";\n";
    /** MySQL from 8.0.36 on: the master user has its privileges by a role. */
    private static final String GRANTED_BY_A_ROLE = "CREATE ROLE rds_superuser_role;\nGRANT " + PRIVILEGES
            + ", CREATE ROLE, DROP ROLE, APPLICATION_PASSWORD_ADMIN, FLUSH_OPTIMIZER_COSTS, FLUSH_STATUS, FLUSH_TABLES,"
            + " FLUSH_USER_RESOURCES, ROLE_ADMIN, SENSITIVE_VARIABLES_OBSERVER, SESSION_VARIABLES_ADMIN, SET_ANY_DEFINER,"
            + " SHOW_ROUTINE, XA_RECOVER_ADMIN ON *.* TO rds_superuser_role" + GRANT_OPTION
            + ";\nGRANT rds_superuser_role TO " + MASTER + "@'%';\nALTER USER " + MASTER
            + "@'%' DEFAULT ROLE rds_superuser_role;\n";

    private final ServerCertificate certificate;
    private final Process process;
    private final int port;
    private final Path directory;

    private MysqlServer(Process process, int port, Path directory, ServerCertificate certificate) {
        this.process = process;
        this.port = port;
        this.directory = directory;
        this.certificate = certificate;
    }

    /** @param directory an empty directory for the server's files */
    static MysqlServer mariadb(Path directory, String masterPassword) throws Exception {
        String program = Programs.oneOf("/usr/sbin/mariadbd").toString();
        run(
                directory,
                Programs.oneOf("/usr/bin/mariadb-install-db").toString(),
                "--no-defaults",
                user(),
                data(directory),
                "--auth-root-authentication-method=normal",
                "--skip-test-db");
        return start(List.of(program, "--no-defaults"), directory, masterPassword, GRANTED_TO_THE_USER);
    }

    /** @param directory an empty directory for the server's files */
    static MysqlServer mysql(Path directory, String masterPassword) throws Exception {
        String program = Programs.named("HOLDFAST_TEST_MYSQLD").toString();
        run(directory, program, "--no-defaults", "--initialize-insecure", user(), data(directory));
        return start(
                List.of(program, "--no-defaults", "--mysqlx=OFF", "--secure-file-priv=NULL"),
                directory,
                masterPassword,
                GRANTED_BY_A_ROLE);
    }

    private static String user() {
        return "--user=" + System.getProperty("user.name");
    }

    private static String data(Path directory) {
        return "--datadir=" + directory.resolve("data");
    }

    private static MysqlServer start(List<String> program, Path directory, String masterPassword, String grants)
            throws Exception {
        ServerCertificate certificate = ServerCertificate.make(directory, "server");
        Path start = Files.writeString(
                directory.resolve("start.sql"),
                "CREATE DATABASE `shop ``1```;\nCREATE USER " + MASTER + "@'%' IDENTIFIED BY '" + masterPassword
                        + "';\n" + grants + "SET GLOBAL general_log = ON;\n");
        int port = freePort();
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(
                user(),
                data(directory),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + directory.resolve("socket"),
                "--pid-file=" + directory.resolve("pid"),
                "--innodb-buffer-pool-size=16M",
                "--require-secure-transport=ON",
                "--ssl-cert=" + certificate.certificate(),
                "--ssl-key=" + certificate.key(),
                "--general-log-file=" + directory.resolve("general.log"),
                "--init-file=" + start));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        MysqlServer server = new MysqlServer(process, port, directory, certificate);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> server.isUp(masterPassword));
        return server;
    }

    private static void run(Path directory, String... command) throws IOException, InterruptedException {
        Path log = directory.resolve("install.log");
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(Files.readString(log));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean isUp(String masterPassword) throws IOException {
        if (!process.isAlive()) {
            throw new IOException(Files.readString(directory.resolve("server.log")));
        }
        try (Connection connection = application(MASTER, masterPassword)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public ServerCertificate certificate() {
        return certificate;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String log() throws IOException {
        return Files.readString(directory.resolve("general.log"));
    }

    @Override
    public Connection application(String user, String password) throws SQLException {
        return connect(user, password, "trust");
    }

    /** @param tls the driver's sslMode */
    Connection connect(String user, String password, String tls) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("user", user);
        settings.setProperty("password", password);
        settings.setProperty("sslMode", tls);
        return DriverManager.getConnection("jdbc:mariadb://localhost:" + port + "/", settings);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
