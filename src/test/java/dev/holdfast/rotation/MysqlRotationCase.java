package dev.holdfast.rotation;

import static dev.holdfast.rotation.KilledRotations.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Rotation with a real MySQL or MariaDB. */
abstract class MysqlRotationCase extends RotationCase<MysqlServer> {
    private static final String TABLE = "`shop ``1```.bookings";

    MysqlRotationCase(String engine) {
        super(engine, MysqlServer.DATABASE);
    }

    @Override
    void create(String user, String password) throws SQLException {
        tell(asMaster(), "CREATE USER '" + user.replace("'", "''") + "'@'%' IDENTIFIED BY '" + password + "'");
    }

    @Override
    void mayReadUsers(String user) throws SQLException {
        tell(asMaster(), "GRANT SELECT ON mysql.user TO " + user + "@'%'");
    }

    @Override
    String userOf(Connection connection) throws SQLException {
        String user = ask(connection, "SELECT current_user()");
        assertThat(user).endsWith("@%");
        return user.substring(0, user.length() - 2);
    }

    @Override
    String creationOf(String user) {
        return "CREATE USER IF NOT EXISTS '" + user + "'@'%'";
    }

    @Override
    int lastEffectOfSetSecret() {
        return 14;
    }

    @Override
    String refusal() {
        return ".*code 1227.*";
    }

    /** The statement that makes a role active after each login. */
    abstract String defaultRole(String role, String user);

    private static void tell(Connection connection, String statements) throws SQLException {
        try (Connection closed = connection;
                Statement statement = closed.createStatement()) {
            for (String one : statements.split(";")) {
                statement.execute(one);
            }
        }
    }

    private Connection asMaster() throws SQLException {
        return server.application(RealServer.MASTER, MASTER_PASSWORD);
    }

    @Test
    void theOtherUserNeedsTlsWhereTheOneDoes() throws Exception {
        SecretInTwin secret = alternating("strict");
        tell(asMaster(), "CREATE USER strict@'%' IDENTIFIED BY '" + secret.password() + "' REQUIRE SSL");

        secret.rotate(handler);

        try (Connection master = asMaster()) {
            assertThat(ask(master, "SELECT ssl_type FROM mysql.user WHERE user = 'strict_clone'"))
                    .isEqualTo("ANY");
        }
    }

    /** A role is active after a login only if it is a default role. */
    @Test
    void whatTheOneMayDoByARoleTheOtherMayDoToo() throws Exception {
        SecretInTwin secret = alternating("player");
        tell(
                asMaster(),
                "CREATE ROLE reader; CREATE DATABASE archive; CREATE TABLE archive.t (a int);"
                        + " GRANT SELECT ON archive.t TO reader;"
                        + " CREATE USER player@'%' IDENTIFIED BY '" + secret.password() + "';"
                        + " GRANT reader TO player@'%'; " + defaultRole("reader", "player@'%'"));

        secret.rotate(handler);

        assertThat(secret.user()).isEqualTo("player_clone");
        try (Connection clone = application(secret)) {
            assertThat(ask(clone, "SELECT count(*) FROM archive.t")).isEqualTo("0");
        }
        secret.rotate(handler);

        try (Connection player = application(secret)) {
            assertThat(ask(player, "SELECT count(*) FROM archive.t")).isEqualTo("0");
        }
    }

    /** The other user also receives privileges that an administrator granted later. */
    @Test
    void bothUsersMayDoTheSame() throws Exception {
        SecretInTwin secret = alternating("maker");
        secret.rotate(handler);
        tell(application(secret), "CREATE TABLE " + TABLE + " (a int)");
        tell(
                asMaster(),
                "CREATE DATABASE elsewhere; CREATE TABLE elsewhere.t (a int);"
                        + " GRANT SELECT ON elsewhere.t TO maker_clone@'%'");

        secret.rotate(handler);

        assertThat(secret.user()).isEqualTo("maker");
        try (Connection owner = application(secret)) {
            assertThat(ask(owner, "SELECT count(*) FROM elsewhere.t")).isEqualTo("0");
        }
        tell(application(secret), "ALTER TABLE " + TABLE + " ADD COLUMN b int; DROP TABLE " + TABLE);
    }

    @Test
    void noConnectionIsMadeWithoutTls() {
        SecretInTwin secret = alternating("plain");
        secret.rotate(handler);

        assertThatThrownBy(() -> server.connect(secret.user(), secret.password(), "disable"))
                .isInstanceOf(SQLException.class);
    }

    /**
     * An incomplete user and a user that an administrator locked are both locked: only the first rotation continues.
     */
    @Test
    void unlocksNobodyWhomSomebodyHasLocked() throws Exception {
        SecretInTwin secret = alternating("suspected");
        secret.rotate(handler);
        tell(asMaster(), "ALTER USER suspected_clone@'%' ACCOUNT LOCK");
        String token = SecretInTwin.newToken();
        handler.handle(secret.event("createSecret", token));

        assertThatThrownBy(() -> handler.handle(secret.event("setSecret", token)))
                .isInstanceOf(RotationFailure.class)
                .hasMessage("the user suspected_clone is locked");
        assertThatThrownBy(() -> application(secret))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("locked");
    }

    /** A secret that names a locked user does not give access to the rights of that user. */
    @Test
    void givesTheRightsOfALockedUserToNobodyWhoDoesNotKnowItsPassword() throws Exception {
        tell(
                asMaster(),
                "CREATE USER retired@'%' IDENTIFIED BY 'Retired-1' ACCOUNT LOCK; GRANT SELECT ON mysql.* TO retired@'%'");
        SecretInTwin secret = alternating("retired");
        String token = SecretInTwin.newToken();
        handler.handle(secret.event("createSecret", token));

        assertThatThrownBy(() -> handler.handle(secret.event("setSecret", token)))
                .isInstanceOf(RotationFailure.class)
                .hasMessage("the current password of retired is refused");
        try (Connection connection = asMaster()) {
            assertThat(ask(connection, "SELECT count(*) FROM mysql.user WHERE user = 'retired_clone'"))
                    .isEqualTo("0");
        }
    }

    /** In a grant, "_" and "%" are wildcards. */
    @Test
    void grantsTheDatabaseAndNoOtherOneWhoseNameIsSimilar() throws Exception {
        tell(asMaster(), "CREATE DATABASE shop_1; CREATE DATABASE shopx1; CREATE TABLE shopx1.t (a int)");
        SecretInTwin secret = SecretInTwin.create(
                secrets,
                "similar",
                value("similar", "Similar-1", master.arn()).replace(MysqlServer.DATABASE, "shop_1"));

        secret.rotate(handler);

        tell(application(secret), "CREATE TABLE shop_1.t (a int)");
        assertThatThrownBy(() -> tell(application(secret), "SELECT * FROM shopx1.t"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("denied");
    }
}
