package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
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
