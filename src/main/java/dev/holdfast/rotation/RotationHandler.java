package dev.holdfast.rotation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * The four steps of a rotation. Secrets Manager repeats a failed step, and a step may be interrupted anywhere: each
 * step first checks which of its effects exist already.
 *
 * <p>A secret that names the secret of a master user has two users that alternate: {@code app} and {@code app_clone}.
 * The password of a running task stays valid until the following rotation. Otherwise the user changes its own password,
 * and the former password is invalid at once.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_strategies.html">Rotation
 *     strategies</a>
 */
public final class RotationHandler {
    private static final String CURRENT = "AWSCURRENT";
    private static final String PENDING = "AWSPENDING";
    private static final String PREVIOUS = "AWSPREVIOUS";

    /** The characters that need quotes in connection strings, shells or SQL. */
    private static final String EXCLUDED = ":/@\"'\\`$&?#%= ";

    private final SecretsManagerClient secrets;
    private final DatabaseLogins logins;

    public RotationHandler(SecretsManagerClient secrets, DatabaseLogins logins) {
        this.secrets = secrets;
        this.logins = logins;
    }

    /** @throws RotationFailure if the step is not complete; the caller may repeat it */
    public void handle(RotationEvent event) {
        try {
            DescribeSecretResponse secret = secrets.describeSecret(r -> r.secretId(event.secretId()));
            if (isDue(secret, event)) {
                switch (event.step()) {
                    case "createSecret" -> create(event);
                    case "setSecret" -> set(event);
                    case "testSecret" -> test(event);
                    case "finishSecret" -> finish(secret, event);
                    default -> throw new RotationFailure("there is no such step");
                }
            }
        } catch (SdkException e) {
            throw RotationFailure.of(e);
        }
    }

    /** @return false if the version is already current */
    private static boolean isDue(DescribeSecretResponse secret, RotationEvent event) {
        List<String> stages = secret.versionIdsToStages().get(event.token());
        if (stages == null) {
            // A manual rotation begins with a version that does not exist yet.
            if (event.step().equals("createSecret")) {
                return true;
            }
            throw new RotationFailure("the secret has no such version");
        }
        if (!stages.contains(CURRENT) && !stages.contains(PENDING)) {
            throw new RotationFailure("the version is not pending");
        }
        return !stages.contains(CURRENT);
    }

    private void create(RotationEvent event) {
        DatabaseCredentials current = current(event);
        if (pending(event).isPresent()) {
            return;
        }
        String user = current.masterSecret() == null ? current.username() : current.otherUser();
        if (!SqlDialect.of(current).fits(user)) {
            throw new RotationFailure("the name of the user is too long: the name of the other user would be " + user);
        }
        String password = secrets.getRandomPassword(
                        r -> r.passwordLength(32L).excludeCharacters(EXCLUDED).requireEachIncludedType(true))
                .randomPassword();
        try {
            secrets.putSecretValue(r -> r.secretId(event.secretId())
                    .clientRequestToken(event.token())
                    .rotationToken(event.rotationToken())
                    .versionStages(PENDING)
                    .secretString(current.with(user, password).json()));
        } catch (ResourceExistsException e) {
            // Another call of the same step was faster, so that its password counts.
            required(pending(event));
        }
    }

    private void set(RotationEvent event) {
        DatabaseCredentials pending = required(pending(event));
        DatabaseCredentials current = current(event);
        if (!pending.host().equals(current.host()) || !pending.engine().equals(current.engine())) {
            throw new RotationFailure("the pending version names another server than the current version");
        }
        String master = current.masterSecret();
        if (master != null) {
            alternate(event, current, pending, master);
        } else if (!pending.username().equals(current.username())) {
            throw new RotationFailure("the pending version names another user than the current version");
        } else if (!logsIn(pending)) {
            changeOwn(event, current, pending);
        }
    }

    /**
     * Checks that a user exists before a login: for a missing user MySQL pretends an authentication plugin, which
     * depends on the name and which, in a third of the cases, the driver does not support.
     */
    private void alternate(
            RotationEvent event, DatabaseCredentials current, DatabaseCredentials pending, String masterSecret) {
        DatabaseCredentials master = master(current, masterSecret);
        if (!pending.username().equals(current.otherUser())
                || pending.username().equals(master.username())) {
            throw new RotationFailure("the pending version names another user than " + current.otherUser());
        }
        SqlDialect dialect = SqlDialect.of(current);
        try (Connection connection = open(master)) {
            if (dialect.exists(connection, pending.username()) && logsIn(pending)) {
                return;
            }
            if (dialect.exists(connection, current.username())) {
                checkKnown(event, current);
            }
            dialect.alternate(connection, current, pending);
        } catch (SQLException e) {
            throw RotationFailure.of("prepare the user " + pending.username() + " as " + master.username(), e);
        }
    }

