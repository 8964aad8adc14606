package dev.holdfast.twin.kms;

import static dev.holdfast.twin.store.TwinErrors.named;
import static dev.holdfast.twin.store.TwinErrors.refused;
import static dev.holdfast.twin.store.TwinErrors.violation;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.*;

/** The twin of KMS: keys, their policies and aliases, and signatures. It does not encrypt. */
public final class TwinKms implements KmsClient, TwinService {
    private static final String POLICY = "policy";
    private static final String ROTATION = "rotation";

    private final TwinContext context;
    private final KeyPolicyRules policies;
    private final SigningKeys signing = new SigningKeys();
    private final TwinKeys kms;
    private final ResourceStore<KeyMetadata, KeyMetadata.Builder> keys;
    private final ResourceStore<AliasListEntry, AliasListEntry.Builder> aliases;

    public TwinKms(TwinContext context) {
        this.context = context;
        this.policies = new KeyPolicyRules(context);
        this.kms = new TwinKeys(context);
        this.keys = kms.keys;
        this.aliases = kms.aliases;
    }

    private static AwsServiceException validation(String message) {
        return refused("ValidationException", message);
    }

    @Override
    public CreateKeyResponse createKey(CreateKeyRequest r) {
        kms.settle();
        if (r.origin() != null && r.origin() != OriginType.AWS_KMS) {
            throw named(
                    software.amazon.awssdk.services.kms.model.UnsupportedOperationException.builder(),
                    "The twin has keys of KMS's own material only.");
        }
        KeySpec spec = Objects.requireNonNullElse(r.keySpec(), KeySpec.SYMMETRIC_DEFAULT);
        if (r.keyUsage() == null && spec != KeySpec.SYMMETRIC_DEFAULT) {
            throw validation(
                    "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.");
        }
        String policy = Objects.requireNonNullElse(r.policy(), policies.defaultPolicy());
        policies.check(policy, Boolean.TRUE.equals(r.bypassPolicyLockoutSafetyCheck()));
        boolean multi = Boolean.TRUE.equals(r.multiRegion());
        String id = multi ? "mrk-" + context.hex(32) : context.uuid();
        KeyMetadata made = keys.create(
                r,
                k -> k.keyId(id)
                        .arn(kms.arn(id))
                        .awsAccountId(context.account())
                        .creationDate(context.now())
                        .description(Objects.requireNonNullElse(r.description(), ""))
                        .enabled(true)
                        .keyState(KeyState.ENABLED)
                        .keyManager(KeyManagerType.CUSTOMER)
                        .keySpec(spec)
                        .customerMasterKeySpec(spec.toString())
                        .keyUsage(Objects.requireNonNullElse(r.keyUsage(), KeyUsageType.ENCRYPT_DECRYPT))
                        .multiRegion(multi)
                        .origin(OriginType.AWS_KMS));
        keys.stored(id).attributes().put(POLICY, policy);
        return CreateKeyResponse.builder().keyMetadata(made).build();
    }

    /**
     * Puts a key into a state that the twin's own operations do not cause: the import of material, key stores and
     * replicas belong to other owners.
     *
     * @param origin the origin of the key that has such a state
     * @param replicas the ARNs of the key's replicas in other regions
     */
    public void become(String keyId, KeyState state, OriginType origin, String... replicas) {
        kms.become(keyId, state);
        keys.change(
                keyId,
                k -> k.origin(origin)
                        .multiRegionConfiguration(m -> m.multiRegionKeyType(MultiRegionKeyType.PRIMARY)
                                .replicaKeys(Stream.of(replicas)
                                        .map(arn -> MultiRegionKey.builder()
                                                .arn(arn)
                                                .build())
                                        .toList())));
    }

    @Override
    public DescribeKeyResponse describeKey(DescribeKeyRequest r) {
        return DescribeKeyResponse.builder()
                .keyMetadata(keys.shown(kms.seen(r.keyId(), true).shape()))
                .build();
    }

    @Override
    public ListKeysResponse listKeys(ListKeysRequest r) {
        kms.settle();
        return keys.page(
                r,
                ListKeysResponse.builder(),
                keys.visible()
                        .map(k -> KeyListEntry.builder()
                                .keyId(k.keyId())
                                .keyArn(k.arn())
                                .build()));
    }

    @Override
    public GetKeyPolicyResponse getKeyPolicy(GetKeyPolicyRequest r) {
        onlyDefault(r.policyName());
        return GetKeyPolicyResponse.builder()
                .policy(kms.seen(r.keyId(), false).attributes().get(POLICY))
                .policyName("default")
                .build();
    }

