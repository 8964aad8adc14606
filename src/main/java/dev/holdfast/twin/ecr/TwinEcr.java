package dev.holdfast.twin.ecr;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.*;

/** The twin of ECR, with the calls that repositories and the resolution of tags need. */
public final class TwinEcr implements EcrClient, TwinService {
    /** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*");

    private static final String LIFECYCLE_POLICY = "lifecyclePolicy";
    private static final String POLICY = "policy";

    private final TwinContext context;
    private final ResourceStore<Repository, Repository.Builder> repositories;
    private final RepositoryImages images;

    public TwinEcr(TwinContext context) {
        this.context = context;
        this.images = new RepositoryImages(context);
        this.repositories = context.store(Repository::builder, Repository::repositoryName)
                .type("ecr:repository")
                .arn(Repository::repositoryArn)
                .pages(1000, 100)
                .missing(name -> noRepository(name, context.account()))
                .detail(r -> r.text() + " " + r.attributes() + " " + images.detail(r.id()))
                .tagRules(TagRules.of(
                        () -> named(
                                TooManyTagsException.builder(),
                                "The list of tags on the repository is over the limit of 50"),
                        key -> invalid("tags", "tag keys must not begin with aws:")));
    }

    private static AwsServiceException noRepository(String name, String registry) {
        return named(
                RepositoryNotFoundException.builder(),
                "The repository with name '" + name + "' does not exist in the registry with id '" + registry + "'");
    }

    private String inRegistry() {
        return " in the registry with id '" + context.account() + "'";
    }

    static AwsServiceException invalid(String member, String reason) {
        return named(
                InvalidParameterException.builder(),
                "Invalid parameter at '" + member + "' failed to satisfy constraint: '" + reason + "'");
    }

    /** Access to another account's registry needs a policy of that registry. The twin has no registry policies. */
    private StoredResource<Repository> seen(@Nullable String registry, @Nullable String name) {
        if (registry != null && !registry.equals(context.account())) {
            throw noRepository(String.valueOf(name), registry);
        }
        return repositories.seen(name);
    }

    @Override
    public CreateRepositoryResponse createRepository(CreateRepositoryRequest r) {
        String name = String.valueOf(r.repositoryName());
        if (name.length() < 2 || name.length() > 256 || !NAME.matcher(name).matches()) {
            throw invalid("repositoryName", "must satisfy regular expression '" + NAME + "'");
        }
        if (repositories.has(name)) {
            throw named(
                    RepositoryAlreadyExistsException.builder(),
                    "The repository with name '" + name + "' already exists" + inRegistry());
        }
        checkExclusion(
                r.imageTagMutability(), !r.imageTagMutabilityExclusionFilters().isEmpty());
        boolean scan = r.imageScanningConfiguration() != null
                && Boolean.TRUE.equals(r.imageScanningConfiguration().scanOnPush());
        Repository made = repositories.create(
                r,
                b -> b.repositoryArn(context.arn("ecr", "repository/" + name))
                        .registryId(context.account())
                        .repositoryUri(context.account() + ".dkr.ecr." + context.region() + ".amazonaws.com/" + name)
                        .createdAt(context.now())
                        .imageTagMutability(
                                Objects.requireNonNullElse(r.imageTagMutability(), ImageTagMutability.MUTABLE))
                        .imageScanningConfiguration(c -> c.scanOnPush(scan))
                        .encryptionConfiguration(encryption(r.encryptionConfiguration())));
        return CreateRepositoryResponse.builder().repository(made).build();
    }

    /** If the request names no key, ECR uses its AWS managed key. */
    private EncryptionConfiguration encryption(@Nullable EncryptionConfiguration wanted) {
        if (wanted == null || wanted.encryptionType() == EncryptionType.AES256) {
            return EncryptionConfiguration.builder()
                    .encryptionType(EncryptionType.AES256)
                    .build();
        }
        return wanted.kmsKey() != null
                ? wanted
                : wanted.toBuilder()
                        .kmsKey(context.arn("kms", "key/00000000-0000-4000-8000-0000000000ec"))
                        .build();
    }

