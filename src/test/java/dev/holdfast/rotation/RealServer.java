package dev.holdfast.rotation;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A real database server that logs every statement and admits TLS only, with a master user that has the privileges of
 * RDS's.
 */
interface RealServer extends AutoCloseable {
    String MASTER = "holdfast_master";

    ServerCertificate certificate();

    int port();

    /** The server's log of its statements. */
    String log() throws IOException;

    /** Logs in like an application, which knows only the value of the secret. */
    Connection application(String user, String password) throws SQLException;
}
