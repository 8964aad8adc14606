package dev.holdfast.twin.tagging;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.GetResourcesRequest;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.GetResourcesResponse;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.InvalidParameterException;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.PaginationTokenExpiredException;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.ResourceTagMapping;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter;

/**
 * The twin of the tagging API: the tags of all resources of a region except IAM's, from an index that lags.
 *
 * @see <a href="https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html">
 *     GetResources</a>
 */
public final class TwinTagging implements ResourceGroupsTaggingApiClient, TwinService {
    private static final int DEFAULT_PAGE = 50;
    private static final int LARGEST_PAGE = 100;
    private static final int MOST_ARNS = 100;
    private static final int MOST_FILTERS = 50;
    private static final int MOST_VALUES = 20;

    private final TwinContext context;

    public TwinTagging(TwinContext context) {
        this.context = context;
    }

    @Override
    public GetResourcesResponse getResources(GetResourcesRequest request) {
        check(request);
        List<TwinItem> found = context.indexed().stream()
                .filter(item -> !item.tags().isEmpty() && !item.type().startsWith("iam:"))
                .filter(item -> isNamed(item, request))
                .filter(item -> isOfType(item, request.resourceTypeFilters()))
                .filter(item -> request.tagFilters().stream().allMatch(f -> hasTag(item, f)))
                .sorted(Comparator.comparing(TwinItem::arn))
                .toList();
        try {
            GetResourcesResponse page = context.page(
                    request,
                    GetResourcesResponse.builder(),
                    found.stream().map(TwinTagging::mapping).toList(),
                    LARGEST_PAGE,
                    DEFAULT_PAGE);
            // On its last page, AWS returns an empty token.
            String next = Objects.requireNonNullElse(page.paginationToken(), "");
            return page.toBuilder().paginationToken(next).build();
        } catch (NumberFormatException e) {
            throw named(PaginationTokenExpiredException.builder(), "The PaginationToken is not valid.");
        }
    }

    private static void check(GetResourcesRequest request) {
        Integer size = request.resourcesPerPage();
        if (size != null && (size < 1 || size > LARGEST_PAGE)) {
            throw invalid("ResourcesPerPage must be between 1 and " + LARGEST_PAGE);
        }
        if (request.tagFilters().size() > MOST_FILTERS) {
            throw invalid("TagFilters can have at most " + MOST_FILTERS + " elements");
        }
        for (TagFilter filter : request.tagFilters()) {
            if (filter.key() == null
                    || filter.key().isEmpty()
                    || filter.values().size() > MOST_VALUES) {
                throw invalid("A tag filter needs a key, and at most " + MOST_VALUES + " values");
            }
        }
        if (request.resourceARNList().size() > MOST_ARNS) {
            throw invalid("ResourceARNList can have at most " + MOST_ARNS + " elements");
        }
        boolean filters = !request.tagFilters().isEmpty()
                || !request.resourceTypeFilters().isEmpty();
        boolean pages = size != null
                || !Objects.requireNonNullElse(request.paginationToken(), "").isEmpty();
        if (!request.resourceARNList().isEmpty() && (filters || pages)) {
            throw invalid("ResourceARNList cannot be used with filters or pagination");
        }
    }

    private static boolean isNamed(TwinItem item, GetResourcesRequest request) {
        return request.resourceARNList().isEmpty() || request.resourceARNList().contains(item.arn());
    }

    /** A filter is {@code service} or {@code service:type}. A further slash may follow the type, as in the ARN. */
    private static boolean isOfType(TwinItem item, List<String> filters) {
        if (filters.isEmpty()) {
            return true;
        }
        String[] arn = item.arn().split(":", 6);
        String service = arn[2];
        String resource = service.equals("s3") ? "bucket/" + arn[5] : arn[5];
        return filters.stream().anyMatch(filter -> {
            int colon = filter.indexOf(':');
            if (colon < 0) {
                return filter.equals(service);
            }
            String type = filter.substring(colon + 1);
            return filter.substring(0, colon).equals(service)
                    && (resource.startsWith(type + "/") || resource.startsWith(type + ":"));
        });
    }

    private static boolean hasTag(TwinItem item, TagFilter filter) {
        String value = item.tags().get(filter.key());
        return value != null && (filter.values().isEmpty() || filter.values().contains(value));
    }

    private static ResourceTagMapping mapping(TwinItem item) {
        return TwinTags.show(item.tags(), ResourceTagMapping.builder().resourceARN(item.arn()))
                .build();
    }

    private static AwsServiceException invalid(String message) {
        return named(InvalidParameterException.builder(), message);
    }
}