    /** Refuses the whole request if one of the names is missing. */
    @Override
    public DescribeRepositoriesResponse describeRepositories(DescribeRepositoriesRequest r) {
        List<String> names = r.repositoryNames();
        if (names.isEmpty()) {
            return repositories.page(
                    r,
                    DescribeRepositoriesResponse.builder(),
                    repositories.visible().sorted(Comparator.comparing(Repository::repositoryName)));
        }
        if (names.size() > 100) {
            throw invalid("repositoryNames", "must have length less than or equal to 100");
        }
        if (r.maxResults() != null || r.nextToken() != null) {
            throw invalid("maxResults", "cannot be used with repositoryNames");
        }
        return DescribeRepositoriesResponse.builder()
                .repositories(names.stream()
                        .map(name -> repositories.seen(name).shape())
                        .toList())
                .build();
    }

    @Override
    public DeleteRepositoryResponse deleteRepository(DeleteRepositoryRequest r) {
        Repository repository = seen(r.registryId(), r.repositoryName()).shape();
        if (!images.of(r.repositoryName()).isEmpty() && !Boolean.TRUE.equals(r.force())) {
            throw named(
                    RepositoryNotEmptyException.builder(),
                    "The repository with name '" + r.repositoryName() + "' in registry with id '" + context.account()
                            + "' cannot be deleted because it still contains images");
        }
        images.of(r.repositoryName()).clear();
        repositories.remove(r.repositoryName());
        return DeleteRepositoryResponse.builder().repository(repository).build();
    }

    /** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html */
    private static void checkExclusion(@Nullable ImageTagMutability mode, boolean filters) {
        boolean excludes = mode == ImageTagMutability.IMMUTABLE_WITH_EXCLUSION
                || mode == ImageTagMutability.MUTABLE_WITH_EXCLUSION;
        if (excludes != filters) {
            throw invalid(
                    "imageTagMutabilityExclusionFilters",
                    excludes
                            ? "must not be empty with " + mode
                            : "can only be used with IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION");
        }
    }

    @Override
    public PutImageTagMutabilityResponse putImageTagMutability(PutImageTagMutabilityRequest r) {
        checkExclusion(
                r.imageTagMutability(), !r.imageTagMutabilityExclusionFilters().isEmpty());
        repositories.change(
                seen(r.registryId(), r.repositoryName()).id(),
                b -> b.imageTagMutability(r.imageTagMutability())
                        .imageTagMutabilityExclusionFilters(
                                r.hasImageTagMutabilityExclusionFilters()
                                        ? r.imageTagMutabilityExclusionFilters()
                                        : null));
        return PutImageTagMutabilityResponse.builder().build();
    }

    @Override
    public PutImageScanningConfigurationResponse putImageScanningConfiguration(PutImageScanningConfigurationRequest r) {
        repositories.modify(seen(r.registryId(), r.repositoryName()).id(), r);
        return PutImageScanningConfigurationResponse.builder().build();
    }

    @Override
    public PutLifecyclePolicyResponse putLifecyclePolicy(PutLifecyclePolicyRequest r) {
        StoredResource<Repository> repository = seen(r.registryId(), r.repositoryName());
        if (!Contents.json(r.lifecyclePolicyText()).path("rules").isArray()) {
            throw invalid("LifecyclePolicyText", "Lifecycle policy validation failure: missing rules");
        }
        repository.attributes().put(LIFECYCLE_POLICY, r.lifecyclePolicyText());
        return PutLifecyclePolicyResponse.builder()
                .lifecyclePolicyText(r.lifecyclePolicyText())
                .build();
    }

    @Override
    public GetLifecyclePolicyResponse getLifecyclePolicy(GetLifecyclePolicyRequest r) {
        return GetLifecyclePolicyResponse.builder()
                .repositoryName(r.repositoryName())
                .lifecyclePolicyText(policy(r.registryId(), r.repositoryName(), LIFECYCLE_POLICY))
                .build();
    }

