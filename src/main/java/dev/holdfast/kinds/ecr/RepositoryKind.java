package dev.holdfast.kinds.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.aws.KmsKeys;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.EncryptionConfiguration;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter;
import software.amazon.awssdk.services.ecr.model.LifecyclePolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryPolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.Tag;

/** A repository of container images. One that has images in it is never deleted: AWS refuses, and nothing here forces it. */
@Singleton
public final class RepositoryKind implements Kind<RepositoryKind.Spec> {
    private static final String TYPE = "ecr:repository";
    private static final int PAGE = 1000;

    /** @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html">CreateRepository</a> */
    public record Spec(
            @Doc("The name, lower case; a slash puts it into a namespace.")
            @PhysicalName(max = 256, also = "._/", lower = true, letterFirst = true)
            @Nullable
            String repositoryName,

            @Doc("Whether a tag can be moved to another image.") @Nullable
            ImageTagMutability imageTagMutability,

            @Doc("Tags for which the opposite holds, where the mutability is one with exclusion.") @Nullable
            List<ExclusionFilter> imageTagMutabilityExclusionFilters,

            @Doc("Whether images are scanned.") @Nullable ImageScanningConfiguration imageScanningConfiguration,

            @Doc("How images are encrypted at rest.") @Immutable @Nullable
            Encryption encryptionConfiguration,

            @Doc("Which images expire, as ECR describes a lifecycle policy; {} is none.")
            @Slow("lifecyclePolicy")
            @Nullable
            JsonNode lifecyclePolicy,

            @Doc("Who else may push and pull, as a policy; {} is none.")
            @PolicyDocument
            @Slow("repositoryPolicy")
            @Nullable
            JsonNode repositoryPolicy,

            @Doc("Tags.") @TagMap @Slow("tags") @Nullable Map<String, String> tags) {
        public Spec {
            lifecyclePolicy = lifecyclePolicy == null ? null : LifecyclePolicies.canonical(lifecyclePolicy);
        }
    }

    public enum ImageTagMutability {
        MUTABLE,
        IMMUTABLE,
        IMMUTABLE_WITH_EXCLUSION,
        MUTABLE_WITH_EXCLUSION
    }

    /** Which tags are excluded. */
    public record ExclusionFilter(
            @Doc("The tag; * stands for anything.") @Required @Nullable
            String filter,

            @Doc("How filter is read.") @Nullable FilterType filterType)
            implements Keyed {
        public ExclusionFilter {
            filterType = filterType == null ? FilterType.WILDCARD : filterType;
        }

        @Override
        public String key() {
            return String.valueOf(filter);
        }
    }

    public enum FilterType {
        WILDCARD
    }

    /** Scans for known vulnerabilities. */
    public record ImageScanningConfiguration(
            @Doc("Whether an image is scanned when it is pushed.") @Nullable
            Boolean scanOnPush) {}

    /** Encryption at rest. */
    public record Encryption(
            @Doc("Whose key: ECR's own, or one of KMS.") @Required @Nullable
            EncryptionType encryptionType,

            @Doc("The key's ARN; absent: the one that AWS keeps for ECR.") @Nullable
            String kmsKey) {}

