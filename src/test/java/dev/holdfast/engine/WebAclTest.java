package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.wafv2.Wafv2Client;
import software.amazon.awssdk.services.wafv2.model.WebACL;

/** The web ACL of a load balancer: the load balancer never lacks the protection that its document declares. */
class WebAclTest {
    private static final String ONE =
            "arn:aws:wafv2:eu-west-2:123456789012:regional/webacl/one/11111111-2222-3333-4444-555555555555";
    private static final String TWO = ONE.replace("/one/", "/two/");
    private static final Duration A_WHILE = Duration.ofMinutes(15);

    /** @param acl the web ACL of the Ingress; null: the document declares none */
    private static String entrance(String acl) {
        return Docs.of(
                Docs.document("Network", "main", "'cidrBlock':'10.0.0.0/16','zones':['a','b'],'natGateways':'None'"),
                Docs.document("Ingress", "main", acl == null ? "" : "'webAclArn':'" + acl + "'"));
    }

    private static String balancer(World world) {
        return String.valueOf(world.resource("LoadBalancer/main").physicalId());
    }

    /** The web ACL of the load balancer; null: it has none. */
    private static String acl(World world) {
        WebACL found = waf(world)
                .getWebACLForResource(r -> r.resourceArn(balancer(world)))
                .webACL();
        return found == null ? null : found.arn();
    }

    private static Wafv2Client waf(World world) {
        return world.somebody(Wafv2Client.class);
    }

    private static List<String> asked(World world) {
        return world.twin.log().requests().stream()
                .filter(r -> "holdfast".equals(r.app()) && r.operation().startsWith("wafv2:"))
                .map(LoggedRequest::operation)
                .toList();
    }

    @Test
    void anEntranceGetsItsAclAndKeepsIt() {
        try (World world = new World()) {
            world.desire(entrance(ONE)).converged();
            assertThat(acl(world)).isEqualTo(ONE);

            waf(world).disassociateWebACL(r -> r.resourceArn(balancer(world)));
            // One answer without the ACL may be partial: a second answer, two seconds later, decides.
            assertThat(world.pass().writes()).isZero();
            world.run(Duration.ofSeconds(10));

            assertThat(acl(world)).isEqualTo(ONE);
            waf(world).associateWebACL(r -> r.resourceArn(balancer(world)).webACLArn(TWO));
            world.run(Duration.ofMinutes(5));
            assertThat(acl(world)).isEqualTo(ONE);
            assertThat(world.converged().pass().writes()).isZero();
        }
    }

    /** One request for each load balancer whose document declares an ACL, and none for the others. */
    @Test
    void onlyWhoSaysAnAclPaysForIt() {
        try (World world = new World()) {
            world.desire(entrance(null)).converged();
            waf(world).associateWebACL(r -> r.resourceArn(balancer(world)).webACLArn(TWO));
            world.run(A_WHILE);
            assertThat(asked(world)).isEmpty();
            assertThat(acl(world)).isEqualTo(TWO);
            assertThat(world.status("LoadBalancer/main")).isEqualTo(Status.Synced);

            world.desire(entrance(ONE)).converged();
            assertThat(acl(world)).isEqualTo(ONE);
            int before = asked(world).size();
            world.pass();

            assertThat(asked(world).subList(before, asked(world).size())).containsExactly("wafv2:GetWebACLForResource");
        }
    }

    @Test
    void anEmptyOneIsNoneAndOneThatIsNoLongerSaidStays() {
        try (World world = new World()) {
            world.desire(entrance(ONE)).converged();
            world.desire(entrance(null)).run(A_WHILE);
            assertThat(acl(world)).isEqualTo(ONE);

            world.desire(entrance("")).converged();

            assertThat(acl(world)).isNull();
        }
    }

    /** The new ACL replaces the old one, which is not removed before. */
    @Test
    void anotherAclLeavesNoGap() {
        try (World world = new World()) {
            world.desire(entrance(ONE)).converged();

            world.desire(entrance(TWO)).converged();

            assertThat(acl(world)).isEqualTo(TWO);
            assertThat(asked(world)).doesNotContain("wafv2:DisassociateWebACL");
        }
    }

    @Test
    void whatCannotBeReadIsNotWritten() {
        try (World world = new World()) {
            world.desire(entrance(ONE)).converged();
            waf(world).disassociateWebACL(r -> r.resourceArn(balancer(world)));
            world.twin.faults().add("wafv2:GetWebACLForResource", new TwinFault.Deny());

            PassReport pass = world.pass();

            assertThat(pass.writes()).isZero();
            assertThat(world.status("LoadBalancer/main")).isEqualTo(Status.Unknown);
            assertThat(acl(world)).isNull();
        }
    }

    /** WAF knows new load balancers and web ACLs only after a delay. */
    @Test
    void waitsUntilWafKnowsBoth() {
        try (World world = new World()) {
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(
                                    "wafv2:AssociateWebACL",
                                    new TwinFault.Refuse(
                                            400,
                                            "WAFUnavailableEntityException",
                                            "AWS WAF couldn't retrieve the resource that you requested. Retry your request."))
                            .times(3));

            world.desire(entrance(ONE)).converged();

            assertThat(acl(world)).isEqualTo(ONE);
        }
    }
}
