package dev.holdfast.kinds.kms;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.Partitions;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.GetKeyRotationStatusResponse;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;
import software.amazon.awssdk.services.kms.model.UpdateKeyDescriptionRequest;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter;

/**
 * A key. Data that it encrypted are lost with it. So KMS deletes a key only after a waiting period, in which Holdfast
 * restores the key if it is desired again.
 */
@Singleton
public final class KeyKind extends DeclaredKind<KeyKind.Spec> {
    private static final String TYPE = "kms:key";
    private static final Absent HIDDEN = Absent.code("AccessDeniedException");

    private static final Tagging<KmsClient> TAGGING = Tagging.<KmsClient>indexed(
                    TYPE,
                    KeyKind::tags,
                    arn -> Values.last(arn, '/'),
                    (kms, arn, tags) -> kms.tagResource(r -> r.keyId(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                    (kms, arn, keys) -> kms.untagResource(r -> r.keyId(arn).tagKeys(keys)))
            .on("arn");

    /** @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html">CreateKey</a> */
    public record Spec(
            @Doc("The purpose of the key.") @EmptyIsNone String description,

            @Doc("The key policy. If it is absent, IAM policies of the account control access.")
            @PolicyDocument
            @Risk(FieldRisk.KEY_POLICY)
            @Slow("policy")
            JsonNode policy,

            @Doc("The type of key; the default is SYMMETRIC_DEFAULT.") @Immutable
            KeySpec keySpec,

            @Doc("The use of the key; the default for symmetric keys is ENCRYPT_DECRYPT.") @Immutable
            KeyUsageType keyUsage,

            @Doc("Whether the key can have replicas in other regions.") @Immutable
            Boolean multiRegion,

            @Doc("Whether the key can be used.") Boolean enabled,

            @Doc("Whether KMS replaces the key's material at regular intervals.") @Slow("rotation")
            Boolean enableKeyRotation,

            @Doc("The days between two replacements of the material; AWS's default is 365.")
            @Slow("rotation")
            @Needs("enableKeyRotation")
            @Range(min = 90, max = 2560)
            Integer rotationPeriodInDays,

            @Doc("The days for which a deletion can be cancelled; AWS's default is 30.")
            @DeleteOnly
            @Range(min = 7, max = 30)
            Integer pendingWindowInDays,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            policy = policy == null || policy.isNull() ? null : policy;
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("Key", Spec.class, KmsClient.class)
                .description("A key of KMS, with its policy and its rotation.")
                .finds(KeyKind::keys)
                .id(KeyMetadata::keyId)
                .arn(KeyMetadata::arn)
                .tags(TAGGING)
                .detail(KeyKind::detail)
                .creates((kms, desired, token, tagging) -> restored(kms, desired)
                        .orElseGet(() -> {
                            CreateKeyRequest.Builder request = Wire.fill(CreateKeyRequest.builder(), desired.spec());
                            return kms.createKey(request.tags(SdkShapes.pairs(
                                                    desired.spec().tags(), Tag::builder))
                                            .build())
                                    .keyMetadata()
                                    .keyId();
                        }))
                .policy(
                        Spec::policy,
                        (kms, key) ->
                                kms.getKeyPolicy(r -> r.keyId(key.keyId())).policy(),
                        Absent.when(NotFoundException.class),
                        (kms, id, policy) -> kms.putKeyPolicy(r -> r.keyId(id).policy(policy)),
                        (kms, id) -> {})
                .facetOfOwners("rotation", (kms, key) -> rotation(kms, key.keyId()))
                // KMS rejects a change of the rotation while the key is disabled.
                .updates((kms, change) -> enable(kms, change, true), Spec::enabled)
                .updates(KeyKind::rotate, Spec::enableKeyRotation, Spec::rotationPeriodInDays)
                .changes(UpdateKeyDescriptionRequest::builder, KmsClient::updateKeyDescription)
                .updates((kms, change) -> enable(kms, change, false), Spec::enabled)
                .deletesObserved((kms, observed) -> {
                    if (observed.known().phase() == Phase.Deleting) {
                        return;
                    }
                    Spec applied = observed.applied();
                    Integer days = Values.of(applied, Spec::pendingWindowInDays);
                    kms.scheduleKeyDeletion(r -> r.keyId(observed.physicalId()).pendingWindowInDays(days));
                })
                .output("arn", "Its ARN.", KeyMetadata::arn)
                .output("keyId", "Its id.", KeyMetadata::keyId)
                .output("state", "The state: Enabled, Disabled, PendingDeletion and others.")
                .state((known, key, desired) -> KeyStates.known(known, desired != null))
                .info(info -> info.stateful("the only means to read the data that it encrypted"))
                .leavesOut("BypassPolicyLockoutSafetyCheck", "without this check, a key could become unmanageable")
                .leavesOut("CustomerMasterKeySpec", "it is AWS's former name of KeySpec")
                .leavesOut("Origin", "the desired state would have to contain imported material")
                .leavesOut("CustomKeyStoreId, XksKeyId", "Holdfast does not manage custom key stores")
                .fault("MalformedPolicyDocumentException", "invalid principals", DEPENDENCY)
                .fault("KMSInvalidStateException", CONFLICT)
                .fault("LimitExceededException", QUOTA)
                .permissions(Permissions.on("kms:{region}:{account}:key/*")
                        .createsAnywhere("kms:CreateKey")
                        // KMS restores a key as a disabled key.
                        .changes("kms:CancelKeyDeletion", "kms:EnableKey")
                        .tags("kms:TagResource", "kms:UntagResource"))
                .page("https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html");
    }

    /**
     * Keys have no names. So these are the recorded keys, and the keys that the tagging API knows if a record is
     * missing.
     */
    private static List<KeyMetadata> keys(Scope<?> scope, KmsClient kms) {
        String region = scope.clients().region();
        String prefix = "arn:" + Partitions.id(region) + ":kms:" + region + ":"
                + scope.stack().account() + ":key/";
        Set<String> arns = new TreeSet<>();
        Listings.ids(scope).forEach(id -> arns.add(prefix + id));
        if (scope.sweep() || scope.wanted().stream().anyMatch(w -> w.physicalId() == null)) {
            arns.addAll(scope.tagged(TYPE).keySet());
        }
        if (scope.confirmsByTags()) {
            arns.addAll(unindexed(scope, kms));
        }
        return arns.stream()
                .map(arn -> KeyMetadata.builder()
                        .arn(arn)
                        .keyId(Values.last(arn, '/'))
                        .build())
                .toList();
    }

    /** The stack's keys among all keys of the account, read before a key is created, because the tagging API lags. */
    private static List<String> unindexed(Scope<?> scope, KmsClient kms) {
        List<String> all = kms.listKeysPaginator().keys().stream()
                .map(KeyListEntry::keyArn)
                .toList();
        // A key policy may hide the key's tags. If the tags of all keys are hidden, Holdfast lacks the permission to
        // read tags, and one more read reports that error.
        List<Optional<Boolean>> owned =
                scope.parallel(all, arn -> HIDDEN.or(Optional.empty(), () -> Optional.of(isOurs(scope, kms, arn))));
        if (owned.stream().noneMatch(Optional::isPresent)) {
            all.stream().limit(1).forEach(arn -> isOurs(scope, kms, arn));
        }
        return IntStream.range(0, all.size())
                .filter(i -> owned.get(i).orElse(false))
                .mapToObj(all::get)
                .toList();
    }

    private static boolean isOurs(Scope<?> scope, KmsClient kms, String arn) {
        return scope.stack().owns(tags(kms, arn));
    }

    private static Map<String, String> tags(KmsClient kms, String arn) {
        return SdkShapes.map(
                Listings.all(kms.listResourceTagsPaginator(r -> r.keyId(arn)).tags()));
    }

    /**
     * A key that waits for its deletion counts as deleted unless it is desired. A primary key that waits for the
     * deletion of its replicas may wait for ever, so that it is shown.
     */
    private static @Nullable Object detail(Scope<Spec> scope, KmsClient kms, KeyMetadata key) {
        Supplier<Optional<KeyMetadata>> read = () -> Optional.ofNullable(Absent.when(NotFoundException.class)
                .orNull(() -> kms.describeKey(r -> r.keyId(key.keyId())).keyMetadata()));
        Optional<KeyMetadata> found = scope.slow(key.keyId(), "state", read);
        if (found.filter(KeyStates::isTransient).isPresent()) {
            found = read.get();
        }
        return found.filter(now -> !KeyStates.isScheduled(now)
                        || scope.wanted().stream().anyMatch(w -> isFor(w, now) && isShown(w, now)))
                .<Object>map(now -> {
                    Map<String, @Nullable Object> values = new HashMap<>();
                    values.put("state", now.keyStateAsString());
                    values.put("description", now.description());
                    values.put("keySpec", now.keySpec());
                    values.put("keyUsage", now.keyUsage());
                    values.put("multiRegion", now.multiRegion());
                    values.put("enabled", KeyStates.isDecided(now) ? now.enabled() : wantsEnabled(scope, now));
                    return values;
                })
                .orElse(null);
    }

    private static boolean isFor(Wanted<Spec> wanted, KeyMetadata key) {
        return wanted.physicalId() == null || wanted.physicalId().equals(key.keyId());
    }

    private static boolean isShown(Wanted<Spec> wanted, KeyMetadata key) {
        return wanted.desired() == null
                ? key.keyState() == KeyState.PENDING_REPLICA_DELETION && wanted.physicalId() != null
                : isOneOf(wanted.desired(), key);
    }

    /** Returns the desired value, so that it does not differ: KMS shows no decision about the use of such a key. */
    private static @Nullable Boolean wantsEnabled(Scope<Spec> scope, KeyMetadata key) {
        return scope.wanted().stream()
                .filter(w -> key.keyId().equals(w.physicalId()))
                .flatMap(w -> Stream.ofNullable(w.desired()))
                .flatMap(desired -> Stream.ofNullable(desired.enabled()))
                .findFirst()
                .orElse(null);
    }

    /** A key of another type was replaced on purpose, so that its deletion is not cancelled. */
    private static boolean isOneOf(@Nullable Spec desired, KeyMetadata key) {
        return desired != null
                && (desired.keySpec() == null || desired.keySpec() == key.keySpec())
                && (desired.keyUsage() == null || desired.keyUsage() == key.keyUsage())
                && (desired.multiRegion() == null || desired.multiRegion().equals(key.multiRegion()));
    }

    /**
     * Restores the stack's former key that is scheduled for deletion. KMS leaves the key disabled, so it is enabled
     * too.
     */
    private static Optional<String> restored(KmsClient kms, Desired<Spec> desired) {
        List<TagFilter> ours = desired.stack().ownershipTags(desired.id()).entrySet().stream()
                .map(tag -> TagFilter.builder()
                        .key(tag.getKey())
                        .values(tag.getValue())
                        .build())
                .toList();
        Optional<String> former = desired
                .client(ResourceGroupsTaggingApiClient.class)
                .getResourcesPaginator(r -> r.resourceTypeFilters(TYPE).tagFilters(ours))
                .resourceTagMappingList()
                .stream()
                .map(found -> Values.last(found.resourceARN(), '/'))
                .filter(id -> isRestorable(kms, id, desired.spec()))
                .findFirst();
        former.ifPresent(id -> {
            kms.cancelKeyDeletion(r -> r.keyId(id));
            kms.enableKey(r -> r.keyId(id));
        });
        return former;
    }

    private static boolean isRestorable(KmsClient kms, String id, Spec desired) {
        return Absent.or(false, NotFoundException.class, () -> {
            KeyMetadata key = kms.describeKey(r -> r.keyId(id)).keyMetadata();
            return KeyStates.isScheduled(key) && isOneOf(desired, key);
        });
    }

    private static Map<String, Object> rotation(KmsClient kms, String id) {
        // Keys with imported material or in a custom key store do not rotate.
        GetKeyRotationStatusResponse status = Absent.or(
                GetKeyRotationStatusResponse.builder().build(),
                UnsupportedOperationException.class,
                () -> kms.getKeyRotationStatus(r -> r.keyId(id)));
        boolean rotates = Boolean.TRUE.equals(status.keyRotationEnabled());
        return rotates
                ? Map.of("enableKeyRotation", true, "rotationPeriodInDays", status.rotationPeriodInDays())
                : Map.of("enableKeyRotation", false);
    }

    private static void enable(KmsClient kms, Change<Spec> change, boolean now) {
        boolean wanted = Boolean.TRUE.equals(change.spec().enabled());
        if (wanted && now) {
            kms.enableKey(r -> r.keyId(change.physicalId()));
        } else if (!wanted && !now) {
            kms.disableKey(r -> r.keyId(change.physicalId()));
        }
    }

    private static void rotate(KmsClient kms, Change<Spec> change) {
        if (Boolean.TRUE.equals(change.spec().enableKeyRotation())) {
            kms.enableKeyRotation(r -> r.keyId(change.physicalId())
                    .rotationPeriodInDays(change.spec().rotationPeriodInDays()));
        } else {
            kms.disableKeyRotation(r -> r.keyId(change.physicalId()));
        }
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        JsonNode policy = spec.policy();
        if (policy != null && findings.known(Spec::policy) && !KeyPolicies.canBeReplaced(policy)) {
            findings.wrong(
                    Spec::policy,
                    "the policy allows nobody to change it later, and KMS rejects such a policy",
                    "allow kms:PutKeyPolicy, for example to the account: arn:aws:iam::${stack.account}:root");
        }
        boolean rotates = Boolean.TRUE.equals(spec.enableKeyRotation());
        if (rotates && spec.keySpec() != null && spec.keySpec() != KeySpec.SYMMETRIC_DEFAULT) {
            findings.wrong(Spec::enableKeyRotation, "only symmetric keys rotate", "remove enableKeyRotation");
        }
        if (!rotates && spec.rotationPeriodInDays() != null) {
            findings.wrong(
                    Spec::rotationPeriodInDays,
                    "rotationPeriodInDays has no effect without enableKeyRotation",
                    "set enableKeyRotation to true, or remove rotationPeriodInDays");
        }
        if (spec.keySpec() != null && spec.keySpec() != KeySpec.SYMMETRIC_DEFAULT && spec.keyUsage() == null) {
            findings.wrong(Spec::keyUsage, "keyUsage has no default for keys that are not symmetric", "set keyUsage");
        }
    }
}
