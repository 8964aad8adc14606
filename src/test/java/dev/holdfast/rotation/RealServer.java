package dev.holdfast.rotation;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** A real database server that logs every statement and admits TLS alone, with a master user that may do what RDS's may. */
interface RealServer extends AutoCloseable {
    String MASTER = "holdfast_master";

    ServerCertificate certificate();

    int port();

    /** What the server has written about its statements. */
    String log() throws IOException;

    /** As an application logs in: it knows the value of the secret alone. */
    Connection application(String user, String password) throws SQLException;
}
