package dev.holdfast.twin.waf;

import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.elbv2.TwinElb;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinService;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.wafv2.Wafv2Client;
import software.amazon.awssdk.services.wafv2.model.AssociateWebAclRequest;
import software.amazon.awssdk.services.wafv2.model.AssociateWebAclResponse;
import software.amazon.awssdk.services.wafv2.model.DisassociateWebAclRequest;
import software.amazon.awssdk.services.wafv2.model.DisassociateWebAclResponse;
import software.amazon.awssdk.services.wafv2.model.GetWebAclForResourceRequest;
import software.amazon.awssdk.services.wafv2.model.GetWebAclForResourceResponse;
import software.amazon.awssdk.services.wafv2.model.ListResourcesForWebAclRequest;
import software.amazon.awssdk.services.wafv2.model.ListResourcesForWebAclResponse;
import software.amazon.awssdk.services.wafv2.model.ResourceType;
import software.amazon.awssdk.services.wafv2.model.WafInvalidParameterException;
import software.amazon.awssdk.services.wafv2.model.WafNonexistentItemException;
import software.amazon.awssdk.services.wafv2.model.WebACL;

/**
 * The twin of WAF: the web ACLs that protect load balancers. It creates no web ACLs. Any ARN with the scope REGIONAL in
 * this account and region counts as an existing one.
 */
public final class TwinWaf implements Wafv2Client, TwinService {
    private static final Pattern BALANCER =
            Pattern.compile("arn:aws:elasticloadbalancing:[a-z0-9-]+:\\d{12}:loadbalancer/app/[^/]+/[0-9a-f]+");

    private final TwinContext context;
    private final Pattern acls;

    public TwinWaf(TwinContext context) {
        this.context = context;
        this.acls = Pattern.compile(Pattern.quote(context.arn("wafv2", "regional/webacl/")) + "([\\w-]+)/([\\w-]+)");
    }

    private static AwsServiceException invalid(String field, String value) {
        return refused(
                WafInvalidParameterException.builder(),
                "WAFInvalidParameterException",
                "Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by"
                        + " colons or slashes., field: " + field + ", parameter: " + value);
    }

    private static AwsServiceException missing() {
        return refused(
                WafNonexistentItemException.builder(),
                "WAFNonexistentItemException",
                "AWS WAF couldn\u2019t perform the operation because your resource doesn\u2019t exist.");
    }

    private Map<String, String> associations() {
        return context.peer(TwinElb.class).webAcls();
    }

    private String balancer(@Nullable String arn) {
        if (arn == null || !BALANCER.matcher(arn).matches()) {
            throw invalid("RESOURCE_ARN", String.valueOf(arn));
        }
        if (!context.peer(TwinElb.class).loadBalancerExists(arn)) {
            throw missing();
        }
        return arn;
    }

    private Matcher acl(@Nullable String arn) {
        Matcher parts = acls.matcher(String.valueOf(arn));
        if (!parts.matches()) {
            throw arn != null && arn.matches("arn:aws:wafv2:[a-z0-9-]+:\\d{12}:(regional|global)/webacl/[^/]+/[^/]+")
                    ? missing()
                    : invalid("WEB_ACL_ARN", String.valueOf(arn));
        }
        return parts;
    }

    /** The call replaces the present web ACL. */
    @Override
    public AssociateWebAclResponse associateWebACL(AssociateWebAclRequest r) {
        acl(r.webACLArn());
        associations().put(balancer(r.resourceArn()), r.webACLArn());
        return AssociateWebAclResponse.builder().build();
    }

    /** A load balancer without a web ACL does not change. */
    @Override
    public DisassociateWebAclResponse disassociateWebACL(DisassociateWebAclRequest r) {
        associations().remove(balancer(r.resourceArn()));
        return DisassociateWebAclResponse.builder().build();
    }

    @Override
    public GetWebAclForResourceResponse getWebACLForResource(GetWebAclForResourceRequest r) {
        String arn = associations().get(balancer(r.resourceArn()));
        return GetWebAclForResourceResponse.builder()
                .webACL(arn == null ? null : shown(arn))
                .build();
    }

    private WebACL shown(String arn) {
        Matcher parts = acl(arn);
        String name = parts.group(1);
        return WebACL.builder()
                .arn(arn)
                .name(name)
                .id(parts.group(2))
                .capacity(0L)
                .managedByFirewallManager(false)
                .defaultAction(a -> a.allow(allow -> {}))
                .visibilityConfig(
                        v -> v.metricName(name).cloudWatchMetricsEnabled(true).sampledRequestsEnabled(true))
                .build();
    }

    @Override
    public ListResourcesForWebAclResponse listResourcesForWebACL(ListResourcesForWebAclRequest r) {
        acl(r.webACLArn());
        boolean balancers = r.resourceType() == null || r.resourceType() == ResourceType.APPLICATION_LOAD_BALANCER;
        return ListResourcesForWebAclResponse.builder()
                .resourceArns(associations().entrySet().stream()
                        .filter(e -> balancers && e.getValue().equals(r.webACLArn()))
                        .map(Map.Entry::getKey)
                        .toList())
                .build();
    }
}
