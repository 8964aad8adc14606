package dev.holdfast.kinds.elbv2;

import dev.holdfast.kinds.OneResource;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Instant;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** A twin with a VPC of three zones and two security groups, for load balancers. */
final class ElbWorld {
    final DrivenClock clock = new DrivenClock(Instant.parse("2025-01-01T00:00:00Z"));
    final TwinSettings settings = new TwinSettings();
    final InProcess clients = new InProcess(new TwinAccount("123456789012", clock, settings, 1), "eu-west-2");
    final ElasticLoadBalancingV2Client elb = clients.client(ElasticLoadBalancingV2Client.class);
    final Ec2Client ec2 = clients.client(Ec2Client.class);
    final String vpc = ec2.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
    final String subnetA = subnet("a", 0);
    final String subnetB = subnet("b", 1);
    final String subnetC = subnet("c", 2);
    final String groupOne = group("one");
    final String groupTwo = group("two");

    private String subnet(String zone, int third) {
        return ec2.createSubnet(
                        r -> r.vpcId(vpc).cidrBlock("10.0." + third + ".0/24").availabilityZone("eu-west-2" + zone))
                .subnet()
                .subnetId();
    }

    private String group(String name) {
        return ec2.createSecurityGroup(r -> r.vpcId(vpc).groupName(name).description(name))
                .groupId();
    }

    /** Replaces the names in braces by the ids. */
    String filled(String json) {
        return json.replace("{vpc}", vpc)
                .replace("{a}", subnetA)
                .replace("{b}", subnetB)
                .replace("{c}", subnetC)
                .replace("{one}", groupOne)
                .replace("{two}", groupTwo);
    }

    OneResource<LoadBalancerKind.Spec> loadBalancer(String name) {
        return new OneResource<>(new LoadBalancerKind(), clients, "LoadBalancer/" + name, name);
    }

    OneResource<TargetGroupKind.Spec> targetGroup(String name) {
        return new OneResource<>(new TargetGroupKind(), clients, "TargetGroup/" + name, name);
    }

    OneResource<ListenerKind.Spec> listener(String name) {
        return new OneResource<>(new ListenerKind(), clients, "Listener/" + name, null);
    }

    String makeLoadBalancer(String name) {
        OneResource<LoadBalancerKind.Spec> one = loadBalancer(name);
        return one.create(one.desired(filled("{'name': '" + name + "', 'subnets': ['{a}', '{b}']}")));
    }

    String makeTargetGroup(String name) {
        OneResource<TargetGroupKind.Spec> one = targetGroup(name);
        return one.create(one.desired(filled(
                "{'name': '" + name + "', 'protocol': 'HTTP', 'port': 80, 'vpcId': '{vpc}', 'targetType': 'ip'}")));
    }
}
