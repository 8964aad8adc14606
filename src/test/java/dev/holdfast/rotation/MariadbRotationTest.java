package dev.holdfast.rotation;

import java.nio.file.Path;

/** Rotation with a real MariaDB. */
class MariadbRotationTest extends MysqlRotationCase {
    MariadbRotationTest() {
        super("mariadb");
    }

    @Override
    MysqlServer started(Path directory, String masterPassword) throws Exception {
        return MysqlServer.mariadb(directory, masterPassword);
    }

    @Override
    String defaultRole(String role, String user) {
        return "SET DEFAULT ROLE " + role + " FOR " + user;
    }
}
