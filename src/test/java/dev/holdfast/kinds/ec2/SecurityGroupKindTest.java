package dev.holdfast.kinds.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.OpenedPort;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kinds.ec2.SecurityGroupKind.GroupRule;
import dev.holdfast.kinds.ec2.SecurityGroupKind.Spec;
import dev.holdfast.model.FieldChange;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

class SecurityGroupKindTest {
    private static final String HTTPS = "{'protocol':'tcp','fromPort':443,'toPort':443,'cidrIpv4':'0.0.0.0/0'}";

    private final World world = new World();
    private final World.Thing<Spec> group = world.thing(new SecurityGroupKind(), "SecurityGroup/alb");
    private final World.Thing<Spec> other = world.thing(new SecurityGroupKind(), "SecurityGroup/service");
    private String vpcId;

    @BeforeEach
    void aVpc() {
        vpcId = world.vpc();
        world.calls.clear();
    }

    private String json(String name, String ingress) {
        return "{'vpcId':'" + vpcId + "','description':'of the test','groupName':'dev-" + name + "-1a2b','ingress':["
                + ingress + "]}";
    }

    @Test
    void isCreatedGivenItsRulesAndThenLeftAlone() {
        group.desire(json("alb", HTTPS)).converge().converge();

        assertThat(world.writes()).containsExactly("createSecurityGroup", "authorizeSecurityGroupIngress");
        assertThat(group.known().outputs()).containsEntry("id", group.id()).containsEntry("groupName", "dev-alb-1a2b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'protocol':'6','fromPort':443,'toPort':443,'cidrIpv4':'0.0.0.0/0','description':''}",
                "{'protocol':'TCP','fromPort':443,'toPort':443,'cidrIpv4':'81.2.69.142/0'}",
            })
    void writesOfARuleThatMeanTheSameAreOne(String written) {
        group.desire(json("alb", HTTPS)).converge();

        assertThat(group.desire(json("alb", written)).diff().changes()).isEmpty();
    }

    @Test
    void rulesOfAllProtocolsReadBackAsTheyWereWritten() {
        String peer = world.group(vpcId, "peer");
        group.desire(json(
                "alb",
                String.join(
                        ",",
                        "{'protocol':'-1','fromPort':0,'toPort':0,'cidrIpv4':'10.1.2.3/8','description':'inside'}",
                        "{'protocol':'icmp','fromPort':8,'toPort':0,'cidrIpv4':'0.0.0.0/0'}",
                        "{'protocol':'58','cidrIpv6':'::/0'}",
                        "{'protocol':'50','fromPort':1,'toPort':2,'cidrIpv4':'0.0.0.0/0'}",
                        "{'protocol':'udp','fromPort':53,'toPort':54,'cidrIpv6':'2001:db8:0:0::1/32'}",
                        "{'protocol':'tcp','fromPort':80,'toPort':80,'prefixListId':'pl-93a247fa'}",
                        "{'protocol':'tcp','fromPort':80,'toPort':80,'securityGroup':'" + peer + "'}")));

        group.converge();

        assertThat(group.known().spec().ingress())
                .extracting(GroupRule::key)
                .containsExactlyInAnyOrder(
                        "-1:all:10.0.0.0/8",
                        "icmp:8.0:0.0.0.0/0",
                        "icmpv6:all:::/0",
                        "50:all:0.0.0.0/0",
                        "udp:53-54:2001:db8::/32",
                        "tcp:80:pl-93a247fa",
                        "tcp:80:" + peer);
    }

    @Test
    void grantsBeforeItRevokes() {
        group.desire(json("alb", HTTPS)).converge();
        world.calls.clear();

        group.desire(json("alb", "{'protocol':'tcp','fromPort':400,'toPort':500,'cidrIpv4':'0.0.0.0/0'}"))
                .converge();

        assertThat(world.writes()).containsExactly("authorizeSecurityGroupIngress", "revokeSecurityGroupIngress");
    }

    @Test
    void aRuleThatSomebodyAddedIsTakenBackAndToldByItsName() {
        group.desire(json("alb", HTTPS)).converge();
        OpenedPort.toInternet(world.ec2, group.id(), 22);

        assertThat(group.diff().changes()).extracting(FieldChange::path).containsExactly("/ingress/tcp:22:0.0.0.0~10");
        world.calls.clear();
        group.converge();

        assertThat(world.writes()).containsExactly("revokeSecurityGroupIngress");
    }

    @Test
    void onlyTheDescriptionIsChangedWhereOnlyThatDiffers() {
        group.desire(json("alb", HTTPS)).converge();
        String before = ruleId();
        world.calls.clear();

        group.desire(json("alb", HTTPS.replace("}", ",'description':'the web'}")))
                .converge();

        assertThat(world.writes()).containsExactly("updateSecurityGroupRuleDescriptionsIngress");
        assertThat(ruleId()).isEqualTo(before);
    }

