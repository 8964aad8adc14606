package dev.holdfast.twin.secrets;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinTags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

/** One secret with its versions. No text of this class contains a secret value. */
final class TwinSecret {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";
    static final String PENDING = "AWSPENDING";

    /** One version. Either the string or the binary value is null. */
    record SecretVersion(
            String id, @Nullable String string, @Nullable SdkBytes binary, List<String> stages, Instant createdAt) {

        /** Whether the version has only an id so far, because a rotation function has not set its value yet. */
        boolean isEmpty() {
            return string == null && binary == null;
        }

        boolean sameValue(@Nullable String otherString, @Nullable SdkBytes otherBinary) {
            return java.util.Objects.equals(string, otherString) && java.util.Objects.equals(binary, otherBinary);
        }

        SecretVersion stages(List<String> value) {
            return new SecretVersion(id, string, binary, List.copyOf(value), createdAt);
        }

        String hash() {
            byte[] bytes = string != null
                    ? string.getBytes(StandardCharsets.UTF_8)
                    : binary == null ? new byte[0] : binary.asByteArray();
            return Contents.sha256Hex(bytes);
        }

        @Override
        public String toString() {
            return "Version[" + id + " " + stages + " sha256:" + hash() + "]";
        }
    }

    final String name;
    final String arn;
    final Instant createdAt;
    final Map<String, String> tags = new TreeMap<>();
    private final Map<String, SecretVersion> versions = new LinkedHashMap<>();

    @Nullable
    String description;

    @Nullable
    String kmsKeyId;

    @Nullable
    String policy;

    Instant changedAt;

    /** The rotation; null if it was never configured. */
    @Nullable
    RotationState rotation;

    /** The time at which the deletion was scheduled, which AWS returns as DeletedDate; otherwise null. */
    @Nullable
    Instant deletedAt;

    /** The end of the recovery window. */
    @Nullable
    Instant goneAt;

    TwinSecret(String name, String arn, Instant now) {
        this.name = name;
        this.arn = arn;
        this.createdAt = now;
        this.changedAt = now;
    }

    /** Whether a text names this secret: its name, its ARN, or its ARN without the hyphen and six random characters. */
    boolean answersTo(String arnOrName) {
        return arnOrName.equals(name) || arnOrName.equals(arn) || arnOrName.equals(arn.substring(0, arn.length() - 7));
    }

    @Nullable
    SecretVersion version(@Nullable String id) {
        return id == null ? null : versions.get(id);
    }

    /** The version with this stage; null if there is none. */
    @Nullable
    SecretVersion staged(String stage) {
        return versions.values().stream()
                .filter(v -> v.stages().contains(stage))
                .findFirst()
                .orElse(null);
    }

    List<SecretVersion> versions() {
        return List.copyOf(versions.values());
    }

    /** Adds a version and moves its stages to it. The former current version becomes the previous one. */
    void add(SecretVersion version) {
        SecretVersion current = staged(CURRENT);
        if (version.stages().contains(CURRENT)
                && current != null
                && !current.id().equals(version.id())) {
            take(PREVIOUS);
            List<String> stages = new ArrayList<>(current.stages());
            stages.remove(CURRENT);
            stages.add(PREVIOUS);
            versions.put(current.id(), current.stages(stages));
        }
        version.stages().forEach(this::take);
        versions.put(version.id(), version);
        // AWS deletes versions without a stage later. The twin deletes them at once, because callers must not rely on
        // either.
        versions.values().removeIf(v -> v.stages().isEmpty());
    }

    /** Moves a stage to a version. The version that loses AWSCURRENT becomes AWSPREVIOUS. */
    void move(String stage, @Nullable SecretVersion to) {
        SecretVersion from = staged(stage);
        take(stage);
        if (to != null) {
            put(to.id(), stage);
            if (stage.equals(CURRENT) && from != null && !from.id().equals(to.id())) {
                take(PREVIOUS);
                put(from.id(), PREVIOUS);
            }
        }
        versions.values().removeIf(v -> v.stages().isEmpty());
    }

    private void put(String id, String stage) {
        versions.computeIfPresent(id, (x, v) -> {
            List<String> stages = new ArrayList<>(v.stages());
            stages.add(stage);
            return v.stages(stages);
        });
    }

    /** Whether a rotation is in progress: the pending version is not the current one. */
    boolean isRotating() {
        SecretVersion pending = staged(PENDING);
        return pending != null && !pending.stages().contains(CURRENT);
    }

    private void take(String stage) {
        versions.replaceAll((id, v) ->
                v.stages(v.stages().stream().filter(s -> !s.equals(stage)).toList()));
    }

    /**
     * Secrets Manager does not show its own key: the default, which an empty text and its alias name too.
     *
     * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html">UpdateSecret</a>
     */
    void encryptWith(@Nullable String key) {
        kmsKeyId = "".equals(key) || "alias/aws/secretsmanager".equals(key) ? null : key;
    }

    DescribeSecretResponse describe() {
        Map<String, List<String>> stages = new LinkedHashMap<>();
        versions.values().forEach(v -> stages.put(v.id(), v.stages()));
        return TwinTags.show(tags, DescribeSecretResponse.builder())
                .arn(arn)
                .name(name)
                .description(description)
                .kmsKeyId(kmsKeyId)
                .createdDate(createdAt)
                .lastChangedDate(changedAt)
                .deletedDate(deletedAt)
                // Only services create such names.
                .owningService(name.startsWith("rds!") ? "rds" : null)
                .rotationEnabled(rotation == null ? null : rotation.enabled())
                .rotationLambdaARN(rotation == null ? null : rotation.function())
                .rotationRules(rotation == null ? null : rotation.shownRules())
                .lastRotatedDate(rotation == null ? null : rotation.last())
                .nextRotationDate(rotation == null ? null : rotation.next())
                .versionIdsToStages(stages.isEmpty() ? null : stages)
                .build();
    }

    SecretListEntry entry() {
        DescribeSecretResponse described = describe();
        return TwinTags.show(tags, SdkShapes.copy(described, SecretListEntry.builder()))
                .secretVersionsToStages(described.hasVersionIdsToStages() ? described.versionIdsToStages() : null)
                .build();
    }

    /** The item for the inventory. */
    TwinItem item() {
        String detail = "name=" + name + " description=" + description + " kmsKeyId=" + kmsKeyId + " policy=" + policy
                + " deletedAt=" + deletedAt + " rotation=" + (rotation == null ? null : rotation.detail())
                + " versions=" + versions();
        return new TwinItem("secretsmanager:secret", arn, arn, new TreeMap<>(tags), detail);
    }
}
