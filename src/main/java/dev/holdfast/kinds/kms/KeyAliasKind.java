package dev.holdfast.kinds.kms;

import static dev.holdfast.kind.OwnershipForm.PARENT;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.CreateAliasRequest;
import software.amazon.awssdk.services.kms.model.UpdateAliasRequest;

/**
 * A name of a key. A move of the alias to another key encrypts no data again: a service that was given the alias keeps
 * the key that the alias named at that time.
 */
@Singleton
public final class KeyAliasKind extends DeclaredKind<KeyAliasKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html">CreateAlias</a> */
    public record Spec(
            @Doc("The alias, which begins with alias/ and has no default.") @PhysicalName(max = 256, also = "/_")
            String aliasName,

            @Doc("The id of the key that the alias names.") @Required @Ref(value = "Key", output = "keyId")
            String targetKeyId) {
        public Spec {
            targetKeyId = Values.normal(targetKeyId, arn -> Values.last(arn, '/'));
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("KeyAlias", Spec.class, KmsClient.class, PARENT)
                .description("A name of a key of KMS.")
                .lists(kms -> kms.listAliasesPaginator(r -> r.limit(100)).aliases())
                .named(AliasListEntry::aliasName)
                .within((desired, alias) ->
                        desired.targetKeyId() != null && desired.targetKeyId().equals(alias.targetKeyId()))
                .createsNamed(CreateAliasRequest::builder, KmsClient::createAlias)
                .changes(UpdateAliasRequest::builder, KmsClient::updateAlias)
                .deletes((kms, name) -> kms.deleteAlias(r -> r.aliasName(name)))
                .state((known, alias) -> known.createdAt(alias.creationDate()))
                .output("name", "The alias.", AliasListEntry::aliasName)
                .output("arn", "Its ARN.", AliasListEntry::aliasArn)
                .info(info -> info.hangsAt("Key", Spec::targetKeyId))
                .fault("AlreadyExistsException", EXISTS)
                .fault("NotFoundException", DEPENDENCY)
                .fault("KMSInvalidStateException", CONFLICT)
                .permissions(Permissions.on("kms:{region}:{account}:key/*")
                        .changes("kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias")
                        .touches("kms:CreateAlias", "kms:{region}:{account}:alias/*")
                        .touches("kms:UpdateAlias", "kms:{region}:{account}:alias/*")
                        .touches("kms:DeleteAlias", "kms:{region}:{account}:alias/*"))
                .page("https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html");
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        String name = spec.aliasName();
        boolean said = findings.declares(Spec::aliasName);
        if (!said || (name != null && findings.known(Spec::aliasName) && !name.startsWith("alias/"))) {
            findings.wrong(Spec::aliasName, "an alias begins with alias/", "set aliasName, for example to alias/main");
        } else if (name != null && name.startsWith("alias/aws/")) {
            findings.wrong(Spec::aliasName, "alias/aws/ is AWS's own", "set aliasName to another name");
        }
    }
}
