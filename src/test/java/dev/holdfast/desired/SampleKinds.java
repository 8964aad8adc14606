package dev.holdfast.desired;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Sensitive;
import dev.holdfast.kind.TagMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Small kinds with every sort of field, so that the tests of this package depend on no real kind. */
final class SampleKinds {
    static final KindCatalog CATALOG = new KindCatalog(List.of(
            new Sample<>(KindInfo.of("Vpc", Vpc.class, OwnershipForm.TAG)
                    .output("id", "Its id.")
                    .output("cidrBlock", "Its range.")),
            new Sample<>(KindInfo.of("Subnet", Subnet.class, OwnershipForm.TAG).output("id", "Its id.")),
            new Sample<>(KindInfo.of("SecurityGroup", SecurityGroup.class, OwnershipForm.TAG)
                    .output("id", "Its id.")),
            new Sample<>(KindInfo.of("LoadBalancer", LoadBalancer.class, OwnershipForm.TAG)
                    .output("arn", "Its ARN.")
                    .output("dnsName", "Its name in DNS.")),
            new Sample<>(KindInfo.of("TargetGroup", TargetGroup.class, OwnershipForm.TAG)
                    .output("arn", "Its ARN.")),
            new Sample<>(
                    KindInfo.of("Listener", Listener.class, OwnershipForm.TAG).output("arn", "Its ARN.")),
            new Sample<>(KindInfo.of("ListenerRule", ListenerRule.class, OwnershipForm.TAG)
                    .output("arn", "Its ARN.")),
            new Sample<>(
                    KindInfo.of("Service", Service.class, OwnershipForm.TAG).output("arn", "Its ARN.")),
            new Sample<>(KindInfo.of("Bucket", Bucket.class, OwnershipForm.TAG)
                    .stateful("its sample")
                    .output("name", "Its name.")
                    .output("arn", "Its ARN.")),
            new Sample<>(KindInfo.of("Role", Role.class, OwnershipForm.TAG)
                    .output("arn", "Its ARN.")
                    .output("name", "Its name.")),
            new Sample<>(KindInfo.of("Task", Task.class, OwnershipForm.TAG)
                    .versioned(3)
                    .output("arn", "Its ARN."))));

    private SampleKinds() {}

    record Vpc(
            @Doc("The range.") @Required @Immutable String cidrBlock,

            @Doc("Tenancy.") Tenancy instanceTenancy,
            @Doc("DNS.") Boolean enableDnsSupport,
            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    enum Tenancy {
        @JsonProperty("default")
        DEFAULT,
        @JsonProperty("dedicated")
        DEDICATED
    }

    record Subnet(
            @Doc("The VPC.") @Ref("Vpc") @Required String vpcId,
            @Doc("The range.") @Required String cidrBlock,
            @Doc("The zone.") String availabilityZone) {}

    record SecurityGroup(
            @Doc("The VPC.") @Ref("Vpc") @Required String vpcId,
            @Doc("The purpose of the group.") @Required String description,
            @Doc("The traffic that may come in.") Set<Rule> ingress) {}

    record Rule(
            @Doc("The protocol.") @Required String protocol,
            @Doc("The first port.") Integer fromPort,
            @Doc("The last port.") Integer toPort,

            @Doc("Another group.") @Ref(value = "SecurityGroup", deferred = true)
            String securityGroup,

            @Doc("A range.") String cidrIpv4) {}

    record LoadBalancer(
            @Doc("Where it stands.") @Ref("Subnet") Set<String> subnets,

            @Doc("Its name.") @PhysicalName(max = 32) String name) {}

    record TargetGroup(
            @Doc("The port.") Integer port,
            @Doc("The weight.") Double weight) {}

    record Listener(
            @Doc("The load balancer.") @Ref(value = "LoadBalancer", output = "arn") @Required
            String loadBalancerArn,

            @Doc("The port.") @Required Integer port,
            @Doc("Where to.") @Ref("TargetGroup") String targetGroupArn) {}

    record ListenerRule(
            @Doc("The listener.") @Ref("Listener") @Required String listenerArn,

            @Doc("The priority.") @Required Integer priority) {}

    record Service(
            @Doc("The target group.") @Ref(value = "TargetGroup", attachedBy = "Listener")
            String targetGroupArn,

            @Doc("How many.") Integer desiredCount,
            @Doc("Its task.") @Ref("Task") String task) {}

    record Bucket(
            @Doc("Its name.") @PhysicalName(max = 63, also = ".", lower = true)
            String bucket,

            @Doc("Origins.") List<String> origins) {}

    record Role(
            @Doc("Its name.") @PhysicalName(max = 64, also = "_+=,.@")
            String roleName,

            @Doc("The permissions of the role.") @PolicyDocument
            JsonNode policy) {}

    record Task(
            @Doc("The image.") @Required String image,
            @Doc("The environment.") Map<String, String> environment,
            @Doc("A password.") @Sensitive String password,

            @Doc("A port that is secret.") @Sensitive Integer pin,

            @Doc("Its role.") @Ref("Role") String role) {}

    private record Sample<S extends Record>(KindInfo<S> info) implements Kind<S> {
        Sample(KindInfo.Builder<S> builder) {
            this(builder.description("A sample.")
                    .page("https://docs.aws.amazon.com/")
                    .build());
        }

        @Override
        public List<Observation<S>> observe(Scope<S> scope) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String create(Desired<S> desired, String token) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update(Change<S> change) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(Observed<S> observed) {
            throw new UnsupportedOperationException();
        }
    }
}
