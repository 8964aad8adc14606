package dev.holdfast.kinds.cloudwatch;

import static dev.holdfast.kind.OwnershipForm.RECORD;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DashboardEntry;
import software.amazon.awssdk.services.cloudwatch.model.DashboardNotFoundErrorException;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardRequest;

/**
 * A dashboard: graphs of metrics for people. It has no tags, so that only the state records its ownership. The list
 * returns no bodies.
 */
@Singleton
public final class DashboardKind extends DeclaredKind<DashboardKind.Spec> {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html">PutDashboard</a> */
    public record Spec(
            @Doc("The name: letters, digits, - and _.") @PhysicalName(max = 255, also = "_")
            String dashboardName,

            @Doc("The widgets, in CloudWatch's format for the body of a dashboard.") @Required
            JsonNode dashboardBody) {
        public Spec {
            dashboardBody = dashboardBody == null ? null : parse(Specs.canonicalText(dashboardBody));
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("Dashboard", Spec.class, CloudWatchClient.class, RECORD)
                .description("A dashboard: graphs of metrics for people.")
                .finds(DashboardKind::entries)
                .named(DashboardEntry::dashboardName)
                .detail(DashboardKind::body)
                .createsNamed(PutDashboardRequest::builder, CloudWatchClient::putDashboard)
                .changes(PutDashboardRequest::builder, CloudWatchClient::putDashboard)
                .deletes((cloudWatch, name) -> cloudWatch.deleteDashboards(r -> r.dashboardNames(name)))
                .output("name", "The name of the dashboard.", DashboardEntry::dashboardName)
                .output("arn", "The ARN of the dashboard.")
                .permissions(Permissions.on("cloudwatch::{account}:dashboard/{name}"))
                .page("https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html");
    }

    private static List<DashboardEntry> entries(Scope<?> scope, CloudWatchClient cloudWatch) {
        Set<String> names = Listings.idsAndNames(scope);
        return scope.confirming()
                ? names.stream()
                        .map(name ->
                                DashboardEntry.builder().dashboardName(name).build())
                        .toList()
                : cloudWatch.listDashboardsPaginator(r -> {}).dashboardEntries().stream()
                        .filter(entry -> names.contains(entry.dashboardName()))
                        .toList();
    }

    /**
     * Each change of the body changes the time or size in the list, so that each version of a body is read only once.
     */
    private static @Nullable Object body(Scope<Spec> scope, CloudWatchClient cloudWatch, DashboardEntry entry) {
        Supplier<GetDashboardResponse> read =
                () -> cloudWatch.getDashboard(r -> r.dashboardName(entry.dashboardName()));
        GetDashboardResponse found = scope.confirming()
                ? Absent.when(DashboardNotFoundErrorException.class).orNull(read)
                : scope.forever(
                        entry.dashboardName(),
                        entry.lastModified() == null ? null : entry.lastModified() + " " + entry.size(),
                        read);
        return found == null
                ? null
                : Map.of("dashboardBody", parse(found.dashboardBody()), "arn", found.dashboardArn());
    }

    /**
     * Reads a body with one form for each number. A body that is not JSON becomes text, which differs from every
     * desired body.
     */
    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(body);
        }
    }
}
