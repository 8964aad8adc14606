package dev.holdfast.kinds.secretsmanager;

import static dev.holdfast.kind.OwnershipForm.PARENT;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;

import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RotationRulesType;

/**
 * The rotation of a secret: by which function, and when. It belongs to the secret.
 *
 * <p>A rotation that is out of hand is never started to repair something: what changes is only the configuration.
 */
@Singleton
public final class SecretRotationKind extends DeclaredKind<SecretRotationKind.Spec> {
    private static final Pattern SCHEDULE = Pattern.compile("(rate|cron)\\(.+\\)");

    /** @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html">RotateSecret</a> */
    public record Spec(
            @Doc("The ARN of the secret.") @Required @Immutable @Ref(value = "Secret", output = "arn")
            String secretId,

            @Doc("The ARN of the function that rotates it; none for secrets that another service rotates.")
            @Ref(
                    value = "Function",
                    output = "arn",
                    attachedBy = {"FunctionPermission"})
            String rotationLambdaARN,

            @Doc("When the secret is rotated.") @Required RotationRules rotationRules,

            @Doc(
                    "Whether it is rotated at once when the rotation is switched on and the secret was never rotated before; if"
                            + " nothing is said, it is only tested. A change of the schedule or of the function never rotates it.")
            @InitialOnly
            Boolean rotateImmediately) {}

    /** The two ways to say when exclude each other: AWS computes days for every schedule. */
    @OneOf({"automaticallyAfterDays", "scheduleExpression"})
    public record RotationRules(
            @Doc("Days between two rotations.") @Range(min = 1, max = 1000)
            Long automaticallyAfterDays,

            @Doc("How long the window is in which it is rotated: 3h. It must not reach into the next day, in UTC.")
            String duration,

            @Doc("When the window opens, in UTC: rate(10 days), or cron(0 2 ? * SUN *); every 4 hours at most.")
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
        return Recipe.of(
                        "SecretRotation",
                        Spec.class,
                        SecretsManagerClient.class,
                        PARENT,
                        "The rotation of a secret: by which function, and when.")
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
                        "secrets of partners are theirs to rotate")
                // Its permission was given a moment ago, or the function is not ready.
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
     * The list of the stack's secrets says how they rotate, some minutes late: it counts where it says exactly what is desired,
     * and that no rotation is under way. Any other secret is asked for.
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

    /** A rotation that somebody switched off is switched on again without a rotation, whatever the document says. */
    private static boolean isFirst(SecretsManagerClient secrets, Spec desired) {
        return Boolean.TRUE.equals(desired.rotateImmediately())
                && SecretReader.describe(secrets, Objects.requireNonNull(desired.secretId()))
                        .map(secret -> secret.lastRotatedDate() == null)
                        .orElse(false);
    }

    /** No change of the configuration rotates the secret by itself. */
    private static void change(SecretsManagerClient secrets, Change<Spec> change) {
        secrets.rotateSecret(Wire.fill(RotateSecretRequest.builder(), change.spec())
                .rotationLambdaARN(change.merged(Spec::rotationLambdaARN))
                .rotateImmediately(false)
                .build());
    }

    /** A pending version that is not the current one is a rotation under way, or one that has failed. */
    private static boolean isPending(DescribeSecretResponse secret) {
        return secret.hasVersionIdsToStages()
                && secret.versionIdsToStages().values().stream()
                        .anyMatch(stages -> stages.contains("AWSPENDING") && !stages.contains("AWSCURRENT"));
    }

    private static Health health(DescribeSecretResponse secret) {
        return isPending(secret)
                ? Health.notReady(
                        "RotationPending",
                        "a version is AWSPENDING: the rotation is under way, or its function has failed; until it is"
                                + " complete, no other one begins")
                : Health.AVAILABLE;
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        RotationRules rules = spec.rotationRules();
        if (spec.secretId() != null
                && findings.known(Spec::secretId)
                && !spec.secretId().startsWith("arn:")) {
            findings.wrong(Spec::secretId, "expected an ARN", "${Secret/name}");
        }
        if (rules == null || !findings.known(Spec::rotationRules)) {
            return;
        }
        if (rules.scheduleExpression() != null
                && !SCHEDULE.matcher(rules.scheduleExpression()).matches()) {
            findings.wrong(Spec::rotationRules, "expected rate(…) or cron(…)", "cron(0 2 ? * SUN *)");
        }
        if (rules.duration() != null && !rules.duration().matches("\\d{1,2}h")) {
            findings.wrong(Spec::rotationRules, "expected hours as the duration", "3h");
        }
    }
}
