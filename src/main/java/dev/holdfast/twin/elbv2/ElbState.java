package dev.holdfast.twin.elbv2;

import static dev.holdfast.twin.store.TwinErrors.refused;
import static dev.holdfast.twin.store.TwinErrors.shortened;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/** The resources of Elastic Load Balancing in one account and region, and the references between them. */
final class ElbState {
    final TwinContext context;
    final ResourceStore<LoadBalancer, LoadBalancer.Builder> balancers;
    final ResourceStore<TargetGroup, TargetGroup.Builder> groups;
    final ResourceStore<Listener, Listener.Builder> listeners;
    final ResourceStore<Rule, Rule.Builder> rules;
    /** The ARNs of the rules that represent the default actions, by listener. */
    final Map<String, String> defaultRules = new HashMap<>();

    /** The ARN of the web ACL of WAF, by the ARN of the load balancer. */
    final Map<String, String> webAcls = new TreeMap<>();

    final ElbNetwork network;
    final ExtraCertificates certificates;
    final Targets targets;

    ElbState(TwinContext context) {
        this.context = context;
        TagRules tagRules = TagRules.of(
                () -> refused("TooManyTags", "The maximum number of tags per resource is " + TagRules.MOST),
                key -> invalid("Tag key '" + key + "' is not allowed"));
        balancers = context.store(LoadBalancer::builder, LoadBalancer::loadBalancerArn)
                .type("elasticloadbalancing:loadbalancer")
                .name(LoadBalancer::loadBalancerName)
                .missing(id ->
                        shortened(LoadBalancerNotFoundException.builder(), "Load balancers '[" + id + "]' not found"))
                .pages(400)
                .detail(resource -> ResourceStore.whole(resource) + " " + webAcls.get(resource.id()))
                .shows((resource, shown) -> shown.state(s -> s.code(
                        context.passed(Delay.LOAD_BALANCER, resource.createdAt())
                                ? LoadBalancerStateEnum.ACTIVE
                                : LoadBalancerStateEnum.PROVISIONING)))
                .tagRules(tagRules);
        groups = context.store(TargetGroup::builder, TargetGroup::targetGroupArn)
                .type("elasticloadbalancing:targetgroup")
                .name(TargetGroup::targetGroupName)
                .missing(id ->
                        shortened(TargetGroupNotFoundException.builder(), "Target groups '[" + id + "]' not found"))
                .pages(400)
                .shows((resource, shown) -> shown.loadBalancerArns(balancersOf(resource.id())))
                .tagRules(tagRules);
        listeners = context.store(Listener::builder, Listener::listenerArn)
                .type("elasticloadbalancing:listener")
                .missing(id -> shortened(ListenerNotFoundException.builder(), "One or more listeners not found: " + id))
                .pages(400)
                .tagRules(tagRules);
        rules = context.store(Rule::builder, Rule::ruleArn)
                .type("elasticloadbalancing:listener-rule")
                .missing(id -> shortened(RuleNotFoundException.builder(), "One or more rules not found: " + id))
                .pages(400)
                .tagRules(tagRules);
        network = new ElbNetwork(context);
        certificates = new ExtraCertificates(context);
        targets = new Targets(this);
    }

    static AwsServiceException invalid(String message) {
        return refused("ValidationError", message);
    }

    /** Refuses an invalid name with an error that begins with the type of the resource. */
    static void checkName(String type, @Nullable String name) {
        if (name == null || !name.matches("[a-zA-Z0-9-]+") || name.startsWith("-") || name.endsWith("-")) {
            throw invalid(type + " name '" + name
                    + "' can only contain characters that are alphanumeric characters and hyphens(-)");
        }
        if (name.length() > 32) {
            throw invalid(type + " name '" + name + "' cannot be longer than '32' characters");
        }
    }

    /** The store that contains the resource with this ARN. */
    ResourceStore<?, ?> of(String arn) {
        if (arn.contains(":loadbalancer/")) {
            return balancers;
        } else if (arn.contains(":targetgroup/")) {
            return groups;
        } else if (arn.contains(":listener/")) {
            return listeners;
        } else if (arn.contains(":listener-rule/")) {
            return rules;
        }
        throw invalid("'" + arn + "' is not a valid resource ARN");
    }

