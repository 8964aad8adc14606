package dev.holdfast.twin.cloudwatch;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TwinContext;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.*;

/** Dashboards: names and texts. They have no tags, and belong to the account, not to a region. */
interface DashboardCalls extends CloudWatchClient {
    Pattern DASHBOARD_NAME = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    String BODY = "body";

    TwinContext context();

    ResourceStore<DashboardEntry, DashboardEntry.Builder> dashboards();

    static ResourceStore<DashboardEntry, DashboardEntry.Builder> store(TwinContext context) {
        return context.store(DashboardEntry::builder, DashboardEntry::dashboardName)
                .type("cloudwatch:dashboard")
                .arn(DashboardEntry::dashboardArn)
                .detail(dashboard -> String.valueOf(dashboard.attributes().get(BODY)))
                .missing(name -> error(
                        DashboardNotFoundErrorException.builder(),
                        404,
                        "ResourceNotFound",
                        "Dashboard " + name + " does not exist"));
    }

    @Override
    default PutDashboardResponse putDashboard(PutDashboardRequest r) {
        if (r.dashboardName() == null
                || !DASHBOARD_NAME.matcher(r.dashboardName()).matches()) {
            throw refused(
                    "InvalidParameterValue",
                    "The value " + r.dashboardName()
                            + " for field DashboardName contains invalid characters. It can only contain"
                            + " alphanumerics, dash (-) and underscore (_).");
        }
        if (!Contents.json(r.dashboardBody()).isObject()) {
            throw refused(
                    DashboardInvalidInputErrorException.builder(),
                    "InvalidParameterInput",
                    "The field DashboardBody must be a valid JSON object");
        }
        StoredResource<DashboardEntry> stored = dashboards()
                .put(DashboardEntry.builder()
                        .dashboardName(r.dashboardName())
                        .dashboardArn("arn:aws:cloudwatch::" + context().account() + ":dashboard/" + r.dashboardName())
                        .lastModified(context().now())
                        .size((long) r.dashboardBody().getBytes(StandardCharsets.UTF_8).length)
                        .build());
        stored.attributes().put(BODY, r.dashboardBody());
        return PutDashboardResponse.builder()
                .dashboardValidationMessages(List.of())
                .build();
    }

    @Override
    default GetDashboardResponse getDashboard(GetDashboardRequest r) {
        StoredResource<DashboardEntry> dashboard = dashboards().seen(r.dashboardName());
        return SdkShapes.copy(dashboard.shape(), GetDashboardResponse.builder())
                .dashboardBody(dashboard.attributes().get(BODY))
                .build();
    }

    @Override
    default ListDashboardsResponse listDashboards(ListDashboardsRequest r) {
        Stream<DashboardEntry> found = dashboards()
                .visible()
                .filter(d ->
                        r.dashboardNamePrefix() == null || d.dashboardName().startsWith(r.dashboardNamePrefix()))
                .sorted(Comparator.comparing(DashboardEntry::dashboardName));
        return dashboards().page(r, ListDashboardsResponse.builder(), found);
    }

    @Override
    default DeleteDashboardsResponse deleteDashboards(DeleteDashboardsRequest r) {
        r.dashboardNames().forEach(dashboards()::seen);
        r.dashboardNames().forEach(dashboards()::remove);
        return DeleteDashboardsResponse.builder().build();
    }
}