    @Override
    public DeleteLifecyclePolicyResponse deleteLifecyclePolicy(DeleteLifecyclePolicyRequest r) {
        String gone = policy(r.registryId(), r.repositoryName(), LIFECYCLE_POLICY);
        repositories.stored(r.repositoryName()).attributes().remove(LIFECYCLE_POLICY);
        return DeleteLifecyclePolicyResponse.builder().lifecyclePolicyText(gone).build();
    }

    @Override
    public SetRepositoryPolicyResponse setRepositoryPolicy(SetRepositoryPolicyRequest r) {
        StoredResource<Repository> repository = seen(r.registryId(), r.repositoryName());
        if (!Contents.json(r.policyText()).path("Statement").isArray()) {
            throw invalid("PolicyText", "Invalid repository policy provided");
        }
        repository.attributes().put(POLICY, r.policyText());
        return SetRepositoryPolicyResponse.builder().policyText(r.policyText()).build();
    }

    @Override
    public GetRepositoryPolicyResponse getRepositoryPolicy(GetRepositoryPolicyRequest r) {
        return GetRepositoryPolicyResponse.builder()
                .repositoryName(r.repositoryName())
                .policyText(policy(r.registryId(), r.repositoryName(), POLICY))
                .build();
    }

    @Override
    public DeleteRepositoryPolicyResponse deleteRepositoryPolicy(DeleteRepositoryPolicyRequest r) {
        String gone = policy(r.registryId(), r.repositoryName(), POLICY);
        repositories.stored(r.repositoryName()).attributes().remove(POLICY);
        return DeleteRepositoryPolicyResponse.builder().policyText(gone).build();
    }

    /** @param attribute either {@link #POLICY} or {@link #LIFECYCLE_POLICY} */
    private String policy(@Nullable String registry, String repository, String attribute) {
        String text = seen(registry, repository).attributes().get(attribute);
        if (text == null) {
            boolean lifecycle = attribute.equals(LIFECYCLE_POLICY);
            throw named(
                    lifecycle
                            ? LifecyclePolicyNotFoundException.builder()
                            : RepositoryPolicyNotFoundException.builder(),
                    (lifecycle ? "Lifecycle" : "Repository") + " policy does not exist for the repository with name '"
                            + repository + "'" + inRegistry());
        }
        return text;
    }

    @Override
    public PutImageResponse putImage(PutImageRequest r) {
        return images.put(seen(r.registryId(), r.repositoryName()).shape(), r);
    }

    @Override
    public BatchGetImageResponse batchGetImage(BatchGetImageRequest r) {
        return images.get(seen(r.registryId(), r.repositoryName()).shape(), r);
    }

    @Override
    public BatchDeleteImageResponse batchDeleteImage(BatchDeleteImageRequest r) {
        return images.delete(seen(r.registryId(), r.repositoryName()).shape(), r);
    }

    @Override
    public DescribeImagesResponse describeImages(DescribeImagesRequest r) {
        return images.describe(seen(r.registryId(), r.repositoryName()).shape(), r);
    }

    @Override
    public ListImagesResponse listImages(ListImagesRequest r) {
        return images.list(seen(r.registryId(), r.repositoryName()).shape(), r);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return tagged(r.resourceArn()).showTags(ListTagsForResourceResponse.builder());
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        return tagged(r.resourceArn()).tag(r, TagResourceResponse.builder());
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        return tagged(r.resourceArn()).untag(r.tagKeys(), UntagResourceResponse.builder());
    }

    private StoredResource<Repository> tagged(@Nullable String arn) {
        String prefix = context.arn("ecr", "repository/");
        if (arn == null || !arn.startsWith(prefix)) {
            throw invalid("resourceArn", "Invalid ARN");
        }
        return repositories.seen(arn.substring(prefix.length()));
    }

    @Override
    public List<TwinItem> inventory() {
        return repositories.items();
    }
}
