package dev.holdfast.kinds.secretsmanager;

import static dev.holdfast.kind.OwnershipForm.PARENT;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;

import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RotationRulesType;

/**
 * The rotation of a secret: its function and its schedule. The rotation belongs to the secret.
 *
 * <p>No repair starts a rotation outside of the schedule: a repair changes only the configuration.
 */
@Singleton
public final class SecretRotationKind extends DeclaredKind<SecretRotationKind.Spec> {
    private static final String HOURS = "\\d{1,2}h";
    /** The function has four steps, and Lambda ends each after 15 minutes at the latest. */
    private static final Duration LONGEST_RUN = Duration.ofHours(1);
    /** A window ends with the day. */
    private static final Duration LONGEST_WINDOW = Duration.ofDays(1);

    private static final Pattern SCHEDULE = Pattern.compile("(rate|cron)\\(.+\\)");

    /** @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html">RotateSecret</a> */
    public record Spec(
            @Doc("The ARN of the secret.") @Required @Immutable @Ref(value = "Secret", output = "arn")
            String secretId,

            @Doc("The ARN of the function that rotates the secret; absent if another service rotates the secret.")
            @Ref(
                    value = "Function",
                    output = "arn",
                    attachedBy = {"FunctionPermission"})
            String rotationLambdaARN,

            @Doc("The schedule of the rotation.") @Required RotationRules rotationRules,

            @Doc("Whether a secret that was never rotated is rotated at once when the rotation is switched on; by"
                    + " default, AWS only tests it. A change of schedule or function never rotates the secret.")
            @InitialOnly
            Boolean rotateImmediately) {}

