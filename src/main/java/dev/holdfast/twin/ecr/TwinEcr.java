package dev.holdfast.twin.ecr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTable;
import dev.holdfast.twin.store.TwinTags;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.BatchDeleteImageRequest;
import software.amazon.awssdk.services.ecr.model.BatchDeleteImageResponse;
import software.amazon.awssdk.services.ecr.model.BatchGetImageRequest;
import software.amazon.awssdk.services.ecr.model.BatchGetImageResponse;
import software.amazon.awssdk.services.ecr.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.ecr.model.CreateRepositoryResponse;
import software.amazon.awssdk.services.ecr.model.DeleteLifecyclePolicyRequest;
import software.amazon.awssdk.services.ecr.model.DeleteLifecyclePolicyResponse;
import software.amazon.awssdk.services.ecr.model.DeleteRepositoryPolicyRequest;
import software.amazon.awssdk.services.ecr.model.DeleteRepositoryPolicyResponse;
import software.amazon.awssdk.services.ecr.model.DeleteRepositoryRequest;
import software.amazon.awssdk.services.ecr.model.DeleteRepositoryResponse;
import software.amazon.awssdk.services.ecr.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ecr.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ecr.model.DescribeRepositoriesRequest;
import software.amazon.awssdk.services.ecr.model.DescribeRepositoriesResponse;
import software.amazon.awssdk.services.ecr.model.EncryptionConfiguration;
import software.amazon.awssdk.services.ecr.model.EncryptionType;
import software.amazon.awssdk.services.ecr.model.GetLifecyclePolicyRequest;
import software.amazon.awssdk.services.ecr.model.GetLifecyclePolicyResponse;
import software.amazon.awssdk.services.ecr.model.GetRepositoryPolicyRequest;
import software.amazon.awssdk.services.ecr.model.GetRepositoryPolicyResponse;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.LifecyclePolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.ListImagesRequest;
import software.amazon.awssdk.services.ecr.model.ListImagesResponse;
import software.amazon.awssdk.services.ecr.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecr.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ecr.model.PutImageRequest;
import software.amazon.awssdk.services.ecr.model.PutImageResponse;
import software.amazon.awssdk.services.ecr.model.PutImageScanningConfigurationRequest;
import software.amazon.awssdk.services.ecr.model.PutImageScanningConfigurationResponse;
import software.amazon.awssdk.services.ecr.model.PutImageTagMutabilityRequest;
import software.amazon.awssdk.services.ecr.model.PutImageTagMutabilityResponse;
import software.amazon.awssdk.services.ecr.model.PutLifecyclePolicyRequest;
import software.amazon.awssdk.services.ecr.model.PutLifecyclePolicyResponse;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotEmptyException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryPolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.SetRepositoryPolicyRequest;
import software.amazon.awssdk.services.ecr.model.SetRepositoryPolicyResponse;
import software.amazon.awssdk.services.ecr.model.Tag;
import software.amazon.awssdk.services.ecr.model.TagResourceRequest;
import software.amazon.awssdk.services.ecr.model.TagResourceResponse;
import software.amazon.awssdk.services.ecr.model.TooManyTagsException;
import software.amazon.awssdk.services.ecr.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecr.model.UntagResourceResponse;

/** The twin of ECR, as far as repositories and the resolving of tags need it. */
public final class TwinEcr implements EcrClient, TwinService {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*");

    private final TwinContext context;
    private final TwinTable<RepositoryState> repositories;
    private final Images images;

    public TwinEcr(TwinContext context) {
        this.context = context;
        this.repositories = new TwinTable<>(context);
        this.images = new Images(context);
    }

    @Override
    public CreateRepositoryResponse createRepository(CreateRepositoryRequest r) {
        String name = String.valueOf(r.repositoryName());
        if (name.length() < 2 || name.length() > 256 || !NAME.matcher(name).matches()) {
            throw EcrErrors.invalid("repositoryName", "must satisfy regular expression '" + NAME + "'");
        }
        if (repositories.get(name) != null) {
            throw EcrErrors.error(
                    RepositoryAlreadyExistsException.builder(),
                    "RepositoryAlreadyExistsException",
                    "The repository with name '" + name + "' already exists in the registry with id '"
                            + context.account() + "'");
        }
        RepositoryState made = new RepositoryState(Repository.builder()
                .repositoryArn(context.arn("ecr", "repository/" + name))
                .registryId(context.account())
                .repositoryName(name)
                .repositoryUri(context.account() + ".dkr.ecr." + context.region() + ".amazonaws.com/" + name)
                .createdAt(context.now())
                .imageTagMutability(
                        r.imageTagMutability() == null ? ImageTagMutability.MUTABLE : r.imageTagMutability())
                .imageTagMutabilityExclusionFilters(
                        r.hasImageTagMutabilityExclusionFilters() ? r.imageTagMutabilityExclusionFilters() : null)
                .imageScanningConfiguration(c -> c.scanOnPush(r.imageScanningConfiguration() != null
                        && Boolean.TRUE.equals(r.imageScanningConfiguration().scanOnPush())))
                .encryptionConfiguration(encryption(r.encryptionConfiguration()))
                .build());
        put(made, r.tags());
        repositories.put(name, made);
        return CreateRepositoryResponse.builder().repository(made.shown).build();
    }

