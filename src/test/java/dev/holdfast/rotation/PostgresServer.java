package dev.holdfast.rotation;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * A real PostgreSQL that logs every statement and admits TLS and SCRAM only, with a master user that has the privileges
 * of RDS's. PostgreSQL does not run as root; under root, the launcher starts the server in a user namespace.
 */
final class PostgresServer implements RealServer {
    static final String DATABASE = "shop \"1\"";

    private final ServerCertificate certificate;
    private final EmbeddedPostgres server;
    private final Path log;

    private PostgresServer(EmbeddedPostgres server, ServerCertificate certificate, Path log) {
        this.server = server;
        this.certificate = certificate;
        this.log = log;
    }

    static PostgresServer start(Path directory, String masterPassword) throws Exception {
        ServerCertificate certificate = ServerCertificate.make(directory, "server");
        Path log = directory.resolve("postgres.log");
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data").toFile())
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", certificate.certificate().toString())
                .setServerConfig("ssl_key_file", certificate.key().toString())
                .setServerConfig("password_encryption", "scram-sha-256")
                .setServerConfig("log_statement", "all")
                .setServerConfig("log_connections", "on")
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try (Connection root = server.getPostgresDatabase().getConnection();
                Statement statement = root.createStatement()) {
            // The same privileges as in RDS:
            // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
            statement.execute("SET log_statement = 'none'");
            statement.execute("CREATE ROLE " + MASTER + " LOGIN CREATEROLE CREATEDB PASSWORD '" + masterPassword + "'");
            statement.execute("CREATE DATABASE \"shop \"\"1\"\"\" OWNER " + MASTER);
        }
        Files.writeString(
                directory.resolve("data/pg_hba.conf"),
                "local all postgres trust\nhostssl all postgres 127.0.0.1/32 trust\n"
                        + "hostssl all all 127.0.0.1/32 scram-sha-256\n");
        try (Connection root = server.getPostgresDatabase().getConnection();
                Statement statement = root.createStatement()) {
            statement.execute("SELECT pg_reload_conf()");
        }
        return new PostgresServer(server, certificate, log);
    }

    @Override
    public ServerCertificate certificate() {
        return certificate;
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public Connection application(String user, String password) throws SQLException {
        return application(DATABASE, user, password);
    }

    Connection application(String database, String user, String password) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("user", user);
        settings.setProperty("password", password);
        settings.setProperty("PGHOST", "localhost");
        settings.setProperty("PGPORT", Integer.toString(port()));
        settings.setProperty("PGDBNAME", database);
        settings.setProperty("sslmode", "require");
        return DriverManager.getConnection("jdbc:postgresql:///", settings);
    }

    /** Logs in as the superuser of the server. */
    Connection root() throws SQLException {
        return application("postgres", "");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
