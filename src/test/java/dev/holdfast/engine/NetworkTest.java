package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

class NetworkTest {
    static final String NETWORK = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16','enableDnsSupport':true,'enableDnsHostnames':true}},
         {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},'spec':{'vpcId':'${Vpc/main}','cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
         {'apiVersion':'holdfast.dev/v1','kind':'InternetGateway','metadata':{'name':'main'},'spec':{'vpcId':'${Vpc/main}'}},
         {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'alb'},'spec':{'vpcId':'${Vpc/main}','description':'ALB',
           'ingress':[{'protocol':'tcp','fromPort':80,'toPort':80,'cidrIpv4':'0.0.0.0/0'}]}},
         {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'service'},'spec':{'vpcId':'${Vpc/main}','description':'tasks',
           'ingress':[{'protocol':'tcp','fromPort':8080,'toPort':8080,'securityGroup':'${SecurityGroup/alb}'}]}},
         {'apiVersion':'holdfast.dev/v1','kind':'ElasticIp','metadata':{'name':'nat'},'spec':{}}]
        """;

    /** AWS attaches its default policy to each endpoint, and accepts no policy for some services, not even the same. */
    @Test
    void anEndpointOfAServiceWithoutEndpointPoliciesIsCreatedAndThePolicyOfAnotherIsRepaired() {
        try (World world = new World()) {
            world.desire(Docs.of("""
                {'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},'spec':{
                  'cidrBlock':'10.0.0.0/16','zones':['a'],'tiers':['public','private'],
                  'interfaceEndpoints':['email-smtp','logs']}}
                """));
            world.converged();
            Ec2Client ec2 = world.somebody(Ec2Client.class);
            String logs = world.resource("VpcEndpoint/main-logs").physicalId();
            String open = policy(ec2, logs);
            assertThat(policy(ec2, world.resource("VpcEndpoint/main-email-smtp").physicalId()))
                    .isEqualTo(open);

            ec2.modifyVpcEndpoint(r -> r.vpcEndpointId(logs)
                    .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\","
                            + "\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}"));
            world.run(Duration.ofMinutes(2));

            assertThat(policy(ec2, logs)).contains("Allow").doesNotContain("Deny");
        }
    }

    private static String policy(Ec2Client ec2, String endpoint) {
        return ec2.describeVpcEndpoints(r -> r.vpcEndpointIds(endpoint))
                .vpcEndpoints()
                .getFirst()
                .policyDocument();
    }

    @Test
    void comesUpStaysUpAndHeals() {
        try (World world = new World()) {
            world.desire(NETWORK).converged();
            assertThat(world.view().resources().values()).allMatch(r -> r.status() == Status.Synced);
            assertThat(world.owned())
                    .hasSize(6)
                    .allSatisfy((id, items) -> assertThat(items).hasSize(1));

            assertThat(world.pass().writes()).isZero();

            // A difference that a read shows earlier may be older than our own write.
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            String group = world.resource("SecurityGroup/alb").physicalId();
            OpenedPort.toInternet(world.somebody(Ec2Client.class), group, 22);
            world.pass();

            assertThat(world.view().drift()).singleElement().satisfies(item -> {
                assertThat(item.state()).isEqualTo(DriftItem.DriftState.Repaired);
                assertThat(item.fields())
                        .singleElement()
                        .satisfies(f -> assertThat(f.path()).isEqualTo("/ingress/tcp:22:0.0.0.0~10"));
            });
            assertThat(world.status("SecurityGroup/alb")).isEqualTo(Status.Synced);
        }
    }
}
