package dev.holdfast.kinds.elbv2;

import dev.holdfast.kind.*;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.wafv2.Wafv2Client;
import software.amazon.awssdk.services.wafv2.model.WafNonexistentItemException;
import software.amazon.awssdk.services.wafv2.model.WebACL;

/**
 * The web ACL that protects a load balancer. WAF stores at most one association: a new association replaces it without
 * a gap, so that no call removes the old one first.
 *
 * @see <a href="https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html">AssociateWebACL</a>
 */
final class WebAcls {
    private static final String FIELD = "webAclArn";
    private static final String NONE = "";

    private WebAcls() {}

    /** Every pass reads a declared association, because a load balancer without its protection cannot wait. */
    static Object read(
            Scope<LoadBalancerKind.Spec> scope, ElasticLoadBalancingV2Client elb, LoadBalancer loadBalancer) {
        if (loadBalancer.type() != LoadBalancerTypeEnum.APPLICATION) {
            return Map.of(FIELD, NONE);
        }
        Wafv2Client waf = scope.client(Wafv2Client.class);
        // WAF may not know a new load balancer yet.
        WebACL found = Absent.when(WafNonexistentItemException.class)
                .<WebACL>orNull(() -> waf.getWebACLForResource(r -> r.resourceArn(loadBalancer.loadBalancerArn()))
                        .webACL());
        return Map.of(FIELD, found == null ? NONE : found.arn());
    }

    static void change(ElasticLoadBalancingV2Client elb, Change<LoadBalancerKind.Spec> change) {
        Wafv2Client waf = change.client(Wafv2Client.class);
        String acl = Objects.requireNonNull(change.spec().webAclArn());
        if (acl.isEmpty()) {
            waf.disassociateWebACL(r -> r.resourceArn(change.physicalId()));
        } else {
            waf.associateWebACL(r -> r.resourceArn(change.physicalId()).webACLArn(acl));
        }
    }

    static void check(LoadBalancerKind.Spec spec, Findings<LoadBalancerKind.Spec> findings) {
        String acl = spec.webAclArn();
        if (acl == null || acl.isEmpty() || Unresolved.is(acl)) {
            return;
        }
        if (!acl.matches("arn:[^:]+:wafv2:[a-z0-9-]+:\\d{12}:regional/webacl/[^/]+/[^/]+")) {
            findings.wrong(
                    LoadBalancerKind.Spec::webAclArn,
                    "expected the ARN of a web ACL of the scope REGIONAL, found " + acl,
                    "set webAclArn to arn:aws:wafv2:eu-west-2:…:regional/webacl/…");
        }
        if (spec.type() == LoadBalancerTypeEnum.NETWORK) {
            findings.wrong(
                    LoadBalancerKind.Spec::webAclArn,
                    "WAF protects application load balancers only",
                    "remove webAclArn, or set type to application");
        }
    }

    /**
     * In addition to WAF's own actions, AWS checks actions of load balancing that no call shows.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html#security_iam_action-additions">actions
     *     that require additional permissions</a>
     */
    static Permissions permissions(Permissions ofLoadBalancers) {
        return ofLoadBalancers
                .touchesFor(FIELD, "wafv2:{region}:{account}:regional/webacl/*", "wafv2:AssociateWebACL")
                .changesAnythingFor(FIELD, "wafv2:DisassociateWebACL")
                .readsFor(FIELD, "wafv2:GetWebACL", "elasticloadbalancing:GetLoadBalancerWebACL")
                .changesFor(
                        FIELD,
                        "elasticloadbalancing:CreateWebACLAssociation",
                        "elasticloadbalancing:DeleteWebACLAssociation");
    }
}