    /** Each key has one policy with the name "default". */
    private static void onlyDefault(@Nullable String policy) {
        if (policy != null && !policy.equals("default")) {
            throw TwinKeys.absent("No such policy exists");
        }
    }

    @Override
    public PutKeyPolicyResponse putKeyPolicy(PutKeyPolicyRequest r) {
        onlyDefault(r.policyName());
        StoredResource<KeyMetadata> key = kms.usable(r.keyId());
        policies.check(r.policy(), Boolean.TRUE.equals(r.bypassPolicyLockoutSafetyCheck()));
        key.attributes().put(POLICY, r.policy());
        return PutKeyPolicyResponse.builder().build();
    }

    @Override
    public UpdateKeyDescriptionResponse updateKeyDescription(UpdateKeyDescriptionRequest r) {
        kms.change(kms.usable(r.keyId()), k -> k.description(r.description()));
        return UpdateKeyDescriptionResponse.builder().build();
    }

    @Override
    public EnableKeyResponse enableKey(EnableKeyRequest r) {
        kms.enable(r.keyId(), true);
        return EnableKeyResponse.builder().build();
    }

    @Override
    public DisableKeyResponse disableKey(DisableKeyRequest r) {
        kms.enable(r.keyId(), false);
        return DisableKeyResponse.builder().build();
    }

    @Override
    public GetPublicKeyResponse getPublicKey(GetPublicKeyRequest r) {
        KeyMetadata key = kms.enabled(r.keyId());
        return GetPublicKeyResponse.builder()
                .keyId(key.arn())
                .publicKey(signing.publicKey(key))
                .keySpec(key.keySpec())
                .customerMasterKeySpec(key.keySpecAsString())
                .keyUsage(key.keyUsage())
                .signingAlgorithms(
                        key.keyUsage() == KeyUsageType.SIGN_VERIFY ? SigningKeys.algorithms(key.keySpec()) : null)
                .build();
    }

    private static void noDryRun(@Nullable Boolean dryRun) {
        if (Boolean.TRUE.equals(dryRun)) {
            throw named(
                    DryRunOperationException.builder(),
                    "The request would have succeeded, but the DryRun option is set.");
        }
    }

    @Override
    public SignResponse sign(SignRequest r) {
        KeyMetadata key = kms.enabled(r.keyId());
        noDryRun(r.dryRun());
        return SignResponse.builder()
                .keyId(key.arn())
                .signature(signing.sign(key, r.message(), r.messageType(), r.signingAlgorithm()))
                .signingAlgorithm(r.signingAlgorithm())
                .build();
    }

    @Override
    public VerifyResponse verify(VerifyRequest r) {
        KeyMetadata key = kms.enabled(r.keyId());
        noDryRun(r.dryRun());
        if (!signing.verifies(key, r.message(), r.messageType(), r.signingAlgorithm(), r.signature())) {
            throw named(KmsInvalidSignatureException.builder(), "");
        }
        return VerifyResponse.builder()
                .keyId(key.arn())
                .signatureValid(true)
                .signingAlgorithm(r.signingAlgorithm())
                .build();
    }

    @Override
    public EnableKeyRotationResponse enableKeyRotation(EnableKeyRotationRequest r) {
        int days = Objects.requireNonNullElse(r.rotationPeriodInDays(), 365);
        if (days < 90 || days > 2560) {
            throw validation(violation(days, "rotationPeriodInDays", "must have value between 90 and 2560"));
        }
        kms.rotatable(r.keyId()).attributes().put(ROTATION, Integer.toString(days));
        return EnableKeyRotationResponse.builder().build();
    }

    @Override
    public DisableKeyRotationResponse disableKeyRotation(DisableKeyRotationRequest r) {
        kms.rotatable(r.keyId()).attributes().remove(ROTATION);
        return DisableKeyRotationResponse.builder().build();
    }

    @Override
    public GetKeyRotationStatusResponse getKeyRotationStatus(GetKeyRotationStatusRequest r) {
        StoredResource<KeyMetadata> key = kms.seen(r.keyId(), false);
        TwinKeys.refuseForeignMaterial(key.shape());
        String days = key.attributes().get(ROTATION);
        return GetKeyRotationStatusResponse.builder()
                .keyId(key.shape().arn())
                .keyRotationEnabled(days != null)
                .rotationPeriodInDays(days == null ? null : Integer.valueOf(days))
                .build();
    }