    /** The two forms of a schedule exclude each other: AWS computes the days for every schedule expression. */
    @OneOf({"automaticallyAfterDays", "scheduleExpression"})
    public record RotationRules(
            @Doc("The days between two rotations.") @Range(min = 1, max = 1000)
            Long automaticallyAfterDays,

            @Doc("The length of the window for the rotation, such as 3h. The window must end on the same day, in UTC.")
            String duration,

            @Doc("The times in UTC at which the window opens: rate(10 days) or cron(0 2 ? * SUN *); at least 4 hours"
                    + " apart.")
            String scheduleExpression) {
        static @Nullable RotationRules of(@Nullable RotationRulesType rules) {
            return rules == null
                    ? null
                    : new RotationRules(
                            rules.scheduleExpression() == null ? rules.automaticallyAfterDays() : null,
                            rules.duration(),
                            rules.scheduleExpression());
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("SecretRotation", Spec.class, SecretsManagerClient.class, PARENT)
                .description("The rotation of a secret: its function and its schedule.")
                .finds(SecretRotationKind::rotations)
                .id(DescribeSecretResponse::arn)
                .within((desired, secret) -> secret.arn().equals(desired.secretId()))
                .reads(Spec::secretId, DescribeSecretResponse::arn)
                .reads(Spec::rotationRules, secret -> RotationRules.of(secret.rotationRules()))
                .creates((secrets, desired, token, none) -> {
                    secrets.rotateSecret(Wire.fill(RotateSecretRequest.builder(), desired.spec())
                            .clientRequestToken(token)
                            .rotateImmediately(isFirst(secrets, desired.spec()))
                            .build());
                    return Objects.requireNonNull(desired.spec().secretId());
                })
                .updates(SecretRotationKind::change, Spec::rotationLambdaARN, Spec::rotationRules)
                .deletes((secrets, arn) -> secrets.cancelRotateSecret(r -> r.secretId(arn)))
                .state((known, secret) -> known.health(health(secret)))
                .output("secretArn", "The ARN of the secret.", DescribeSecretResponse::arn)
                .output(
                        "versionId",
                        "The id of its current version, which each rotation replaces.",
                        SecretReader::currentVersion)
                .info(info -> info.hangsAt("Secret", Spec::secretId))
                .leavesOut(
                        "ExternalSecretRotationMetadata, ExternalSecretRotationRoleArn",
                        "partners rotate their secrets themselves")
                // The permission to invoke the function is only a moment old, or the function is not ready.
                .fault("AccessDeniedException", "cannot invoke", DEPENDENCY)
                .fault("InvalidRequestException", "previous rotation", CONFLICT)
                .fault("InvalidRequestException", "for deletion", CONFLICT)
                .permissions(Permissions.on("secretsmanager:{region}:{account}:secret:*")
                        .changes("secretsmanager:RotateSecret", "secretsmanager:CancelRotateSecret")
                        // https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
                        .touchesOwn("lambda:InvokeFunction", "lambda:{region}:{account}:function:*"))
                .page("https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html");
    }

    /**
     * The list of the stack's secrets shows their rotation, some minutes late. An entry counts if it shows exactly the
     * desired rotation, and no rotation under way. Every other secret is read by itself.
     */
    private static List<DescribeSecretResponse> rotations(Scope<?> scope, SecretsManagerClient secrets) {
        Map<String, DescribeSecretResponse> listed = new HashMap<>();
        if (!scope.confirming()) {
            SecretReader.list(scope).forEach(s -> listed.put(s.arn(), s));
        }
        List<DescribeSecretResponse> found = new ArrayList<>();
        for (String arn :
                Listings.parents(scope, Spec.class, Spec::secretId, id -> id, () -> List.copyOf(listed.keySet()))) {
            DescribeSecretResponse fromTheList = listed.get(arn);
            if (fromTheList != null && isAsDesired(scope, fromTheList)) {
                found.add(fromTheList);
            } else {
                SecretReader.describe(secrets, arn).ifPresent(found::add);
            }
        }
        return found.stream()
                .filter(s -> Boolean.TRUE.equals(s.rotationEnabled()) && s.deletedDate() == null)
                .toList();
    }

    private static boolean isAsDesired(Scope<?> scope, DescribeSecretResponse listed) {
        return !isPending(listed)
                && scope.wanted().stream()
                        .allMatch(w -> !(w.desired() instanceof Spec desired)
                                || !listed.arn().equals(desired.secretId())
                                || (Boolean.TRUE.equals(listed.rotationEnabled())
                                        && Objects.equals(desired.rotationLambdaARN(), listed.rotationLambdaARN())
                                        && Objects.equals(
                                                desired.rotationRules(), RotationRules.of(listed.rotationRules()))));
    }

    /**
     * A rotation that was switched off is switched on again without rotating the secret, whatever the document sets.
     */
    private static boolean isFirst(SecretsManagerClient secrets, Spec desired) {
        return Boolean.TRUE.equals(desired.rotateImmediately())
                && SecretReader.describe(secrets, Objects.requireNonNull(desired.secretId()))
                        .map(secret -> secret.lastRotatedDate() == null)
                        .orElse(false);
    }

    /** A change of the configuration never rotates the secret. */
    private static void change(SecretsManagerClient secrets, Change<Spec> change) {
        secrets.rotateSecret(Wire.fill(RotateSecretRequest.builder(), change.spec())
                .rotationLambdaARN(change.merged(Spec::rotationLambdaARN))
                .rotateImmediately(false)
                .build());
    }

    /** A pending version that is not the current version means that a rotation is under way or has failed. */
    private static boolean isPending(DescribeSecretResponse secret) {
        return secret.hasVersionIdsToStages()
                && secret.versionIdsToStages().values().stream()
                        .anyMatch(stages -> stages.contains("AWSPENDING") && !stages.contains("AWSCURRENT"));
    }

    private static Health health(DescribeSecretResponse secret) {
        if (!isPending(secret)) {
            return Health.AVAILABLE;
        }
        Health pending = Health.notReady(
                Health.ROTATION_PENDING,
                "a version is AWSPENDING: the rotation is under way, or its function has failed; no other"
                        + " rotation begins until this rotation is complete");
        return Stream.of(lateForTheSchedule(secret), lateForTheWindow(secret))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .map(at -> pending.overdue(
                        at,
                        Health.ROTATION_STUCK,
                        "a version is AWSPENDING for longer than a rotation takes: the rotation function fails. Read"
                                + " the log of the function, correct the cause, and rotate the secret again. Holdfast"
                                + " never removes the stage, because the database may already have the pending"
                                + " password"))
                .orElse(pending);
    }

    /**
     * The date of the next rotation is the latest one. Secrets Manager retries a rotation that fails, and lets the date
     * pass.
     *
     * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html">NextRotationDate</a>
     */
    private static Optional<Instant> lateForTheSchedule(DescribeSecretResponse secret) {
        return Optional.ofNullable(secret.nextRotationDate()).map(next -> next.plus(LONGEST_RUN));
    }

    /** A rotation that a person requested has no date; it has changed the secret when it began. */
    private static Optional<Instant> lateForTheWindow(DescribeSecretResponse secret) {
        String hours =
                secret.rotationRules() == null ? null : secret.rotationRules().duration();
        Duration window = hours != null && hours.matches(HOURS)
                ? Duration.ofHours(Integer.parseInt(hours.substring(0, hours.length() - 1)))
                : LONGEST_WINDOW;
        return Optional.ofNullable(secret.lastChangedDate()).map(began -> began.plus(window));
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        RotationRules rules = spec.rotationRules();
        if (spec.secretId() != null
                && findings.known(Spec::secretId)
                && !spec.secretId().startsWith("arn:")) {
            findings.wrong(Spec::secretId, "expected the ARN of a secret", "refer to a Secret: ${Secret/name}");
        }
        if (rules == null || !findings.known(Spec::rotationRules)) {
            return;
        }
        if (rules.scheduleExpression() != null
                && !SCHEDULE.matcher(rules.scheduleExpression()).matches()) {
            findings.wrong(
                    Spec::rotationRules,
                    "expected rate(…) or cron(…) as scheduleExpression",
                    "set scheduleExpression, for example to cron(0 2 ? * SUN *)");
        }
        if (rules.duration() != null && !rules.duration().matches(HOURS)) {
            findings.wrong(Spec::rotationRules, "expected hours as the duration", "set duration, for example to 3h");
        }
    }
}
