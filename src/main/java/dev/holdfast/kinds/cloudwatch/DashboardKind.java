package dev.holdfast.kinds.cloudwatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DashboardEntry;
import software.amazon.awssdk.services.cloudwatch.model.DashboardNotFoundErrorException;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardResponse;

/**
 * A dashboard: graphs of metrics for people. Only the record of its creation says whose it is. It has no recipe because the
 * list gives no bodies, and one body is read per dashboard and version.
 */
@Singleton
public final class DashboardKind implements Kind<DashboardKind.Spec> {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html">PutDashboard</a> */
    public record Spec(
            @Doc("The name; letters, digits, - and _.") @PhysicalName(max = 255, also = "_") @Nullable
            String dashboardName,

            @Doc("Its widgets, as CloudWatch describes a dashboard's body.") @Required @Nullable
            JsonNode dashboardBody) {
        public Spec {
            dashboardBody = dashboardBody == null ? null : parse(Specs.canonicalText(dashboardBody));
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("Dashboard", Spec.class, OwnershipForm.RECORD)
                .description("A dashboard: graphs of metrics for people.")
                .output("name", "Its name.")
                .output("arn", "Its ARN.")
                .page("https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html")
                .permissions(Permissions.on("cloudwatch::{account}:dashboard/{name}")
                        .reads("cloudwatch:ListDashboards", "cloudwatch:GetDashboard")
                        .creates("cloudwatch:PutDashboard")
                        .changes("cloudwatch:DeleteDashboards"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        CloudWatchClient cloudWatch = scope.client(CloudWatchClient.class);
        Map<String, Wanted<Spec>> wanted = new LinkedHashMap<>();
        for (Wanted<Spec> w : scope.wanted()) {
            Stream.of(w.physicalId(), w.physicalName()).filter(Objects::nonNull).forEach(name -> wanted.put(name, w));
        }
        if (wanted.isEmpty()) {
            return List.of();
        }
        if (scope.confirming()) {
            return wanted.entrySet().stream()
                    .flatMap(e -> confirmed(cloudWatch, e.getKey(), identify(e.getKey(), e.getValue())))
                    .toList();
        }
        List<DashboardEntry> dashboards = cloudWatch.listDashboardsPaginator(r -> {}).dashboardEntries().stream()
                .filter(d -> wanted.containsKey(d.dashboardName()))
                .toList();
        return scope.each(
                dashboards,
                d -> identify(d.dashboardName(), wanted.get(d.dashboardName())),
                (d, identity) -> known(identity, scope.forever(version(d), () -> get(cloudWatch, d.dashboardName()))));
    }

    /** Each change of the body changes what the list gives, so that each version of a body is read once. */
    private static String version(DashboardEntry d) {
        return d.dashboardArn() + "@" + d.lastModified() + "/" + d.size();
    }

    private static Identity identify(String name, @Nullable Wanted<Spec> wanted) {
        Identity identity = Identity.of(name).named(name);
        return wanted != null && name.equals(wanted.physicalId()) ? identity.belongingTo(wanted.id()) : identity;
    }

    private static GetDashboardResponse get(CloudWatchClient cloudWatch, String name) {
        return cloudWatch.getDashboard(r -> r.dashboardName(name));
    }

    private static Stream<Observation<Spec>> confirmed(CloudWatchClient cloudWatch, String name, Identity identity) {
        return Absent.<Stream<Observation<Spec>>>or(
                Stream.of(),
                DashboardNotFoundErrorException.class,
                () -> Stream.of(known(identity, get(cloudWatch, name))));
    }

    private static Known<Spec> known(Identity identity, GetDashboardResponse dashboard) {
        return Known.of(identity, new Spec(dashboard.dashboardName(), parse(dashboard.dashboardBody())))
                .output("name", dashboard.dashboardName())
                .output("arn", dashboard.dashboardArn());
    }

    /** One form of each number; a body that is no JSON becomes text, which differs from every desired body. */
    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(body);
        }
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        return put(desired.client(CloudWatchClient.class), desired.spec());
    }

    @Override
    public void update(Change<Spec> change) {
        if (change.touches(Spec::dashboardBody)) {
            put(
                    change.client(CloudWatchClient.class),
                    new Spec(change.physicalId(), change.spec().dashboardBody()));
        }
    }

    private static String put(CloudWatchClient cloudWatch, Spec spec) {
        String name = Objects.requireNonNull(spec.dashboardName());
        cloudWatch.putDashboard(r -> r.dashboardName(name).dashboardBody(String.valueOf(spec.dashboardBody())));
        return name;
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(CloudWatchClient.class).deleteDashboards(r -> r.dashboardNames(observed.physicalId()));
    }
}
