package dev.holdfast.kinds.kms;

import static dev.holdfast.kind.OwnershipForm.TAG;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.Partitions;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
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
import software.amazon.awssdk.services.kms.model.UpdateKeyDescriptionRequest;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter;

/**
 * A key. What it encrypted is lost with it; so it is never deleted at once: AWS deletes it after a waiting period, in which
 * it comes back if it is desired again.
 */
@Singleton
public final class KeyKind extends DeclaredKind<KeyKind.Spec> {
    private static final String TYPE = "kms:key";
    private static final Absent HIDDEN = Absent.code("AccessDeniedException");

    private static final Tagging<KmsClient> TAGGING = Tagging.<KmsClient>indexed(
                    TYPE,
                    KeyKind::tags,
                    KeyKind::id,
                    (kms, arn, tags) -> kms.tagResource(r -> r.keyId(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                    (kms, arn, keys) -> kms.untagResource(r -> r.keyId(arn).tagKeys(keys)))
            .on("arn");

    /** @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html">CreateKey</a> */
    public record Spec(
            @Doc("What the key is for.") @EmptyIsNone String description,

            @Doc("Who may use and manage the key; if nothing is said, the account by its IAM policies.")
            @PolicyDocument
            @Risk(FieldRisk.KEY_POLICY)
            @Slow("policy")
            JsonNode policy,

            @Doc("The type of key; SYMMETRIC_DEFAULT, if nothing is said.") @Immutable
            KeySpec keySpec,

            @Doc("What the key does; ENCRYPT_DECRYPT, if nothing is said.") @Immutable
            KeyUsageType keyUsage,

            @Doc("Whether the key can have replicas in other regions.") @Immutable
            Boolean multiRegion,

            @Doc("Whether the key can be used.") Boolean enabled,

            @Doc("Whether KMS changes the key's material from time to time.") @Slow("rotation")
            Boolean enableKeyRotation,

            @Doc("Days between two changes of the material; AWS's default is 365.")
            @Slow("rotation")
            @Needs("enableKeyRotation")
            @Range(min = 90, max = 2560)
            Integer rotationPeriodInDays,

            @Doc("How many days a deletion can be taken back; AWS's 30, if nothing is said.")
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
        return Recipe.of("Key", Spec.class, KmsClient.class, TAG, "A key of KMS, with its policy and its rotation.")
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
                // A key that is switched off takes no change of its rotation.
                .updates((kms, change) -> enable(kms, change, true), Spec::enabled)
                .updates(KeyKind::rotate, Spec::enableKeyRotation, Spec::rotationPeriodInDays)
                .changes(UpdateKeyDescriptionRequest::builder, KmsClient::updateKeyDescription)
                .updates((kms, change) -> enable(kms, change, false), Spec::enabled)
                .deletesObserved((kms, observed) -> {
                    Spec applied = observed.applied();
                    Integer days = applied == null ? null : applied.pendingWindowInDays();
                    kms.scheduleKeyDeletion(r -> r.keyId(observed.physicalId()).pendingWindowInDays(days));
                })
                .output("arn", "Its ARN.", KeyMetadata::arn)
                .output("keyId", "Its id.", KeyMetadata::keyId)
                .output("state", "Enabled, Disabled, PendingDeletion and others.")
                .state((known, key, desired) -> state(known, desired != null))
                .info(info -> info.stateful("the only means to read what it encrypted"))
                .leavesOut("BypassPolicyLockoutSafetyCheck", "a key that nobody can manage any more helps nobody")
                .leavesOut("CustomerMasterKeySpec", "AWS's former name of KeySpec")
                .leavesOut("Origin", "imported material would have to be in the desired state")
                .leavesOut("CustomKeyStoreId, XksKeyId", "key stores of one's own are no kind")
                .fault("MalformedPolicyDocumentException", "invalid principals", DEPENDENCY)
                .fault("KMSInvalidStateException", CONFLICT)
                .fault("LimitExceededException", QUOTA)
                .permissions(Permissions.on("kms:{region}:{account}:key/*")
                        .createsAnywhere("kms:CreateKey")
                        // A key that comes back is not enabled yet.
                        .changes("kms:CancelKeyDeletion", "kms:EnableKey")
                        .tags("kms:TagResource", "kms:UntagResource"))
                .page("https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html");
    }

    private static String id(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    /** Keys have no names: the recorded ones, and those that the tagging API knows where one is not recorded. */
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
                .map(arn -> KeyMetadata.builder().arn(arn).keyId(id(arn)).build())
                .toList();
    }

    /** The stack's keys among all of the account: asked for before a key is made, because the tagging API lags. */
    private static List<String> unindexed(Scope<?> scope, KmsClient kms) {
        List<String> all = kms.listKeysPaginator().keys().stream()
                .map(KeyListEntry::keyArn)
                .toList();
        // The policy of a key may hide its tags from all but its owner. If all are hidden, it is we who may not read
        // them.
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
                kms.listResourceTagsPaginator(r -> r.keyId(arn)).tags().stream().toList());
    }

    /** A key that waits for its deletion is as good as gone where it is not desired. */
    private static @Nullable Object detail(Scope<Spec> scope, KmsClient kms, KeyMetadata key) {
        Optional<KeyMetadata> found = scope.slow(
                key.keyId(),
                "state",
                () -> Optional.ofNullable(Absent.when(NotFoundException.class)
                        .orNull(() -> kms.describeKey(r -> r.keyId(key.keyId())).keyMetadata())));
        return found.filter(now -> now.keyState() != KeyState.PENDING_DELETION
                        || scope.wanted().stream()
                                .anyMatch(w -> (w.physicalId() == null
                                                || w.physicalId().equals(now.keyId()))
                                        && isOneOf(w.desired(), now)))
                .<Object>map(now -> Map.of(
                        "state", now.keyStateAsString(),
                        "description", now.description(),
                        "keySpec", now.keySpec(),
                        "keyUsage", now.keyUsage(),
                        "multiRegion", now.multiRegion(),
                        "enabled", now.enabled()))
                .orElse(null);
    }

    /** What was replaced, because it is of another type, does not come back. */
    private static boolean isOneOf(@Nullable Spec desired, KeyMetadata key) {
        return desired != null
                && (desired.keySpec() == null || desired.keySpec() == key.keySpec())
                && (desired.keyUsage() == null || desired.keyUsage() == key.keyUsage())
                && (desired.multiRegion() == null || desired.multiRegion().equals(key.multiRegion()));
    }

    private static Observation.Known<Spec> state(Observation.Known<Spec> known, boolean desired) {
        String state = String.valueOf(known.outputs().get("state"));
        return switch (state) {
            case "Enabled" -> known;
            case "Disabled" -> known.health(new Health(Health.Ready.True, "Disabled", "it cannot be used"));
            case "Creating" -> known.phase(Phase.Creating);
            case "Updating" -> known.phase(Phase.Updating);
            case "PendingDeletion" ->
                known.phase(desired ? Phase.Restorable : Phase.Deleting)
                        .health(Health.notReady(state, "what it encrypted cannot be read"));
            default -> known.health(Health.notReady(state, null));
        };
    }

    /** What the stack had and scheduled for deletion comes back, disabled as KMS leaves it. */
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
                .map(found -> id(found.resourceARN()))
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
            return key.keyState() == KeyState.PENDING_DELETION && isOneOf(desired, key);
        });
    }

    private static Map<String, Object> rotation(KmsClient kms, String id) {
        GetKeyRotationStatusResponse status = kms.getKeyRotationStatus(r -> r.keyId(id));
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
                    "nobody could change the key's policy any more, and AWS refuses such a policy",
                    "allow kms:PutKeyPolicy, best to the account: arn:aws:iam::${stack.account}:root");
        }
        boolean rotates = Boolean.TRUE.equals(spec.enableKeyRotation());
        if (rotates && spec.keySpec() != null && spec.keySpec() != KeySpec.SYMMETRIC_DEFAULT) {
            findings.wrong(Spec::enableKeyRotation, "only symmetric keys rotate", "leave it out");
        }
        if (!rotates && spec.rotationPeriodInDays() != null) {
            findings.wrong(Spec::rotationPeriodInDays, "nothing rotates", "leave it out");
        }
        if (spec.keySpec() != null && spec.keySpec() != KeySpec.SYMMETRIC_DEFAULT && spec.keyUsage() == null) {
            findings.wrong(Spec::keyUsage, "only symmetric keys have a usage of their own accord", "say it");
        }
    }
}
