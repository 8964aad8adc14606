package dev.holdfast.kinds.ecr;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.KmsKeys;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.ecr.model.EncryptionType;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilterType;
import software.amazon.awssdk.services.ecr.model.LifecyclePolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.PutImageScanningConfigurationRequest;
import software.amazon.awssdk.services.ecr.model.PutImageTagMutabilityRequest;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryPolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.Tag;

/**
 * A repository of container images. A repository with images is never deleted: ECR rejects the deletion, and Holdfast
 * does not force it.
 */
@Singleton
public final class RepositoryKind extends DeclaredKind<RepositoryKind.Spec> {
    private static final Tagging<EcrClient> TAGGING = Tagging.<EcrClient>indexed(
                    "ecr:repository",
                    (ecr, arn) -> SdkShapes.map(
                            ecr.listTagsForResource(r -> r.resourceArn(arn)).tags()),
                    arn -> Values.after(arn, ":repository/"),
                    (ecr, arn, tags) ->
                            ecr.tagResource(r -> r.resourceArn(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                    (ecr, arn, keys) ->
                            ecr.untagResource(r -> r.resourceArn(arn).tagKeys(keys)))
            .on("arn");

    /** @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html">CreateRepository</a> */
    public record Spec(
            @Doc("The name in lower case; a slash separates a namespace from the name.")
            @PhysicalName(max = 256, also = "._/", lower = true, letterFirst = true)
            String repositoryName,

            @Doc("Whether a tag can be moved to another image.")
            ImageTagMutability imageTagMutability,

            @Doc("The tags to which the opposite of imageTagMutability applies; only with a value that ends with"
                    + " _WITH_EXCLUSION.")
            @EmptyIsNone
            List<ExclusionFilter> imageTagMutabilityExclusionFilters,

            @Doc("The settings of scans for vulnerabilities.")
            ImageScanning imageScanningConfiguration,

            @Doc("The encryption of the images at rest.") @Immutable
            ImageEncryption encryptionConfiguration,

            @Doc("The rules for the expiration of images, in ECR's format of a lifecycle policy; {} is none.")
            @Slow("lifecyclePolicy")
            JsonNode lifecyclePolicy,

            @Doc("The policy that allows other principals to push and pull; {} is none.")
            @PolicyDocument
            @Risk(FieldRisk.RESOURCE_POLICY)
            @Slow("repositoryPolicy")
            JsonNode repositoryPolicy,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            lifecyclePolicy = lifecyclePolicy == null ? null : LifecyclePolicies.canonical(lifecyclePolicy);
        }
    }

    /** A filter for excluded tags. */
    public record ExclusionFilter(
            @Doc("The tag; * matches any text.") @Required String filter,

            @Doc("The type of the filter; WILDCARD by default.")
            ImageTagMutabilityExclusionFilterType filterType)
            implements Keyed {
        public ExclusionFilter {
            filterType = filterType == null ? ImageTagMutabilityExclusionFilterType.WILDCARD : filterType;
        }

        @Override
        public String key() {
            return String.valueOf(filter);
        }
    }

    /** The settings of scans for known vulnerabilities. */
    public record ImageScanning(
            @Doc("Whether an image is scanned when it is pushed.")
            Boolean scanOnPush) {}

    /** The encryption at rest. */
    public record ImageEncryption(
            @Doc("The type of the key: AES256 (ECR's own key), KMS or KMS_DSSE.") @Required
            EncryptionType encryptionType,

            @Doc("The ARN of the KMS key; absent: the AWS managed key for ECR.")
            String kmsKey) {}

    /**
     * Lists the whole registry, 1,000 repositories per call, because ECR rejects a request by names if one repository
     * does not exist.
     */
    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("Repository", Spec.class, EcrClient.class)
                .description("A repository of container images; Holdfast never deletes a repository with images.")
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
                .overlays(PutImageTagMutabilityRequest::builder, RepositoryKind::putMutability)
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
                .output("arn", "The ARN of the repository.", Repository::repositoryArn)
                .output("name", "The name of the repository.", Repository::repositoryName)
                .output(
                        "uri",
                        "The URI of the repository: the name of an image without its tag or digest.",
                        Repository::repositoryUri)
                .info(info -> info.stateful("its images (ECR rejects the deletion while the repository has images)"))
                .leavesOut("registryId", "an account has only one registry")
                .fault("RepositoryNotEmptyException", DEPENDENCY)
                // IAM is eventually consistent: a role that was just created is not yet a valid principal.
                .fault("InvalidParameterException", "Invalid repository policy", DEPENDENCY)
                .fault("KmsException", DEPENDENCY)
                .permissions(Permissions.on("ecr:{region}:{account}:repository/{name}"))
                .page("https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html");
    }

    /** ECR refuses filters beside a mode without exclusion, also those that it has kept from the former mode. */
    private static void putMutability(EcrClient ecr, PutImageTagMutabilityRequest put) {
        ecr.putImageTagMutability(
                isExcluding(put.imageTagMutability())
                        ? put
                        : put.toBuilder()
                                .imageTagMutabilityExclusionFilters(
                                        (Collection<ImageTagMutabilityExclusionFilter>) null)
                                .build());
    }

    private static boolean isExcluding(@Nullable ImageTagMutability mode) {
        return mode == ImageTagMutability.IMMUTABLE_WITH_EXCLUSION || mode == ImageTagMutability.MUTABLE_WITH_EXCLUSION;
    }

    /** ECR omits the configuration of a repository that uses ECR's default encryption. */
    private static ImageEncryption encryption(Repository repository) {
        return repository.encryptionConfiguration() == null
                ? new ImageEncryption(EncryptionType.AES256, null)
                : Wire.read(ImageEncryption.class, repository.encryptionConfiguration());
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        List<ExclusionFilter> filters = spec.imageTagMutabilityExclusionFilters();
        boolean excludes = isExcluding(spec.imageTagMutability());
        if (excludes && (filters == null || filters.isEmpty())) {
            findings.wrong(
                    Spec::imageTagMutability,
                    spec.imageTagMutability() + " needs filters for the excluded tags",
                    "set imageTagMutabilityExclusionFilters");
        }
        if (!excludes && filters != null && !filters.isEmpty()) {
            findings.wrong(
                    Spec::imageTagMutabilityExclusionFilters,
                    "imageTagMutability has no exclusion, so that the filters have no effect",
                    "set imageTagMutability to IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION");
        }
        ImageEncryption encryption = spec.encryptionConfiguration();
        if (encryption != null && encryption.encryptionType() == EncryptionType.AES256 && encryption.kmsKey() != null) {
            findings.wrong(
                    Spec::encryptionConfiguration,
                    "encryptionType AES256 excludes kmsKey",
                    "set encryptionType to KMS, or remove kmsKey");
        } else if (encryption != null && encryption.kmsKey() != null && !KmsKeys.isArn(encryption.kmsKey())) {
            // ECR also accepts an id or an alias, but always returns the ARN: the difference would remain until the
            // repository is replaced.
            findings.wrong(
                    Spec::encryptionConfiguration,
                    "expected the ARN of a key as kmsKey, found \"" + encryption.kmsKey() + "\"",
                    KmsKeys.HINT);
        }
    }
}
