package dev.holdfast.rotation;

import java.nio.file.Path;

/** Rotation with a real MySQL. */
class MysqlRotationTest extends MysqlRotationCase {
    MysqlRotationTest() {
        super("mysql");
    }

    @Override
    MysqlServer started(Path directory, String masterPassword) throws Exception {
        return MysqlServer.mysql(directory, masterPassword);
    }

    @Override
    String defaultRole(String role, String user) {
        return "SET DEFAULT ROLE " + role + " TO " + user;
    }
}
