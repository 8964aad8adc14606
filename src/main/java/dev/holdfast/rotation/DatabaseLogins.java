package dev.holdfast.rotation;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to databases. */
@FunctionalInterface
public interface DatabaseLogins {
    Connection open(DatabaseCredentials credentials) throws SQLException;
}
