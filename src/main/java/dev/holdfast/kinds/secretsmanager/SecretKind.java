package dev.holdfast.kinds.secretsmanager;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.Tag;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretRequest;

/**
 * A secret: the container, its policy and, once, a value that is generated here and never read back.
 *
 * <p>A secret of the stack that is scheduled for deletion still holds its name. If it is desired again, it is observed
 * as Restorable, and {@link #create} restores it with its former value. If it is not desired, it counts as deleted.
 * This kind has no recipe: the list is minutes behind, so that secrets need a point read where the list may be wrong.
 */
@Singleton
public final class SecretKind implements Kind<SecretKind.Spec> {
    private static final Tagging<SecretsManagerClient> TAGGING = Tagging.inline(
            (client, arn, tags) -> client.tagResource(r -> r.secretId(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
            (client, arn, keys) -> client.untagResource(r -> r.secretId(arn).tagKeys(keys)));

    private final KindInfo<Spec> info = describe();

    /** @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html">CreateSecret</a> */
    public record Spec(
            @Doc("The secret's name, unique in account and region.") @PhysicalName(max = 512, also = "/_+=.@")
            String name,

            @Doc("The purpose of the secret.") @EmptyIsNone String description,

            @Doc("The KMS key that encrypts the secret; empty: AWS's own key for Secrets Manager, the default.")
            @EmptyIsNone
            String kmsKeyId,

            @Doc("The rules by which the first value is generated; later changes of the rules have no effect.")
            @InitialOnly
            @Excludes("secretString")
            GenerateSecretString generateSecretString,

            @Doc("The value itself, which the desired state then contains. A generated value is safer, or a value set"
                    + " by hand.")
            @WriteOnly
            String secretString,

            @Doc("The resource policy, which lets other principals use the secret; {}: no policy.")
            @PolicyDocument
            @Risk(FieldRisk.RESOURCE_POLICY)
            @Slow("policy")
            JsonNode resourcePolicy,

            @Doc("The days for which a deletion can be cancelled; AWS's default is 30.")
            @DeleteOnly
            @Range(min = 7, max = 30)
            Integer recoveryWindowInDays,

            @Doc("Tags.") @TagMap Map<String, String> tags) {
        public Spec {
            // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html omits this key.
            kmsKeyId = "alias/aws/secretsmanager".equals(kmsKeyId) ? "" : kmsKeyId;
            resourcePolicy = resourcePolicy == null || resourcePolicy.isNull() ? null : resourcePolicy;
        }

        @Override
        public String toString() {
            return "Spec[name=" + name + "]";
        }
    }

    /** The rules for a generated value. An absent rule has the default of AWS's GetRandomPassword. */
    public record GenerateSecretString(
            @Doc("A JSON object into which the value is put.")
            String secretStringTemplate,

            @Doc("The key under which the value is put into the template.")
            String generateStringKey,

            @Doc("The length in characters; the default is 32.")
            Integer passwordLength,

            @Doc("The characters that the value does not contain.")
            String excludeCharacters,

            @Doc("Whether lower-case letters are excluded.") Boolean excludeLowercase,

            @Doc("Whether upper-case letters are excluded.") Boolean excludeUppercase,

            @Doc("Whether digits are excluded.") Boolean excludeNumbers,

            @Doc("Whether punctuation is excluded.") Boolean excludePunctuation,

            @Doc("Whether spaces are included.") Boolean includeSpace,

            @Doc("Whether the value contains each included type of character; the default is true.")
            Boolean requireEachIncludedType) {}

    @Override
    public KindInfo<Spec> info() {
        return info;
    }

    private static KindInfo<Spec> describe() {
        return KindInfo.of("Secret", Spec.class, OwnershipForm.TAG)
                .description("A secret in Secrets Manager, whose value Holdfast generates once and never reads.")
                .stateful("all versions of its value, after the recovery window")
                .output("arn", "Its ARN, with the six random characters.")
                .output("name", "Its name.")
                .output("versionId", "The id of its current version, which each rotation replaces.")
                .page("https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html")
                .leavesOut("SecretBinary", "this kind offers only text values")
                .leavesOut("AddReplicaRegions", "replicas in other regions are not offered yet")
                .leavesOut("ForceOverwriteReplicaSecret", "replicas in other regions are not offered yet")
                .leavesOut("Type", "partners manage their secrets themselves")
                .leavesOut("RotationRules", "the kind SecretRotation offers them")
                .leavesOut("ForceDeleteWithoutRecovery", "a deletion by Holdfast can always be cancelled")
                .fault(FaultRule.of("InvalidRequestException", "You can't create this secret", Fault.Category.EXISTS))
                .fault(FaultRule.of("InvalidRequestException", "for deletion", Fault.Category.CONFLICT))
                // A role that was created a moment ago is no valid principal yet.
                .fault(FaultRule.of("MalformedPolicyDocumentException", "principal", Fault.Category.DEPENDENCY))
                .permissions(Permissions.on("secretsmanager:{region}:{account}:secret:{name}-??????")
                        .lists("secretsmanager:ListSecrets")
                        .reads("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy")
                        .creates("secretsmanager:CreateSecret")
                        .tags("secretsmanager:TagResource", "secretsmanager:UntagResource")
                        .changes(
                                "secretsmanager:UpdateSecret",
                                "secretsmanager:DeleteSecret",
                                "secretsmanager:RestoreSecret")
                        .changesFor(
                                "resourcePolicy",
                                "secretsmanager:PutResourcePolicy",
                                "secretsmanager:DeleteResourcePolicy"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        return new SecretReader(scope).read();
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        SecretsManagerClient client = desired.client(SecretsManagerClient.class);
        Spec spec = desired.spec();
        Map<String, String> ownership = desired.stack().ownershipTags(desired.id());
        Optional<DescribeSecretResponse> former = SecretReader.describe(client, Objects.requireNonNull(spec.name()))
                .filter(f -> f.deletedDate() != null
                        && SdkShapes.map(f.tags()).entrySet().containsAll(ownership.entrySet()));
        return former.isPresent()
                ? client.restoreSecret(r -> r.secretId(former.get().arn())).arn()
                : client.createSecret(Wire.fill(CreateSecretRequest.builder(), spec)
                                .clientRequestToken(token)
                                .secretString(value(spec))
                                .tags(SdkShapes.pairs(spec.tags(), Tag::builder))
                                .build())
                        .arn();
    }

    private static @Nullable String value(Spec spec) {
        GenerateSecretString generate = spec.generateSecretString();
        return spec.secretString() != null || generate == null ? spec.secretString() : SecretValues.generate(generate);
    }

    @Override
    public void update(Change<Spec> change) {
        SecretsManagerClient client = change.client(SecretsManagerClient.class);
        String id = change.physicalId();
        JsonNode policy = change.spec().resourcePolicy();
        if (change.touches(Spec::resourcePolicy) && policy != null) {
            if (policy.isEmpty()) {
                client.deleteResourcePolicy(r -> r.secretId(id));
            } else {
                client.putResourcePolicy(r -> r.secretId(id).resourcePolicy(PolicyDocuments.text(policy)));
            }
        }
        if (change.touches(Spec::description, Spec::kmsKeyId, Spec::secretString)) {
            client.updateSecret(
                    Wire.fill(UpdateSecretRequest.builder(), change.spec(), change.changed()::contains, true)
                            .secretId(id)
                            .build());
        }
        TAGGING.update(client, change);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        if (observed.known().phase() == Phase.Steady) {
            Spec applied = observed.applied();
            Integer days = Values.of(applied, Spec::recoveryWindowInDays);
            observed.client(SecretsManagerClient.class)
                    .deleteSecret(r -> r.secretId(observed.physicalId())
                            .recoveryWindowInDays(days == null ? null : days.longValue()));
        }
    }
}