    /**
     * A principal that may write the secret, but knows no password, must not obtain the password of an existing user.
     * During the first rotation, a locked user is incomplete because of an interruption; later, an administrator has
     * locked the user.
     */
    private void checkKnown(RotationEvent event, DatabaseCredentials current) {
        switch (login(current)) {
            case WORKS -> {}
            case REFUSED -> throw new RotationFailure("the current password of " + current.username() + " is refused");
            case LOCKED -> {
                if (value(event, null, PREVIOUS).isPresent()) {
                    throw new RotationFailure("the user " + current.username() + " is locked");
                }
            }
        }
    }

    /** The password of a master user is sent only to its own server. */
    private DatabaseCredentials master(DatabaseCredentials current, String masterSecret) {
        DatabaseCredentials master = DatabaseCredentials.parse(
                secrets.getSecretValue(r -> r.secretId(masterSecret).versionStage(CURRENT))
                        .secretString(),
                "the master secret");
        if (master.hasHost() && !master.host().equals(current.host())) {
            throw new RotationFailure("the master secret names another server");
        }
        return current.as(master);
    }

    private void changeOwn(RotationEvent event, DatabaseCredentials current, DatabaseCredentials pending) {
        DatabaseCredentials valid = logsIn(current)
                ? current
                : value(event, null, PREVIOUS)
                        .filter(p -> p.username().equals(current.username())
                                && p.host().equals(current.host())
                                && logsIn(p))
                        .orElseThrow(() -> new RotationFailure(
                                "the passwords of " + current.username() + " in the secret are refused"));
        try (Connection connection = open(valid)) {
            SqlDialect.of(current).setPassword(connection, pending);
        } catch (SQLException e) {
            throw RotationFailure.of("change the password of " + pending.username(), e);
        }
    }

    private void test(RotationEvent event) {
        DatabaseCredentials pending = required(pending(event));
        if (!logsIn(pending)) {
            throw new RotationFailure("the pending password of " + pending.username() + " is refused");
        }
    }

    /** Secrets Manager itself gives the former version the stage AWSPREVIOUS. */
    private void finish(DescribeSecretResponse secret, RotationEvent event) {
        String former = secret.versionIdsToStages().entrySet().stream()
                .filter(e -> e.getValue().contains(CURRENT))
                .map(e -> e.getKey())
                .findFirst()
                .orElse(null);
        secrets.updateSecretVersionStage(r -> r.secretId(event.secretId())
                .versionStage(CURRENT)
                .moveToVersionId(event.token())
                .removeFromVersionId(former));
    }

    private DatabaseCredentials current(RotationEvent event) {
        return value(event, null, CURRENT).orElseThrow(() -> new RotationFailure("the secret has no value yet"));
    }

    private Optional<DatabaseCredentials> pending(RotationEvent event) {
        return value(event, event.token(), PENDING);
    }

    private static DatabaseCredentials required(Optional<DatabaseCredentials> pending) {
        return pending.orElseThrow(
                () -> new RotationFailure("the pending version has no value: createSecret is not complete"));
    }

    private Optional<DatabaseCredentials> value(RotationEvent event, @Nullable String version, String stage) {
        try {
            return Optional.of(DatabaseCredentials.parse(
                    secrets.getSecretValue(GetSecretValueRequest.builder()
                                    .secretId(event.secretId())
                                    .versionId(version)
                                    .versionStage(stage)
                                    .build())
                            .secretString(),
                    stage));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The answer of the server to a login. */
    private enum LoginAnswer {
        WORKS,
        /** The user or the password is wrong. */
        REFUSED,
        /** The password is right, but the user is locked. */
        LOCKED
    }

    private boolean logsIn(DatabaseCredentials credentials) {
        return login(credentials) == LoginAnswer.WORKS;
    }

    /** @throws RotationFailure for any other error */
    private LoginAnswer login(DatabaseCredentials credentials) {
        try (Connection connection = logins.open(credentials)) {
            return connection.isValid(0) ? LoginAnswer.WORKS : LoginAnswer.REFUSED;
        } catch (SQLException e) {
            if (SqlDialect.of(credentials).isLocked(e)) {
                return LoginAnswer.LOCKED;
            }
            if (e.getSQLState() != null && e.getSQLState().startsWith("28")) {
                return LoginAnswer.REFUSED;
            }
            throw RotationFailure.of("log in as " + credentials.username(), e);
        }
    }

    private Connection open(DatabaseCredentials credentials) {
        try {
            return logins.open(credentials);
        } catch (SQLException e) {
            throw RotationFailure.of("log in as " + credentials.username(), e);
        }
    }
}
