package dev.holdfast.rotation;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections over TLS only. With a certificate authority, the server also needs a certificate of that authority
 * for its host name.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html">RDS's authorities</a>
 */
public final class TlsLogins implements DatabaseLogins {
    private static final int CONNECT_SECONDS = 10;
    /** The timeout of one statement; after Lambda's own timeout, the reason would be unknown. */
    private static final int ANSWER_SECONDS = 20;

    private final @Nullable Path authorities;

    /** @param authorities a file of certificates in PEM format; null: any certificate is accepted */
    public TlsLogins(@Nullable Path authorities) {
        this.authorities = authorities;
    }

    @Override
    public Connection open(DatabaseCredentials credentials) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("user", credentials.username());
        settings.setProperty("password", credentials.password());
        return SqlDialect.of(credentials) instanceof PostgresDialect
                ? postgres(credentials, settings)
                : mysql(credentials, settings);
    }

    private Connection postgres(DatabaseCredentials credentials, Properties settings) throws SQLException {
        settings.setProperty("PGHOST", credentials.host());
        settings.setProperty("PGPORT", Integer.toString(credentials.port(PostgresDialect.PORT)));
        String database = credentials.database();
        settings.setProperty("PGDBNAME", database == null ? "postgres" : database);
        settings.setProperty("sslmode", authorities == null ? "require" : "verify-full");
        if (authorities != null) {
            settings.setProperty("sslrootcert", authorities.toString());
        }
        settings.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        settings.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
        settings.setProperty("ApplicationName", "holdfast-rotation");
        // The detail of an error may quote a statement.
        settings.setProperty("logServerErrorDetail", "false");
        return DriverManager.getConnection("jdbc:postgresql:///", settings);
    }

    private Connection mysql(DatabaseCredentials credentials, Properties settings) throws SQLException {
        settings.setProperty("sslMode", authorities == null ? "trust" : "verify-full");
        if (authorities != null) {
            settings.setProperty("serverSslCert", authorities.toString());
        }
        settings.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS * 1000));
        settings.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS * 1000));
        return DriverManager.getConnection(
                "jdbc:mariadb://" + credentials.host() + ":" + credentials.port(MySqlDialect.PORT) + "/", settings);
    }
}
