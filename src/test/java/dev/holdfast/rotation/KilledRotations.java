package dev.holdfast.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Rotations whose steps are killed at each of their effects and called again, while an application stays connected.
 *
 * @param logins the logins of applications to the real server
 */
record KilledRotations(RotationHandler handler, Mortality mortality, ApplicationLogins logins) {
    /** Logs in like an application, which knows only the value of the secret. */
    interface ApplicationLogins {
        Connection open(String user, String password) throws SQLException;
    }

    static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    Connection application(SecretInTwin secret) throws SQLException {
        return logins.open(secret.user(), secret.password());
    }

    /**
     * The first two rotations: the first creates both users, the second changes the user of a running application.
     *
     * @param secrets creates a secret for a user with the given name
     * @return the places of the kills: the step and the number of its effect
     */
    Set<String> everywhere(Function<String, SecretInTwin> secrets) throws SQLException {
        Set<String> killed = new HashSet<>();
        for (String step : SecretInTwin.STEPS) {
            for (int effect = 1; twice(secrets.apply("k" + step.charAt(0) + effect), step, effect); effect++) {
                killed.add(step + effect);
            }
        }
        return killed;
    }

    /** @return whether the step was killed */
    private boolean twice(SecretInTwin secret, String step, int effect) throws SQLException {
        boolean first = rotate(secret, step, effect);
        String user = secret.user();
        String password = secret.password();
        try (Connection running = application(secret)) {
            boolean second = rotate(secret, step, effect);
            assertThat(ask(running, "SELECT 1")).isEqualTo("1");
            logins.open(user, password).close();
            return first || second;
        }
    }

    /** Rotates once for each effect of each step; afterwards the former password of the user is invalid. */
    void ofOneUser(SecretInTwin secret) throws SQLException {
        try (Connection running = application(secret)) {
            for (String step : SecretInTwin.STEPS) {
                boolean killed = true;
                for (int effect = 1; killed; effect++) {
                    String former = secret.password();
                    killed = rotate(secret, step, effect);
                    assertThat(ask(running, "SELECT 1")).isEqualTo("1");
                    assertThatThrownBy(() -> logins.open(secret.user(), former)).isInstanceOf(SQLException.class);
                }
            }
        }
    }

    private boolean rotate(SecretInTwin secret, String step, int effect) throws SQLException {
        String token = SecretInTwin.newToken();
        boolean killed = false;
        for (String s : SecretInTwin.STEPS) {
            if (s.equals(step)) {
                mortality.killAt(effect);
                try {
                    handler.handle(secret.event(s, token));
                } catch (Mortality.Killed e) {
                    killed = true;
                }
                mortality.live();
            }
            handler.handle(secret.event(s, token));
        }
        application(secret).close();
        return killed;
    }
}
