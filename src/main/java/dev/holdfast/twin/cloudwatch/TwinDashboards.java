package dev.holdfast.twin.cloudwatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardEntry;
import software.amazon.awssdk.services.cloudwatch.model.DashboardInvalidInputErrorException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardNotFoundErrorException;
import software.amazon.awssdk.services.cloudwatch.model.DeleteDashboardsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DeleteDashboardsResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardResponse;

/** The twin's dashboards: names and texts, without tags, as CloudWatch has them. */
final class TwinDashboards {
    private record Dashboard(String name, String body, Instant modifiedAt) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    private final TwinContext context;
    private final TwinTable<Dashboard> dashboards;

    TwinDashboards(TwinContext context) {
        this.context = context;
        this.dashboards = new TwinTable<>(context);
    }

    PutDashboardResponse put(PutDashboardRequest r) {
        if (r.dashboardName() == null || !NAME.matcher(r.dashboardName()).matches()) {
            throw TwinErrors.error(
                    400,
                    "InvalidParameterValue",
                    "The value " + r.dashboardName()
                            + " for field DashboardName contains invalid characters. It can only contain"
                            + " alphanumerics, dash (-) and underscore (_).");
        }
        if (!isObject(r.dashboardBody())) {
            throw TwinErrors.error(
                    DashboardInvalidInputErrorException.builder(),
                    400,
                    "InvalidParameterInput",
                    "The field DashboardBody must be a valid JSON object");
        }
        dashboards.put(r.dashboardName(), new Dashboard(r.dashboardName(), r.dashboardBody(), context.now()));
        return PutDashboardResponse.builder()
                .dashboardValidationMessages(List.of())
                .build();
    }

    private static boolean isObject(@Nullable String body) {
        try {
            return body != null && JSON.readTree(body).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    GetDashboardResponse get(GetDashboardRequest r) {
        Dashboard dashboard = dashboards.visible(r.dashboardName());
        if (dashboard == null) {
            throw notFound(r.dashboardName());
        }
        return GetDashboardResponse.builder()
                .dashboardName(dashboard.name())
                .dashboardArn(arn(dashboard.name()))
                .dashboardBody(dashboard.body())
                .build();
    }

    ListDashboardsResponse list(ListDashboardsRequest r) {
        List<DashboardEntry> all = dashboards.visible().stream()
                .filter(d -> r.dashboardNamePrefix() == null || d.name().startsWith(r.dashboardNamePrefix()))
                .sorted(Comparator.comparing(Dashboard::name))
                .map(d -> DashboardEntry.builder()
                        .dashboardName(d.name())
                        .dashboardArn(arn(d.name()))
                        .lastModified(d.modifiedAt())
                        .size((long) d.body().getBytes(StandardCharsets.UTF_8).length)
                        .build())
                .toList();
        TwinContext.Page<DashboardEntry> page = context.page(all, r.nextToken(), 1000, null);
        return ListDashboardsResponse.builder()
                .dashboardEntries(page.items())
                .nextToken(page.next())
                .build();
    }

    DeleteDashboardsResponse delete(DeleteDashboardsRequest r) {
        for (String name : r.dashboardNames()) {
            if (dashboards.visible(name) == null) {
                throw notFound(name);
            }
        }
        r.dashboardNames().forEach(dashboards::remove);
        return DeleteDashboardsResponse.builder().build();
    }

    private static AwsServiceException notFound(@Nullable String name) {
        return TwinErrors.error(
                DashboardNotFoundErrorException.builder(),
                404,
                "ResourceNotFound",
                "Dashboard " + name + " does not exist");
    }

    List<TwinItem> inventory() {
        return dashboards.all().stream()
                .map(d -> new TwinItem("cloudwatch:dashboard", d.name(), arn(d.name()), Map.of(), d.body()))
                .toList();
    }

    /** Dashboards are the account's, not a region's. */
    private String arn(String name) {
        return "arn:aws:cloudwatch::" + context.account() + ":dashboard/" + name;
    }
}