    /** The key that AWS keeps for ECR, where none is named. */
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
        if (names.size() > 100) {
            throw EcrErrors.invalid("repositoryNames", "must have length less than or equal to 100");
        }
        if (!names.isEmpty() && (r.maxResults() != null || r.nextToken() != null)) {
            throw EcrErrors.invalid("maxResults", "cannot be used with repositoryNames");
        }
        List<Repository> all = names.isEmpty()
                ? repositories.visible().stream()
                        .map(s -> s.shown)
                        .sorted(Comparator.comparing(Repository::repositoryName))
                        .toList()
                : names.stream().map(n -> seen(n).shown).toList();
        TwinContext.Page<Repository> page = names.isEmpty()
                ? context.page(all, r.nextToken(), 1000, Objects.requireNonNullElse(r.maxResults(), 100))
                : new TwinContext.Page<>(all, null);
        return DescribeRepositoriesResponse.builder()
                .repositories(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    public DeleteRepositoryResponse deleteRepository(DeleteRepositoryRequest r) {
        RepositoryState repository = seen(r.repositoryName());
        if (!repository.images.isEmpty() && !Boolean.TRUE.equals(r.force())) {
            throw EcrErrors.error(
                    RepositoryNotEmptyException.builder(),
                    "RepositoryNotEmptyException",
                    "The repository with name '" + r.repositoryName() + "' in registry with id '" + context.account()
                            + "' cannot be deleted because it still contains images");
        }
        repositories.remove(r.repositoryName());
        return DeleteRepositoryResponse.builder().repository(repository.shown).build();
    }

    @Override
    public PutImageTagMutabilityResponse putImageTagMutability(PutImageTagMutabilityRequest r) {
        change(
                r.repositoryName(),
                b -> b.imageTagMutability(r.imageTagMutability())
                        .imageTagMutabilityExclusionFilters(
                                r.hasImageTagMutabilityExclusionFilters()
                                        ? r.imageTagMutabilityExclusionFilters()
                                        : null));
        return PutImageTagMutabilityResponse.builder().build();
    }

    @Override
    public PutImageScanningConfigurationResponse putImageScanningConfiguration(PutImageScanningConfigurationRequest r) {
        change(r.repositoryName(), b -> b.imageScanningConfiguration(r.imageScanningConfiguration()));
        return PutImageScanningConfigurationResponse.builder().build();
    }

    private void change(@Nullable String name, UnaryOperator<Repository.Builder> how) {
        RepositoryState repository = seen(name);
        repository.shown = how.apply(repository.shown.toBuilder()).build();
    }

    @Override
    public PutLifecyclePolicyResponse putLifecyclePolicy(PutLifecyclePolicyRequest r) {
        RepositoryState repository = seen(r.repositoryName());
        if (!hasArray(r.lifecyclePolicyText(), "rules")) {
            throw EcrErrors.invalid("LifecyclePolicyText", "Lifecycle policy validation failure: missing rules");
        }
        repository.lifecyclePolicy = r.lifecyclePolicyText();
        return PutLifecyclePolicyResponse.builder()
                .lifecyclePolicyText(repository.lifecyclePolicy)
                .build();
    }

    @Override
    public GetLifecyclePolicyResponse getLifecyclePolicy(GetLifecyclePolicyRequest r) {
        return GetLifecyclePolicyResponse.builder()
                .repositoryName(r.repositoryName())
                .lifecyclePolicyText(lifecyclePolicy(seen(r.repositoryName())))
                .build();
    }

    @Override
    public DeleteLifecyclePolicyResponse deleteLifecyclePolicy(DeleteLifecyclePolicyRequest r) {
        RepositoryState repository = seen(r.repositoryName());
        String gone = lifecyclePolicy(repository);
        repository.lifecyclePolicy = null;
        return DeleteLifecyclePolicyResponse.builder().lifecyclePolicyText(gone).build();
    }

    private String lifecyclePolicy(RepositoryState repository) {
        if (repository.lifecyclePolicy == null) {
            throw EcrErrors.error(
                    LifecyclePolicyNotFoundException.builder(),
                    "LifecyclePolicyNotFoundException",
                    "Lifecycle policy does not exist for the repository with name '"
                            + repository.shown.repositoryName() + "' in the registry with id '" + context.account()
                            + "'");
        }
        return repository.lifecyclePolicy;
    }

    @Override
    public SetRepositoryPolicyResponse setRepositoryPolicy(SetRepositoryPolicyRequest r) {
        RepositoryState repository = seen(r.repositoryName());
        if (!hasArray(r.policyText(), "Statement")) {
            throw EcrErrors.invalid("PolicyText", "Invalid repository policy provided");
        }
        repository.policy = r.policyText();
        return SetRepositoryPolicyResponse.builder()
                .policyText(repository.policy)
                .build();
    }

    @Override
    public GetRepositoryPolicyResponse getRepositoryPolicy(GetRepositoryPolicyRequest r) {
        return GetRepositoryPolicyResponse.builder()
                .repositoryName(r.repositoryName())
                .policyText(policy(seen(r.repositoryName())))
                .build();
    }

    @Override
    public DeleteRepositoryPolicyResponse deleteRepositoryPolicy(DeleteRepositoryPolicyRequest r) {
        RepositoryState repository = seen(r.repositoryName());
        String gone = policy(repository);
        repository.policy = null;
        return DeleteRepositoryPolicyResponse.builder().policyText(gone).build();
    }

    private String policy(RepositoryState repository) {
        if (repository.policy == null) {
            throw EcrErrors.error(
                    RepositoryPolicyNotFoundException.builder(),
                    "RepositoryPolicyNotFoundException",
                    "Repository policy does not exist for the repository with name '"
                            + repository.shown.repositoryName() + "' in the registry with id '" + context.account()
                            + "'");
        }
        return repository.policy;
    }

    private static boolean hasArray(@Nullable String text, String member) {
        try {
            return text != null && JSON.readTree(text).path(member).isArray();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Override
    public PutImageResponse putImage(PutImageRequest r) {
        return images.put(seen(r.repositoryName()), r);
    }

    @Override
    public BatchGetImageResponse batchGetImage(BatchGetImageRequest r) {
        return images.get(seen(r.repositoryName()), r);
    }

    @Override
    public BatchDeleteImageResponse batchDeleteImage(BatchDeleteImageRequest r) {
        return images.delete(seen(r.repositoryName()), r);
    }

    @Override
    public DescribeImagesResponse describeImages(DescribeImagesRequest r) {
        return images.describe(seen(r.repositoryName()), r);
    }

    @Override
    public ListImagesResponse listImages(ListImagesRequest r) {
        return images.list(seen(r.repositoryName()), r);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return ListTagsForResourceResponse.builder()
                .tags(TwinTags.list(
                        byArn(r.resourceArn()).tags,
                        (k, v) -> Tag.builder().key(k).value(v).build()))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        put(byArn(r.resourceArn()), r.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        byArn(r.resourceArn()).tags.keySet().removeAll(r.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    private static void put(RepositoryState repository, List<Tag> tags) {
        Map<String, String> more = new TreeMap<>();
        tags.forEach(t -> more.put(t.key(), t.value()));
        TwinTags.put(
                repository.tags,
                more,
                () -> EcrErrors.error(
                        TooManyTagsException.builder(),
                        "TooManyTagsException",
                        "The list of tags on the repository is over the limit of 50"),
                () -> EcrErrors.invalid("tags", "tag keys must not begin with aws:"));
    }

    private RepositoryState byArn(@Nullable String arn) {
        String prefix = context.arn("ecr", "repository/");
        if (arn == null || !arn.startsWith(prefix)) {
            throw EcrErrors.invalid("resourceArn", "Invalid ARN");
        }
        return seen(arn.substring(prefix.length()));
    }

    private RepositoryState seen(@Nullable String name) {
        RepositoryState repository = repositories.visible(name);
        if (repository == null) {
            throw EcrErrors.error(
                    RepositoryNotFoundException.builder(),
                    "RepositoryNotFoundException",
                    "The repository with name '" + name + "' does not exist in the registry with id '"
                            + context.account() + "'");
        }
        return repository;
    }

    @Override
    public List<TwinItem> inventory() {
        return repositories.all().stream()
                .map(s -> new TwinItem(
                        "ecr:repository",
                        s.shown.repositoryName(),
                        s.shown.repositoryArn(),
                        Map.copyOf(s.tags),
                        s.shown + " " + s.lifecyclePolicy + " " + s.policy + " "
                                + s.images.values().stream()
                                        .map(i -> i.digest + i.tags)
                                        .toList()))
                .toList();
    }
}