    private String ruleId() {
        return world
                .ec2
                .describeSecurityGroupRules(
                        r -> r.filters(f -> f.name("group-id").values(group.id())))
                .securityGroupRules()
                .stream()
                .filter(r -> !r.isEgress())
                .map(SecurityGroupRule::securityGroupRuleId)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void egressIsLeftAloneUnlessItIsDeclared() {
        group.desire(json("alb", HTTPS)).converge();
        world.calls.clear();

        group.desire(json("alb", HTTPS), "{'egress':[" + HTTPS + "]}").converge();
        assertThat(world.writes()).containsExactly("authorizeSecurityGroupEgress", "revokeSecurityGroupEgress");
        group.desire(json("alb", HTTPS), "{'egress':[]}").converge();

        assertThat(group.known().spec().egress()).isEmpty();
    }

    @Test
    void noIngressDeclaredIsNotTheSameAsNone() {
        group.desire(json("alb", HTTPS)).converge();

        assertThat(group.desire(json("alb", "")).diff().changed()).containsExactly("ingress");
        assertThat(group.desire("{'vpcId':'" + vpcId + "','description':'of the test','groupName':'dev-alb-1a2b'}")
                        .diff()
                        .isEmpty())
                .isTrue();
    }

    @Test
    void whatMayBeAnUnresolvedGroupIsNotRevoked() {
        String peer = world.group(vpcId, "peer");
        String fromPeer = "{'protocol':'tcp','fromPort':80,'toPort':80,'securityGroup':'" + peer + "'}";
        group.desire(json("alb", fromPeer)).converge();

        group.desire(json("alb", HTTPS + "," + fromPeer.replace(peer, Unresolved.of("SecurityGroup/peer.id"))))
                .update();

        assertThat(group.known().spec().ingress())
                .extracting(GroupRule::key)
                .containsExactlyInAnyOrder("tcp:80:" + peer, "tcp:443:0.0.0.0/0");
    }

    @Test
    void aGroupMayReferToItself() {
        group.desire(json("alb", "")).converge();

        group.desire(json("alb", "{'protocol':'-1','securityGroup':'" + group.id() + "'}"))
                .converge();

        assertThat(group.deleteAll())
                .as("the group's own rule does not prevent the deletion")
                .isEqualTo(1);
    }

    @Test
    void groupsInACircleAreDeleted() {
        group.desire(json("alb", "")).converge();
        other.desire(json("service", "{'protocol':'-1','securityGroup':'" + group.id() + "'}"))
                .converge();
        group.desire(json("alb", ""), "{'egress':[{'protocol':'-1','securityGroup':'" + other.id() + "'}]}")
                .converge();

        group.delete();
        assertThatExceptionOfType(Ec2Exception.class)
                .isThrownBy(group::delete)
                .satisfies(e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("DependencyViolation"));
        other.deleteAll();
        group.deleteAll();

        assertThat(world.writes()).endsWith("deleteSecurityGroup");
        assertThat(group.known()).isNull();
        assertThat(other.known()).isNull();
    }

    @Test
    void isFoundWithoutARecordAndByItsNameWithoutItsTags() {
        String id = group.desire(json("alb", HTTPS)).converge().id();
        assertThat(group.lost().id()).isEqualTo(id);

        world.ec2.deleteTags(r -> r.resources(id));

        Known<Spec> bare = (Known<Spec>) group.observe(null, false).getFirst();
        assertThat(bare.identity().physicalId()).isEqualTo(id);
        assertThat(bare.identity().tags()).doesNotContainKey(StackRef.STACK_TAG);
    }

    @Test
    void aStrangerWithTheNameIsSeenInThisVpcOnly() {
        world.group(vpcId, "dev-alb-1a2b");
        String elsewhere =
                world.ec2.createVpc(r -> r.cidrBlock("10.7.0.0/16")).vpc().vpcId();
        world.group(elsewhere, "dev-service-1a2b");

        assertThat(group.desire(json("alb", "")).observe(null, false))
                .singleElement()
                .satisfies(o -> assertThat(((Known<Spec>) o).identity().name()).isEqualTo("dev-alb-1a2b"));
        assertThat(other.desire(json("service", "")).observe(null, true)).isEmpty();
    }

    @Test
    void readsEveryPageAndShowsLateWhatWasCreated() {
        world.settings.pageSize(1).delay(Delay.VISIBLE, Duration.ofSeconds(5));
        group.desire(json("alb", HTTPS)).create();
        other.desire(json("service", "")).create();
        assertThat(group.known()).isNull();

        world.pass(Duration.ofSeconds(5));
        group.converge();

        assertThat(group.observe(null, false)).hasSize(2);
    }

    @Test
    void aRuleIsTheSameHoweverItsPartsAreOrdered() {
        GroupRule one = new GroupRule("-1", null, null, "10.0.0.0/8", null, null, null, null);
        GroupRule same = new GroupRule("all", 0, 65535, "10.9.9.9/8", null, null, null, "");

        assertThat(Set.of(one)).isEqualTo(Set.of(same));
    }
}
