package dev.holdfast.kinds.xray;

import static dev.holdfast.model.Fault.Category.ABSENT;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import software.amazon.awssdk.services.xray.XRayClient;
import software.amazon.awssdk.services.xray.model.CreateGroupRequest;
import software.amazon.awssdk.services.xray.model.GroupSummary;
import software.amazon.awssdk.services.xray.model.UpdateGroupRequest;

/** A group of traces, with its own metrics and optional insights. */
@Singleton
public final class TraceGroupKind extends DeclaredKind<TraceGroupKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html">CreateGroup</a> */
    public record Spec(
            @Doc("The name, which is case-sensitive; AWS reserves the name Default.")
            @PhysicalName(max = 32, also = "_")
            String groupName,

            @Doc("The traces of the group, as a filter expression of X-Ray: service(\"api\") AND fault.") @EmptyIsNone
            String filterExpression,

            @Doc("The detection of anomalies in the group.") InsightsConfiguration insightsConfiguration,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            filterExpression = filterExpression == null ? null : filterExpression.strip();
        }
    }

    /** The detection of anomalies by X-Ray. */
    public record InsightsConfiguration(
            @Doc("Whether X-Ray records anomalies as insights. AWS charges for them.")
            Boolean insightsEnabled,

            @Doc("Whether X-Ray sends the events of insights to EventBridge; only with insightsEnabled.")
            Boolean notificationsEnabled) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("TraceGroup", Spec.class, XRayClient.class)
                .description("A group of X-Ray: the traces that match a filter, with their own metrics.")
                // A point read of an absent group gets the error of an invalid request; only the list shows the
                // absence.
                .lists(xray -> xray.getGroupsPaginator(r -> {}).groups())
                .named(GroupSummary::groupName)
                .arn(GroupSummary::groupARN)
                .tags(XrayTags.indexed("group"))
                .createsNamed(CreateGroupRequest::builder, XRayClient::createGroup)
                .changes(UpdateGroupRequest::builder, XRayClient::updateGroup)
                .deletes((xray, name) -> xray.deleteGroup(r -> r.groupName(name)))
                .output("name", "Its name.", GroupSummary::groupName)
                .output("arn", "Its ARN.", GroupSummary::groupARN)
                .fault("InvalidRequestException", "already exists", EXISTS)
                .fault("InvalidRequestException", "not found", ABSENT)
                .permissions(Permissions.on("xray:{region}:{account}:group/{name}/*"))
                .page("https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html");
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        if ("default".equalsIgnoreCase(spec.groupName())) {
            findings.wrong(Spec::groupName, "Default is AWS's own group", "set groupName to another name");
        }
        InsightsConfiguration insights = spec.insightsConfiguration();
        if (insights != null
                && Boolean.TRUE.equals(insights.notificationsEnabled())
                && !Boolean.TRUE.equals(insights.insightsEnabled())) {
            findings.wrong(Spec::insightsConfiguration, "notifications need insights", "set insightsEnabled to true");
        }
    }
}
