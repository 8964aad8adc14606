package dev.holdfast.twin.secrets;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.secrets.TwinSecret.SecretVersion;
import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.EventSource;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.*;

/** The twin of Secrets Manager. Only ListSecrets lags. */
public final class TwinSecrets implements SecretsManagerClient, TwinService, EventSource {
    /** AWS's largest and default page size. */
    private static final int PAGE = 100;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@!-]{1,512}");

    private final TwinContext context;
    private final SecretRotations rotations;
    private final SecretStore secrets;

    public TwinSecrets(TwinContext context) {
        this.context = context;
        this.rotations = new SecretRotations(context);
        this.secrets = new SecretStore(context, rotations);
    }

    /**
     * Whether ECS could read the secret's value: the secret exists and is not scheduled for deletion.
     *
     * @param arnOrName a full ARN, an ARN without the six random characters, or a name; without the JSON key, stage and
     *     version that ECS's {@code valueFrom} adds to an ARN
     */
    public boolean exists(String arnOrName) {
        TwinSecret secret = secrets.find(arnOrName);
        return secret != null && secret.deletedAt == null;
    }

    @Override
    public void catchUp() {
        secrets.settle();
    }

    @Override
    public List<TwinItem> inventory() {
        catchUp();
        return secrets.all().stream().map(TwinSecret::item).toList();
    }

    @Override
    public CreateSecretResponse createSecret(CreateSecretRequest r) {
        if (r.name() == null || !NAME.matcher(r.name()).matches()) {
            throw named(
                    InvalidParameterException.builder(),
                    "Invalid name. Must be a valid name containing alphanumeric characters,"
                            + " or any of the following: -/_+=.@!");
        }
        String token = token(r.clientRequestToken());
        TwinSecret old = secrets.find(r.name());
        if (old != null) {
            if (old.deletedAt != null) {
                throw named(
                        InvalidRequestException.builder(),
                        "You can't create this secret because a secret with this name is already scheduled for"
                                + " deletion.");
            }
            SecretVersion version = old.version(token);
            if (version == null || !version.sameValue(r.secretString(), r.secretBinary())) {
                throw named(
                        ResourceExistsException.builder(),
                        "The operation failed because the secret " + r.name() + " already exists.");
            }
            return SdkShapes.copy(old.describe(), CreateSecretResponse.builder())
                    .versionId(token)
                    .build();
        }
        String arn = context.arn("secretsmanager", "secret:" + r.name() + "-" + context.hex(6));
        TwinSecret secret = new TwinSecret(r.name(), arn, context.now());
        secret.description = r.description();
        secret.encryptWith(r.kmsKeyId());
        secret.tags.putAll(TwinTags.in(r));
        secrets.add(secret);
        String version = write(secret, token, r.secretString(), r.secretBinary(), List.of(TwinSecret.CURRENT));
        secrets.changed(secret);
        return SdkShapes.copy(secret.describe(), CreateSecretResponse.builder())
                .versionId(version)
                .build();
    }

    @Override
    public DescribeSecretResponse describeSecret(DescribeSecretRequest r) {
        return secrets.visible(r.secretId()).describe();
    }

    @Override
    public ListSecretsResponse listSecrets(ListSecretsRequest r) {
        secrets.settle();
        boolean planned = Boolean.TRUE.equals(r.includePlannedDeletion());
        List<SecretListEntry> found = secrets.inSight().stream()
                .filter(e -> planned || e.deletedDate() == null)
                .filter(e -> SecretFilters.hold(r.filters(), e))
                .toList();
        if (r.sortOrder() == SortOrderType.ASC) {
            found = found.reversed();
        }
        return context.page(r, ListSecretsResponse.builder(), found, PAGE);
    }

    @Override
    public UpdateSecretResponse updateSecret(UpdateSecretRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        String version = write(
                secret, token(r.clientRequestToken()), r.secretString(), r.secretBinary(), List.of(TwinSecret.CURRENT));
        secret.description = r.description() == null ? secret.description : r.description();
        if (r.kmsKeyId() != null) {
            secret.encryptWith(r.kmsKeyId());
        }
        secrets.changed(secret);
        return SdkShapes.copy(secret.describe(), UpdateSecretResponse.builder())
                .versionId(version)
                .build();
    }

    @Override
    public PutSecretValueResponse putSecretValue(PutSecretValueRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        if (r.secretString() == null && r.secretBinary() == null) {
            throw named(InvalidRequestException.builder(), "You must provide either SecretString or SecretBinary.");
        }
        List<String> stages = r.versionStages().isEmpty() ? List.of(TwinSecret.CURRENT) : r.versionStages();
        String version = write(secret, token(r.clientRequestToken()), r.secretString(), r.secretBinary(), stages);
        secrets.changed(secret);
        return SdkShapes.copy(secret.describe(), PutSecretValueResponse.builder())
                .versionId(version)
                .versionStages(stages)
                .build();
    }

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        String stage = Objects.requireNonNullElse(r.versionStage(), TwinSecret.CURRENT);
        SecretVersion version = r.versionId() != null ? secret.version(r.versionId()) : secret.staged(stage);
        if (version == null || version.isEmpty()) {
            throw named(
                    ResourceNotFoundException.builder(),
                    "Secrets Manager can't find the specified secret value for "
                            + (r.versionId() != null ? "VersionId: " + r.versionId() : "staging label: " + stage));
        }
        return SdkShapes.copy(secret.describe(), GetSecretValueResponse.builder())
                .versionId(version.id())
                .secretString(version.string())
                .secretBinary(version.binary())
                .versionStages(version.stages())
                .createdDate(version.createdAt())
                .build();
    }

    @Override
    public DeleteSecretResponse deleteSecret(DeleteSecretRequest r) {
        boolean force = Boolean.TRUE.equals(r.forceDeleteWithoutRecovery());
        if (force && r.recoveryWindowInDays() != null) {
            throw named(
                    InvalidParameterException.builder(),
                    "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }
        long days = Objects.requireNonNullElse(r.recoveryWindowInDays(), 30L);
        if (days < 7 || days > 30) {
            throw named(
                    InvalidParameterException.builder(),
                    "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
        }
        TwinSecret secret = secrets.find(r.secretId());
        if (force) {
            // The deletion of a missing secret succeeds.
            // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
            if (secret != null) {
                secrets.remove(secret);
            }
            return DeleteSecretResponse.builder()
                    .arn(secret == null ? null : secret.arn)
                    .name(secret == null ? r.secretId() : secret.name)
                    .deletionDate(context.now())
                    .build();
        }
        TwinSecret found = secrets.usable(r.secretId());
        Instant gone = context.now().plus(Duration.ofDays(days));
        found.deletedAt = context.now();
        found.goneAt = gone;
        secrets.changed(found);
        return SdkShapes.copy(found.describe(), DeleteSecretResponse.builder())
                .deletionDate(gone)
                .build();
    }

    @Override
    public RestoreSecretResponse restoreSecret(RestoreSecretRequest r) {
        TwinSecret secret = secrets.visible(r.secretId());
        secret.deletedAt = null;
        secret.goneAt = null;
        secrets.changed(secret);
        return SdkShapes.copy(secret.describe(), RestoreSecretResponse.builder())
                .build();
    }

    @Override
    public GetResourcePolicyResponse getResourcePolicy(GetResourcePolicyRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        return SdkShapes.copy(secret.describe(), GetResourcePolicyResponse.builder())
                .resourcePolicy(secret.policy)
                .build();
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        if (!Contents.json(r.resourcePolicy()).has("Statement")) {
            throw named(MalformedPolicyDocumentException.builder(), "This resource policy contains invalid Json.");
        }
        secret.policy = r.resourcePolicy();
        return SdkShapes.copy(secret.describe(), PutResourcePolicyResponse.builder())
                .build();
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(DeleteResourcePolicyRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        secret.policy = null;
        return SdkShapes.copy(secret.describe(), DeleteResourcePolicyResponse.builder())
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        secret.tags.putAll(TwinTags.in(r));
        secrets.changed(secret);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        secret.tags.keySet().removeAll(r.tagKeys());
        secrets.changed(secret);
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateSecretVersionStageResponse updateSecretVersionStage(UpdateSecretVersionStageRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        VersionStages.move(secret, r);
        secrets.changed(secret);
        return SdkShapes.copy(secret.describe(), UpdateSecretVersionStageResponse.builder())
                .build();
    }

    @Override
    public RotateSecretResponse rotateSecret(RotateSecretRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        String version = rotations.rotate(secret, r, token(r.clientRequestToken()));
        secrets.changed(secret);
        return SdkShapes.copy(secret.describe(), RotateSecretResponse.builder())
                .versionId(version)
                .build();
    }

    @Override
    public CancelRotateSecretResponse cancelRotateSecret(CancelRotateSecretRequest r) {
        TwinSecret secret = secrets.usable(r.secretId());
        rotations.cancel(secret);
        secrets.changed(secret);
        return SdkShapes.copy(secret.describe(), CancelRotateSecretResponse.builder())
                .build();
    }

    @Override
    public GetRandomPasswordResponse getRandomPassword(GetRandomPasswordRequest r) {
        return GetRandomPasswordResponse.builder()
                .randomPassword(RandomPassword.of(r, context::random))
                .build();
    }

    /**
     * Adds a version, unless a request with the same token has already added the same one. @return its id; null if
     * there is no value
     */
    private @Nullable String write(
            TwinSecret secret, String token, @Nullable String string, @Nullable SdkBytes binary, List<String> stages) {
        if (string == null && binary == null) {
            return null;
        }
        if (string != null && binary != null) {
            throw named(InvalidParameterException.builder(), "You can't specify both SecretString and SecretBinary.");
        }
        SecretVersion old = secret.version(token);
        if (old == null || old.isEmpty()) {
            secret.add(new SecretVersion(token, string, binary, List.copyOf(stages), context.now()));
        } else if (!old.sameValue(string, binary)) {
            throw named(ResourceExistsException.builder(), "A resource with the ID you requested already exists.");
        }
        return token;
    }

    private String token(@Nullable String given) {
        if (given == null) {
            return context.uuid();
        }
        if (given.length() < 32 || given.length() > 64) {
            throw named(InvalidParameterException.builder(), "ClientRequestToken must be 32-64 characters long.");
        }
        return given;
    }
}
