package dev.holdfast.kinds.ecr;

import static dev.holdfast.kind.OwnershipForm.TAG;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.KmsKeys;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.ecr.model.EncryptionType;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilterType;
import software.amazon.awssdk.services.ecr.model.LifecyclePolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.PutImageScanningConfigurationRequest;
import software.amazon.awssdk.services.ecr.model.PutImageTagMutabilityRequest;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryPolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.Tag;

/** A repository of container images. One that has images in it is never deleted: AWS refuses, and nothing here forces it. */
@Singleton
public final class RepositoryKind extends DeclaredKind<RepositoryKind.Spec> {
    private static final Tagging<EcrClient> TAGGING = Tagging.<EcrClient>indexed(
                    "ecr:repository",
                    (ecr, arn) -> SdkShapes.map(
                            ecr.listTagsForResource(r -> r.resourceArn(arn)).tags()),
                    arn -> arn.substring(arn.indexOf(":repository/") + ":repository/".length()),
                    (ecr, arn, tags) ->
                            ecr.tagResource(r -> r.resourceArn(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                    (ecr, arn, keys) ->
                            ecr.untagResource(r -> r.resourceArn(arn).tagKeys(keys)))
            .on("arn");

    /** @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html">CreateRepository</a> */
    public record Spec(
            @Doc("The name, lower case; a slash puts it into a namespace.")
            @PhysicalName(max = 256, also = "._/", lower = true, letterFirst = true)
            String repositoryName,

            @Doc("Whether a tag can be moved to another image.")
            ImageTagMutability imageTagMutability,

            @Doc("Tags for which the opposite holds, where the mutability is one with exclusion.") @EmptyIsNone
            List<ExclusionFilter> imageTagMutabilityExclusionFilters,

            @Doc("Whether images are scanned.") ImageScanning imageScanningConfiguration,

            @Doc("How images are encrypted at rest.") @Immutable
            ImageEncryption encryptionConfiguration,

            @Doc("Which images expire, as ECR describes a lifecycle policy; {} is none.") @Slow("lifecyclePolicy")
            JsonNode lifecyclePolicy,

            @Doc("Who else may push and pull, as a policy; {} is none.")
            @PolicyDocument
            @Risk(FieldRisk.RESOURCE_POLICY)
            @Slow("repositoryPolicy")
            JsonNode repositoryPolicy,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            lifecyclePolicy = lifecyclePolicy == null ? null : LifecyclePolicies.canonical(lifecyclePolicy);
        }
    }

    /** Which tags are excluded. */
    public record ExclusionFilter(
            @Doc("The tag; * stands for anything.") @Required
            String filter,

            @Doc("How filter is read.") ImageTagMutabilityExclusionFilterType filterType)
            implements Keyed {
        public ExclusionFilter {
            filterType = filterType == null ? ImageTagMutabilityExclusionFilterType.WILDCARD : filterType;
        }

        @Override
        public String key() {
            return String.valueOf(filter);
        }
    }

    /** Scans for known vulnerabilities. */
    public record ImageScanning(
            @Doc("Whether an image is scanned when it is pushed.")
            Boolean scanOnPush) {}

    /** Encryption at rest. */
    public record ImageEncryption(
            @Doc("Whose key: ECR's own, or one of KMS.") @Required
            EncryptionType encryptionType,

            @Doc("The key's ARN; absent: the one that AWS keeps for ECR.")
            String kmsKey) {}

    /** The list gives the whole registry, a thousand a call: ECR refuses a request that names one repository too many. */
    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "Repository",
                        Spec.class,
                        EcrClient.class,
                        TAG,
                        "A repository of container images; one that has images in it is never deleted.")
                .lists(
                        ecr -> ecr.describeRepositoriesPaginator(r -> r.maxResults(1000))
                                .repositories(),
                        PointRead.of(
                                (ecr, name) -> ecr.describeRepositories(r -> r.repositoryNames(name))
                                        .repositories(),
                                RepositoryNotFoundException.class))
                .named(Repository::repositoryName)
                .arn(Repository::repositoryArn)
                .tags(TAGGING)
                .reads(Spec::encryptionConfiguration, RepositoryKind::encryption)
                .createsNamed(CreateRepositoryRequest::builder, EcrClient::createRepository)
                .policy(
                        Spec::repositoryPolicy,
                        (ecr, repository) -> ecr.getRepositoryPolicy(r -> r.repositoryName(repository.repositoryName()))
                                .policyText(),
                        Absent.when(RepositoryPolicyNotFoundException.class),
                        (ecr, name, policy) -> ecr.setRepositoryPolicy(
                                r -> r.repositoryName(name).policyText(policy)),
                        (ecr, name) -> ecr.deleteRepositoryPolicy(r -> r.repositoryName(name)))
                .overlays(PutImageTagMutabilityRequest::builder, EcrClient::putImageTagMutability)
                .changes(PutImageScanningConfigurationRequest::builder, EcrClient::putImageScanningConfiguration)
                .policy(
                        Spec::lifecyclePolicy,
                        (ecr, repository) -> ecr.getLifecyclePolicy(r -> r.repositoryName(repository.repositoryName()))
                                .lifecyclePolicyText(),
                        Absent.when(LifecyclePolicyNotFoundException.class),
                        (ecr, name, policy) -> ecr.putLifecyclePolicy(
                                r -> r.repositoryName(name).lifecyclePolicyText(policy)),
                        (ecr, name) -> ecr.deleteLifecyclePolicy(r -> r.repositoryName(name)))
                .deletes((ecr, name) -> ecr.deleteRepository(r -> r.repositoryName(name)))
                .state((known, repository) -> known.createdAt(repository.createdAt()))
                .output("arn", "Its ARN.", Repository::repositoryArn)
                .output("name", "Its name.", Repository::repositoryName)
                .output("uri", "What an image's name begins with, before its tag or digest.", Repository::repositoryUri)
                .info(info -> info.stateful("its images (ECR refuses while there are any)"))
                .leavesOut("registryId", "an account has one registry, its own")
                .fault("RepositoryNotEmptyException", DEPENDENCY)
                // A role that was made a moment ago is not a principal yet.
                .fault("InvalidParameterException", "Invalid repository policy", DEPENDENCY)
                .fault("KmsException", DEPENDENCY)
                .permissions(Permissions.on("ecr:{region}:{account}:repository/{name}"))
                .page("https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html");
    }

    /** ECR's own encryption is what a repository has that says none. */
    private static ImageEncryption encryption(Repository repository) {
        return repository.encryptionConfiguration() == null
                ? new ImageEncryption(EncryptionType.AES256, null)
                : Wire.read(ImageEncryption.class, repository.encryptionConfiguration());
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        List<ExclusionFilter> filters = spec.imageTagMutabilityExclusionFilters();
        boolean excludes = spec.imageTagMutability() == ImageTagMutability.IMMUTABLE_WITH_EXCLUSION
                || spec.imageTagMutability() == ImageTagMutability.MUTABLE_WITH_EXCLUSION;
        if (excludes && (filters == null || filters.isEmpty())) {
            findings.wrong(
                    Spec::imageTagMutability,
                    spec.imageTagMutability() + " needs filters for what it excludes",
                    "add imageTagMutabilityExclusionFilters");
        }
        if (!excludes && filters != null && !filters.isEmpty()) {
            findings.wrong(
                    Spec::imageTagMutabilityExclusionFilters,
                    "there is nothing that these tags are an exception to",
                    "use IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION");
        }
        ImageEncryption encryption = spec.encryptionConfiguration();
        if (encryption != null && encryption.encryptionType() == EncryptionType.AES256 && encryption.kmsKey() != null) {
            findings.wrong(Spec::encryptionConfiguration, "AES256 takes no kmsKey", "use KMS or leave the key out");
        } else if (encryption != null && encryption.kmsKey() != null && !KmsKeys.isArn(encryption.kmsKey())) {
            // ECR takes the others too, and answers with the ARN for ever: a difference that only a new repository
            // would end.
            findings.wrong(
                    Spec::encryptionConfiguration,
                    "expected the ARN of a key as kmsKey, found \"" + encryption.kmsKey() + "\"",
                    KmsKeys.HINT);
        }
    }
}