    @Override
    public ScheduleKeyDeletionResponse scheduleKeyDeletion(ScheduleKeyDeletionRequest r) {
        int days = Objects.requireNonNullElse(r.pendingWindowInDays(), 30);
        if (days < 7 || days > 30) {
            throw validation("PendingWindowInDays must be between 7 and 30");
        }
        StoredResource<KeyMetadata> usable = kms.usable(r.keyId());
        MultiRegionConfiguration regions = usable.shape().multiRegionConfiguration();
        boolean waits = regions != null && !regions.replicaKeys().isEmpty();
        KeyMetadata key = kms.change(
                usable,
                k -> k.enabled(false)
                        .keyState(waits ? KeyState.PENDING_REPLICA_DELETION : KeyState.PENDING_DELETION)
                        .pendingDeletionWindowInDays(waits ? days : null)
                        .deletionDate(waits ? null : context.now().plus(Duration.ofDays(days))));
        return ScheduleKeyDeletionResponse.builder()
                .keyId(key.arn())
                .deletionDate(key.deletionDate())
                .keyState(key.keyState())
                .pendingWindowInDays(days)
                .build();
    }

    /** The cancellation leaves the key Disabled. */
    @Override
    public CancelKeyDeletionResponse cancelKeyDeletion(CancelKeyDeletionRequest r) {
        StoredResource<KeyMetadata> key = kms.seen(r.keyId(), false);
        if (key.shape().keyState() != KeyState.PENDING_DELETION
                && key.shape().keyState() != KeyState.PENDING_REPLICA_DELETION) {
            throw named(KmsInvalidStateException.builder(), key.shape().arn() + " is not pending deletion.");
        }
        kms.change(key, k -> k.keyState(KeyState.DISABLED).deletionDate(null).pendingDeletionWindowInDays(null));
        return CancelKeyDeletionResponse.builder().keyId(key.shape().arn()).build();
    }

    @Override
    public CreateAliasResponse createAlias(CreateAliasRequest r) {
        StoredResource<KeyMetadata> key = kms.usable(r.targetKeyId());
        if (!r.aliasName().matches("alias/[a-zA-Z0-9/_-]+") || r.aliasName().startsWith("alias/aws/")) {
            throw named(InvalidAliasNameException.builder(), "Invalid alias name: " + r.aliasName());
        }
        if (aliases.has(r.aliasName())) {
            throw named(
                    AlreadyExistsException.builder(),
                    "An alias with the name " + context.arn("kms", r.aliasName()) + " already exists");
        }
        aliases.create(
                r,
                a -> a.targetKeyId(key.id())
                        .aliasArn(context.arn("kms", r.aliasName()))
                        .creationDate(context.now())
                        .lastUpdatedDate(context.now()));
        return CreateAliasResponse.builder().build();
    }

    @Override
    public UpdateAliasResponse updateAlias(UpdateAliasRequest r) {
        AliasListEntry alias = aliases.seen(r.aliasName()).shape();
        KeyMetadata key = kms.usable(r.targetKeyId()).shape();
        KeyMetadata old = keys.need(alias.targetKeyId());
        if (key.keyUsage() != old.keyUsage() || !sort(key).equals(sort(old))) {
            throw validation("The current and the new key must be of the same type and usage.");
        }
        aliases.change(r.aliasName(), a -> a.targetKeyId(key.keyId()).lastUpdatedDate(context.now()));
        return UpdateAliasResponse.builder().build();
    }

    /** The type of a key: symmetric, asymmetric or HMAC. */
    private static String sort(KeyMetadata key) {
        String spec = key.keySpecAsString();
        return spec.startsWith("SYMMETRIC") || spec.startsWith("HMAC") ? spec.substring(0, 4) : "asymmetric";
    }

    @Override
    public DeleteAliasResponse deleteAlias(DeleteAliasRequest r) {
        aliases.seen(r.aliasName());
        aliases.delete(r.aliasName());
        return DeleteAliasResponse.builder().build();
    }

    @Override
    public ListAliasesResponse listAliases(ListAliasesRequest r) {
        kms.settle();
        String key = r.keyId() == null ? null : kms.seen(r.keyId(), false).id();
        return aliases.page(
                r,
                ListAliasesResponse.builder(),
                aliases.visible().filter(a -> key == null || key.equals(a.targetKeyId())));
    }

    @Override
    public ListResourceTagsResponse listResourceTags(ListResourceTagsRequest r) {
        Map<String, String> tags = kms.seen(r.keyId(), false).tags();
        return context.page(r, ListResourceTagsResponse.builder(), SdkShapes.pairs(tags, Tag::builder), 50);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        return kms.usable(r.keyId()).tag(r, TagResourceResponse.builder());
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        return kms.usable(r.keyId()).untag(r.tagKeys(), UntagResourceResponse.builder());
    }

    @Override
    public List<TwinItem> inventory() {
        kms.settle();
        return ResourceStore.items(keys, aliases);
    }
}