    public enum EncryptionType {
        AES256,
        KMS,
        KMS_DSSE
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("Repository", Spec.class, OwnershipForm.TAG)
                .description("A repository of container images; one that has images in it is never deleted.")
                .stateful()
                .output("arn", "Its ARN.")
                .output("name", "Its name.")
                .output("uri", "What an image's name begins with, before its tag or digest.")
                .page("https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html")
                .leavesOut("registryId", "an account has one registry, its own")
                .fault(FaultRule.of("RepositoryNotEmptyException", Fault.Category.DEPENDENCY))
                // A role that was made a moment ago is not a principal yet.
                .fault(FaultRule.of(
                        "InvalidParameterException", "Invalid repository policy", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("KmsException", Fault.Category.DEPENDENCY))
                .permissions(Permissions.on("ecr:{region}:{account}:repository/{name}")
                        .lists("ecr:DescribeRepositories")
                        .reads("ecr:ListTagsForResource", "ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy")
                        .creates("ecr:CreateRepository")
                        .tags("ecr:TagResource", "ecr:UntagResource")
                        .changes("ecr:DeleteRepository")
                        .changesFor("imageTagMutability", "ecr:PutImageTagMutability")
                        .changesFor("imageTagMutabilityExclusionFilters", "ecr:PutImageTagMutability")
                        .changesFor("imageScanningConfiguration", "ecr:PutImageScanningConfiguration")
                        .changesFor("lifecyclePolicy", "ecr:PutLifecyclePolicy", "ecr:DeleteLifecyclePolicy")
                        .changesFor("repositoryPolicy", "ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy"))
                .build();
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
        Encryption encryption = spec.encryptionConfiguration();
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

    /**
     * All of the registry's: one call for a thousand. Asked by name, ECR refuses the whole request for one name that does not
     * exist.
     */
    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        EcrClient ecr = scope.client(EcrClient.class);
        Map<String, Wanted<Spec>> wanted = new LinkedHashMap<>();
        scope.wanted()
                .forEach(w -> Stream.of(w.physicalId(), w.physicalName())
                        .filter(name -> name != null && !Unresolved.is(name))
                        .forEach(name -> wanted.put(name, w)));
        Set<String> ours = scope.sweep() ? scope.tagged(TYPE).keySet() : Set.of();
        if (wanted.isEmpty() && ours.isEmpty()) {
            return List.of();
        }
        List<Repository> repositories = scope.confirming()
                ? scope.parallel(wanted.keySet(), name -> read(ecr, name)).stream()
                        .flatMap(List::stream)
                        .toList()
                : ecr.describeRepositoriesPaginator(r -> r.maxResults(PAGE)).repositories().stream()
                        .filter(r -> wanted.containsKey(r.repositoryName()) || ours.contains(r.repositoryArn()))
                        .toList();
        return scope.each(
                repositories,
                r -> identify(r, wanted.get(r.repositoryName())),
                (r, identity) -> observed(ecr, scope, r, identity, wanted.get(r.repositoryName())));
    }

    private static List<Repository> read(EcrClient ecr, String name) {
        try {
            return ecr.describeRepositories(r -> r.repositoryNames(name)).repositories();
        } catch (RepositoryNotFoundException e) {
            return List.of();
        }
    }

    /** Says whose it would be, for the case that its tags cannot be read. */
    private static Identity identify(Repository repository, @Nullable Wanted<Spec> wanted) {
        return Identity.of(repository.repositoryName())
                .named(repository.repositoryName())
                .belongingTo(wanted == null ? null : wanted.id());
    }

    private static Known<Spec> observed(
            EcrClient ecr, Scope<Spec> scope, Repository repository, Identity identity, @Nullable Wanted<Spec> wanted) {
        String name = repository.repositoryName();
        Spec desired = wanted == null ? null : wanted.desired();
        Map<String, String> tags = scope.tags(
                TYPE,
                repository.repositoryArn(),
                name,
                desired == null ? null : desired.tags(),
                () -> ecr.listTagsForResource(r -> r.resourceArn(repository.repositoryArn())).tags().stream()
                        .collect(Collectors.toMap(Tag::key, Tag::value)));
        Spec spec = new Spec(
                name,
                parse(ImageTagMutability.values(), repository.imageTagMutabilityAsString()),
                repository.imageTagMutabilityExclusionFilters().stream()
                        .map(f -> new ExclusionFilter(f.filter(), parse(FilterType.values(), f.filterTypeAsString())))
                        .toList(),
                new ImageScanningConfiguration(repository.imageScanningConfiguration() != null
                        && Boolean.TRUE.equals(
                                repository.imageScanningConfiguration().scanOnPush())),
                encryption(repository.encryptionConfiguration()),
                // What the document leaves to others is not compared, and would cost a request a repository.
                desired != null && desired.lifecyclePolicy() == null
                        ? null
                        : scope.slow(name, "lifecyclePolicy", () -> lifecyclePolicy(ecr, name)),
                desired != null && desired.repositoryPolicy() == null
                        ? null
                        : scope.slow(name, "repositoryPolicy", () -> repositoryPolicy(ecr, name)),
                tags);
        return Known.of(identity.belongingTo(null).tagged(tags), spec)
                .output("arn", repository.repositoryArn())
                .output("name", name)
                .output("uri", repository.repositoryUri())
                .createdAt(repository.createdAt());
    }

    private static Encryption encryption(@Nullable EncryptionConfiguration c) {
        return c == null
                ? new Encryption(EncryptionType.AES256, null)
                : new Encryption(parse(EncryptionType.values(), c.encryptionTypeAsString()), c.kmsKey());
    }