    /** Merges attributes by name. @param type the start of AWS's error message: {@code Load balancer} */
    static Map<String, String> setAttributes(
            StoredResource<?> resource, String type, List<? extends SdkPojo> attributes) {
        Map<String, String> asked = SdkShapes.map(attributes);
        for (String key : asked.keySet()) {
            if (!resource.attributes().containsKey(key)) {
                throw invalid(type + " attribute key '" + key + "' is not recognized");
            }
        }
        resource.attributes().putAll(asked);
        return resource.attributes();
    }

    Stream<Listener> listenersOf(String loadBalancerArn) {
        return listeners.stream().filter(l -> l.loadBalancerArn().equals(loadBalancerArn));
    }

    Stream<Rule> rulesOf(String listenerArn) {
        return rules.stream().filter(r -> listenerOf(r.ruleArn()).equals(listenerArn));
    }

    /** The ARN of a rule consists of the ARN of its listener and an id. */
    static String listenerOf(String ruleArn) {
        return ruleArn.substring(0, ruleArn.lastIndexOf('/')).replace(":listener-rule/", ":listener/");
    }

    void removeListener(String arn) {
        rulesOf(arn).map(Rule::ruleArn).toList().forEach(rules::remove);
        listeners.remove(arn);
        defaultRules.remove(arn);
        certificates.end(arn);
    }

    /** Whether any load balancer forwards to a target group. */
    boolean isUsed(String targetGroupArn) {
        return rules.stream().anyMatch(r -> Actions.sendTo(r.actions(), targetGroupArn))
                || listeners.stream().anyMatch(l -> Actions.sendTo(l.defaultActions(), targetGroupArn));
    }

    /** The load balancers that forward to a target group, through a listener or a rule. */
    List<String> balancersOf(String targetGroupArn) {
        Stream<String> byListeners = listeners.stream()
                .filter(l -> Actions.sendTo(l.defaultActions(), targetGroupArn))
                .map(Listener::loadBalancerArn);
        Stream<String> byRules = rules.stream()
                .filter(r -> Actions.sendTo(r.actions(), targetGroupArn))
                .map(r -> listeners.need(listenerOf(r.ruleArn())).loadBalancerArn());
        return Stream.concat(byListeners, byRules).distinct().toList();
    }

    /**
     * The actions with AWS's defaults. Throws if an action forwards to a target group that does not exist, is in
     * another VPC than the load balancer, or belongs to another load balancer.
     *
     * @see <a href="https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1045">the error for a target
     *     group in a different VPC</a>
     */
    List<Action> checked(List<Action> asked, String loadBalancerArn) {
        List<Action> actions = Actions.normal(asked);
        String vpc = balancers.need(loadBalancerArn).vpcId();
        Actions.targetGroups(actions).forEach(group -> {
            String groupsVpc = groups.need(group).vpcId();
            if (groupsVpc != null && !groupsVpc.equals(vpc)) {
                throw refused(
                        "InvalidConfigurationRequest",
                        "Target group '" + group + "' is in a different VPC than load balancer '" + loadBalancerArn
                                + "'");
            }
            if (balancersOf(group).stream().anyMatch(lb -> !lb.equals(loadBalancerArn))) {
                throw refused(
                        "TargetGroupAssociationLimit",
                        "The following target groups cannot be associated with more than one load balancer: " + group);
            }
        });
        return actions;
    }

    List<TwinItem> items() {
        Stream<TwinItem> listenerItems = listeners.items().stream()
                .map(i -> new TwinItem(
                        i.type(), i.id(), i.arn(), i.tags(), i.detail() + certificates.of(i.id()), i.region()));
        return Stream.of(balancers.items().stream(), groups.items().stream(), listenerItems, rules.items().stream())
                .flatMap(items -> items)
                .toList();
    }
}
