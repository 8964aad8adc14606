package dev.holdfast.kinds.xray;

import static dev.holdfast.kind.OwnershipForm.TAG;
import static dev.holdfast.model.Fault.Category.ABSENT;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import software.amazon.awssdk.services.xray.XRayClient;
import software.amazon.awssdk.services.xray.model.CreateGroupRequest;
import software.amazon.awssdk.services.xray.model.GroupSummary;
import software.amazon.awssdk.services.xray.model.UpdateGroupRequest;

/** A group of traces with metrics, and insights if they are wanted, of its own. */
@Singleton
public final class TraceGroupKind extends DeclaredKind<TraceGroupKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html">CreateGroup</a> */
    public record Spec(
            @Doc("The name, in which upper and lower case differ; AWS keeps the name Default for itself.")
            @PhysicalName(max = 32, also = "_")
            String groupName,

            @Doc("Which traces belong to the group, as X-Ray writes a filter: service(\"api\") AND fault.")
            String filterExpression,

            @Doc("Whether X-Ray looks for anomalies in the group.")
            InsightsConfiguration insightsConfiguration,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            filterExpression = filterExpression == null ? null : filterExpression.strip();
        }
    }

    /** What X-Ray does about anomalies. */
    public record InsightsConfiguration(
            @Doc("Whether X-Ray records anomalies as insights. AWS charges for them.")
            Boolean insightsEnabled,

            @Doc("Whether X-Ray sends the events of insights to EventBridge; only with insights.")
            Boolean notificationsEnabled) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "TraceGroup",
                        Spec.class,
                        XRayClient.class,
                        TAG,
                        "A group of X-Ray: the traces that match a filter, with metrics of their own.")
                // X-Ray says that there is no group in the way in which it refuses a request: the list knows it better.
                .finds((scope, xray) ->
                        xray.getGroupsPaginator(r -> {}).groups().stream().toList())
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
            findings.wrong(Spec::groupName, "Default is AWS's own group", "choose another name");
        }
        InsightsConfiguration insights = spec.insightsConfiguration();
        if (insights != null
                && Boolean.TRUE.equals(insights.notificationsEnabled())
                && !Boolean.TRUE.equals(insights.insightsEnabled())) {
            findings.wrong(
                    Spec::insightsConfiguration, "notifications need insights", "set insightsEnabled to true too");
        }
    }
}
