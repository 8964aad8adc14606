package dev.holdfast.twin.secrets;

import static dev.holdfast.twin.store.TwinErrors.named;
import static dev.holdfast.twin.store.TwinErrors.refused;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.lambda.TwinLambda;
import dev.holdfast.twin.secrets.RotationState.RunningRotation;
import dev.holdfast.twin.secrets.TwinSecret.SecretVersion;
import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.RotationFunction;
import dev.holdfast.twin.store.RotationFunction.RotationStep;
import dev.holdfast.twin.store.ServiceTrail;
import dev.holdfast.twin.store.TwinContext;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordRequest;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RotationRulesType;

/**
 * The rotation of secrets. It creates a pending version, which the rotation function makes the current one. It starts
 * at once or on a schedule. If the function fails, the pending version stays.
 */
final class SecretRotations {
    private static final List<String> STEPS = List.of("createSecret", "setSecret", "testSecret", "finishSecret");

    private final TwinContext context;

    SecretRotations(TwinContext context) {
        this.context = context;
    }

    /** @return the new version; null if the rotation starts later */
    @Nullable
    String rotate(TwinSecret secret, RotateSecretRequest r, String token) {
        RotationState old = secret.rotation;
        String function = r.rotationLambdaARN() != null ? r.rotationLambdaARN() : old == null ? null : old.function();
        RotationRulesType rules = r.rotationRules() != null ? r.rotationRules() : old == null ? null : old.rules();
        if (function == null) {
            throw named(
                    InvalidRequestException.builder(),
                    "No Lambda rotation function ARN is associated with this secret.");
        }
        RotationSchedule.check(rules);
        if (!context.peer(TwinLambda.class).admits(function, "secretsmanager.amazonaws.com", secret.arn)) {
            throw refused(
                    "AccessDeniedException",
                    "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants"
                            + " access to the principal secretsmanager.amazonaws.com.");
        }
        if (secret.isRotating()) {
            throw named(
                    InvalidRequestException.builder(),
                    "A previous rotation isn't complete. That rotation will be reattempted.");
        }
        Instant last = old == null ? null : old.last();
        secret.rotation = new RotationState(
                true,
                function,
                Objects.requireNonNull(rules),
                last,
                RotationSchedule.next(Objects.requireNonNull(rules), context.now()),
                null);
        if (Boolean.FALSE.equals(r.rotateImmediately())) {
            test(secret, token, function);
            return null;
        }
        begin(secret, token);
        return token;
    }

    /** If the rotation starts later, Secrets Manager only tests the function, and no version remains from the test. */
    private void test(TwinSecret secret, String token, String function) {
        RotationFunction real = context.settings().rotationFunction();
        if (real != null) {
            RotationStep step = new RotationStep("testSecret", secret.arn, token, function);
            run(() -> real.invoke(step));
        }
    }

    private void begin(TwinSecret secret, String token) {
        RotationState state = Objects.requireNonNull(secret.rotation);
        secret.add(new SecretVersion(token, null, null, List.of(TwinSecret.PENDING), context.now()));
        AtomicReference<Instant> ended = new AtomicReference<>();
        secret.rotation = state.running(new RunningRotation(token, context.now(), ended));
        recordEvent(secret, "RotationStarted", context.now());
        RotationFunction real = context.settings().rotationFunction();
        if (real != null) {
            Instant now = context.now();
            String arn = secret.arn;
            run(() -> {
                STEPS.forEach(step -> real.invoke(new RotationStep(step, arn, token, state.function())));
                ended.set(now);
            });
        }
    }

    /** A failed function changes nothing. In AWS its log contains the error; the twin has no such log. */
    private static void run(Runnable function) {
        Thread.ofVirtual().uncaughtExceptionHandler((thread, failure) -> {}).start(function);
    }

    void cancel(TwinSecret secret) {
        RotationState state = secret.rotation;
        if (state != null) {
            secret.rotation = state.cancelled();
        }
    }

    /** Applies the effects of time since the last call. @return whether the secret has changed */
    boolean settle(TwinSecret secret) {
        RotationState state = secret.rotation;
        if (state == null) {
            return false;
        }
        RunningRotation running = state.running();
        if (running != null) {
            return context.settings().rotationFunction() == null
                    ? finish(secret, state, running)
                    : ended(secret, state, running.ended().get());
        }
        Instant next = state.next();
        if (state.enabled() && next != null && !context.now().isBefore(next) && !secret.isRotating()) {
            secret.rotation = state.scheduled(RotationSchedule.next(state.rules(), context.now()));
            begin(secret, context.uuid());
            return true;
        }
        return false;
    }

    /** https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
    private void recordEvent(TwinSecret secret, String event, Instant at) {
        ObjectNode which = JsonNodeFactory.instance.objectNode().put("SecretId", secret.arn);
        context.peer(ServiceTrail.class).happened("secretsmanager", event, at, which);
    }

    private boolean ended(TwinSecret secret, RotationState state, @Nullable Instant at) {
        if (at != null) {
            secret.rotation = state.rotated(at);
            recordEvent(secret, "RotationSucceeded", at);
        }
        return at != null;
    }

    /** The effect of a working function after its run time. */
    private boolean finish(TwinSecret secret, RotationState state, RunningRotation running) {
        if (!context.passed(Delay.ROTATION, running.since())) {
            return false;
        }
        SecretVersion current = secret.staged(TwinSecret.CURRENT);
        secret.add(new SecretVersion(
                running.token(),
                changed(current == null ? null : current.string()),
                null,
                List.of(TwinSecret.CURRENT, TwinSecret.PENDING),
                context.now()));
        secret.rotation = state.rotated(context.now());
        recordEvent(
                secret,
                "RotationSucceeded",
                running.since().plus(context.settings().delay(Delay.ROTATION)));
        return true;
    }

    /** The same secret value with another password. */
    private String changed(@Nullable String value) {
        String password = RandomPassword.of(
                GetRandomPasswordRequest.builder().excludePunctuation(true).build(), context::random);
        return Contents.json(value) instanceof ObjectNode object
                ? object.put("password", password).toString()
                : password;
    }
}