    private static JsonNode lifecyclePolicy(EcrClient ecr, String name) {
        try {
            return PolicyDocuments.parse(
                    ecr.getLifecyclePolicy(r -> r.repositoryName(name)).lifecyclePolicyText());
        } catch (LifecyclePolicyNotFoundException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static JsonNode repositoryPolicy(EcrClient ecr, String name) {
        try {
            return PolicyDocuments.parse(
                    ecr.getRepositoryPolicy(r -> r.repositoryName(name)).policyText());
        } catch (RepositoryPolicyNotFoundException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /** @return null for a value that AWS has thought of since */
    private static <E extends Enum<E>> @Nullable E parse(E[] values, @Nullable String wire) {
        return Stream.of(values).filter(v -> v.name().equals(wire)).findFirst().orElse(null);
    }

    private static @Nullable String wire(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    private static @Nullable List<ImageTagMutabilityExclusionFilter> filters(@Nullable List<ExclusionFilter> filters) {
        return filters == null || filters.isEmpty()
                ? null
                : filters.stream()
                        .map(f -> ImageTagMutabilityExclusionFilter.builder()
                                .filter(f.filter())
                                .filterType(wire(f.filterType()))
                                .build())
                        .toList();
    }

    /** The two policies follow as an update. */
    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        String name = Objects.requireNonNull(spec.repositoryName());
        Encryption encryption = spec.encryptionConfiguration();
        ImageScanningConfiguration scanning = spec.imageScanningConfiguration();
        desired.client(EcrClient.class)
                .createRepository(r -> r.repositoryName(name)
                        .imageTagMutability(wire(spec.imageTagMutability()))
                        .imageTagMutabilityExclusionFilters(filters(spec.imageTagMutabilityExclusionFilters()))
                        .imageScanningConfiguration(scanning == null ? null : scanning(scanning))
                        .encryptionConfiguration(
                                encryption == null
                                        ? null
                                        : EncryptionConfiguration.builder()
                                                .encryptionType(wire(encryption.encryptionType()))
                                                .kmsKey(encryption.kmsKey())
                                                .build())
                        .tags(tags(spec.tags() == null ? Map.of() : spec.tags())));
        return name;
    }

    private static software.amazon.awssdk.services.ecr.model.ImageScanningConfiguration scanning(
            ImageScanningConfiguration scanning) {
        return software.amazon.awssdk.services.ecr.model.ImageScanningConfiguration.builder()
                .scanOnPush(scanning.scanOnPush())
                .build();
    }

    @Override
    public void update(Change<Spec> change) {
        EcrClient ecr = change.client(EcrClient.class);
        Spec spec = change.spec();
        String name = change.physicalId();
        if (change.touches(Spec::repositoryPolicy) && spec.repositoryPolicy() != null) {
            if (spec.repositoryPolicy().isEmpty()) {
                ecr.deleteRepositoryPolicy(r -> r.repositoryName(name));
            } else {
                ecr.setRepositoryPolicy(
                        r -> r.repositoryName(name).policyText(PolicyDocuments.text(spec.repositoryPolicy())));
            }
        }
        if (change.touches(Spec::imageTagMutability, Spec::imageTagMutabilityExclusionFilters)) {
            // One call for both; without filters it takes them off.
            ecr.putImageTagMutability(r -> r.repositoryName(name)
                    .imageTagMutability(wire(change.merged(Spec::imageTagMutability)))
                    .imageTagMutabilityExclusionFilters(
                            filters(change.merged(Spec::imageTagMutabilityExclusionFilters))));
        }
        ImageScanningConfiguration scanning = spec.imageScanningConfiguration();
        if (change.touches(Spec::imageScanningConfiguration) && scanning != null) {
            ecr.putImageScanningConfiguration(
                    r -> r.repositoryName(name).imageScanningConfiguration(scanning(scanning)));
        }
        if (change.touches(Spec::lifecyclePolicy) && spec.lifecyclePolicy() != null) {
            if (spec.lifecyclePolicy().isEmpty()) {
                ecr.deleteLifecyclePolicy(r -> r.repositoryName(name));
            } else {
                ecr.putLifecyclePolicy(
                        r -> r.repositoryName(name).lifecyclePolicyText(PolicyDocuments.text(spec.lifecyclePolicy())));
            }
        }
        updateTags(ecr, change);
    }

    private static void updateTags(EcrClient ecr, Change<Spec> change) {
        String arn = String.valueOf(change.observed().known().outputs().get("arn"));
        Map<String, String> put = change.tagsToPut(Spec::tags);
        if (!put.isEmpty()) {
            ecr.tagResource(r -> r.resourceArn(arn).tags(tags(put)));
        }
        Set<String> remove = change.tagsToRemove(Spec::tags);
        if (!remove.isEmpty()) {
            ecr.untagResource(r -> r.resourceArn(arn).tagKeys(remove));
        }
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(EcrClient.class).deleteRepository(r -> r.repositoryName(observed.physicalId()));
    }
}
