package dev.holdfast.twin.secrets;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinTags;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

/** One secret with its versions; nothing it prints holds a value. */
final class TwinSecret {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";
    static final String PENDING = "AWSPENDING";

    /** One version; one of the two values is null. */
    record SecretVersion(
            String id, @Nullable String string, @Nullable SdkBytes binary, List<String> stages, Instant createdAt) {

        /** Whether it is only the id of a version that a rotation function is to make. */
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
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
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

    /** Null: a rotation was never configured. */
    @Nullable
    RotationState rotation;

    /** When it was scheduled for deletion, or null; the value of DeletedDate. */
    @Nullable
    Instant deletedAt;

    /** When it goes. */
    @Nullable
    Instant goneAt;

    TwinSecret(String name, String arn, Instant now) {
        this.name = name;
        this.arn = arn;
        this.createdAt = now;
        this.changedAt = now;
    }

    /** By name, by ARN, or by ARN without the hyphen and six random characters. */
    boolean answersTo(String arnOrName) {
        return arnOrName.equals(name) || arnOrName.equals(arn) || arnOrName.equals(arn.substring(0, arn.length() - 7));
    }

    @Nullable
    SecretVersion version(@Nullable String id) {
        return id == null ? null : versions.get(id);
    }

    /** The version that carries the stage, or null. */
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

    /** Adds a version and moves its stages to it; the current version becomes the previous one. */
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
        // AWS drops what no stage holds any more; it does so later, and nobody may count on either.
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

    /** Whether a rotation has begun and not ended: the pending version is not the current one. */
    boolean isRotating() {
        SecretVersion pending = staged(PENDING);
        return pending != null && !pending.stages().contains(CURRENT);
    }

    private void take(String stage) {
        versions.replaceAll((id, v) ->
                v.stages(v.stages().stream().filter(s -> !s.equals(stage)).toList()));
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
                // Only services make such names.
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

    /** For the inventory. */
    TwinItem item() {
        String detail = "name=" + name + " description=" + description + " kmsKeyId=" + kmsKeyId + " policy=" + policy
                + " deletedAt=" + deletedAt + " rotation=" + (rotation == null ? null : rotation.detail())
                + " versions=" + versions();
        return new TwinItem("secretsmanager:secret", arn, arn, new TreeMap<>(tags), detail);
    }
}
