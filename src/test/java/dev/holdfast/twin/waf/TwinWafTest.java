package dev.holdfast.twin.waf;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.wafv2.Wafv2Client;
import software.amazon.awssdk.services.wafv2.model.ResourceType;

class TwinWafTest {
    private static final String ONE =
            "arn:aws:wafv2:eu-west-2:123456789012:regional/webacl/one/11111111-2222-3333-4444-555555555555";
    private static final String TWO = ONE.replace("/one/", "/two/");

    private final InProcess clients = new InProcess(
            new TwinAccount(
                    "123456789012", new DrivenClock(Instant.parse("2026-01-01T00:00:00Z")), new TwinSettings(), 1),
            "eu-west-2");
    private final ElasticLoadBalancingV2Client elb = clients.client(ElasticLoadBalancingV2Client.class);
    private final Wafv2Client waf = clients.client(Wafv2Client.class);
    private final List<String> subnets = subnets(clients.client(Ec2Client.class));
    private String balancer = "";

    @BeforeEach
    void create() {
        balancer = balancer("main", LoadBalancerTypeEnum.APPLICATION);
    }

    private static List<String> subnets(Ec2Client ec2) {
        String vpc = ec2.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
        return Stream.of("a", "b")
                .map(zone -> ec2.createSubnet(r -> r.vpcId(vpc)
                                .cidrBlock("10.0." + (zone.equals("a") ? 0 : 1) + ".0/24")
                                .availabilityZone("eu-west-2" + zone))
                        .subnet()
                        .subnetId())
                .toList();
    }

    private String balancer(String name, LoadBalancerTypeEnum type) {
        return elb.createLoadBalancer(r -> r.name(name).type(type).subnets(subnets))
                .loadBalancers()
                .getFirst()
                .loadBalancerArn();
    }

    @Test
    void aLoadBalancerHasOneAclAndAnotherReplacesIt() {
        assertThat(waf.getWebACLForResource(r -> r.resourceArn(balancer)).webACL())
                .isNull();

        waf.associateWebACL(r -> r.resourceArn(balancer).webACLArn(ONE));
        waf.associateWebACL(r -> r.resourceArn(balancer).webACLArn(TWO));

        assertThat(waf.getWebACLForResource(r -> r.resourceArn(balancer)).webACL())
                .satisfies(acl -> {
                    assertThat(acl.arn()).isEqualTo(TWO);
                    assertThat(acl.name()).isEqualTo("two");
                });
        assertThat(waf.listResourcesForWebACL(r -> r.webACLArn(TWO)).resourceArns())
                .containsExactly(balancer);
        assertThat(waf.listResourcesForWebACL(r -> r.webACLArn(ONE)).resourceArns())
                .isEmpty();
        assertThat(waf.listResourcesForWebACL(r -> r.webACLArn(TWO).resourceType(ResourceType.API_GATEWAY))
                        .resourceArns())
                .isEmpty();
    }

    @Test
    void whatHasNoneIsTakenOffWithoutAnError() {
        waf.associateWebACL(r -> r.resourceArn(balancer).webACLArn(ONE));

        waf.disassociateWebACL(r -> r.resourceArn(balancer));
        waf.disassociateWebACL(r -> r.resourceArn(balancer));

        assertThat(waf.getWebACLForResource(r -> r.resourceArn(balancer)).webACL())
                .isNull();
    }

    @Test
    void theAssociationGoesWithTheLoadBalancer() {
        waf.associateWebACL(r -> r.resourceArn(balancer).webACLArn(ONE));

        elb.deleteLoadBalancer(r -> r.loadBalancerArn(balancer));

        assertThat(waf.listResourcesForWebACL(r -> r.webACLArn(ONE)).resourceArns())
                .isEmpty();
        refused("WAFNonexistentItemException", () -> waf.getWebACLForResource(r -> r.resourceArn(balancer)));
        refused(
                "WAFNonexistentItemException",
                () -> waf.associateWebACL(r -> r.resourceArn(balancer).webACLArn(ONE)));
    }

    @Test
    void refusesWhatWafDoesNotProtectAndAclsOfOtherPlaces() {
        String network = balancer("net", LoadBalancerTypeEnum.NETWORK);

        refused(
                "WAFInvalidParameterException",
                () -> waf.associateWebACL(r -> r.resourceArn(network).webACLArn(ONE)));
        refused(
                "WAFNonexistentItemException",
                () -> waf.associateWebACL(
                        r -> r.resourceArn(balancer).webACLArn(ONE.replace("eu-west-2", "us-east-1"))));
        refused(
                "WAFNonexistentItemException",
                () -> waf.associateWebACL(r -> r.resourceArn(balancer).webACLArn(ONE.replace("regional", "global"))));
        refused(
                "WAFInvalidParameterException",
                () -> waf.associateWebACL(r -> r.resourceArn(balancer).webACLArn("one")));
    }
}
