package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/** The twin of Elastic Load Balancing v2, as far as the kinds need it. */
public final class TwinElb implements ElasticLoadBalancingV2Client, TwinService {
    private final ElbTags tags = new ElbTags();
    private final LoadBalancers loadBalancers;
    private final TargetGroups groups;
    private final Listeners listeners;
    private final ExtraCertificates certificates;
    private final Rules rules;
    private final Associations associations;
    private final Targets targets;

    public TwinElb(TwinContext context) {
        this.loadBalancers = new LoadBalancers(context, tags);
        this.groups = new TargetGroups(context, tags);
        this.listeners = new Listeners(context, tags, loadBalancers);
        this.certificates = new ExtraCertificates(context);
        this.rules = new Rules(context, tags, listeners);
        this.associations = new Associations(loadBalancers, groups, listeners, rules);
        this.targets = new Targets(context, groups, associations);
    }

    /** Registers a target as ECS does for a task; one that is registered already stays as it is. */
    public void registerTarget(String targetGroupArn, String ip, int port) {
        targets.register(targetGroupArn, ip, port);
    }

    /** Begins to drain a target; one that is not registered stays so. */
    public void deregisterTarget(String targetGroupArn, String ip, int port) {
        targets.deregister(targetGroupArn, ip, port);
    }

    /** What the target group says of a target now; null when it is not registered, or drained. */
    public @Nullable TargetHealthStateEnum targetState(String targetGroupArn, String ip, int port) {
        return targets.state(targetGroupArn, ip, port);
    }

    public boolean targetGroupExists(String targetGroupArn) {
        return groups.exists(targetGroupArn);
    }

    /** Whether a listener or a rule sends to it; ECS refuses a service whose target group has no load balancer yet. */
    public boolean attachedToLoadBalancer(String targetGroupArn) {
        return associations.any(targetGroupArn);
    }

    @Override
    public CreateLoadBalancerResponse createLoadBalancer(CreateLoadBalancerRequest r) {
        LoadBalancer made = loadBalancers.create(r);
        return CreateLoadBalancerResponse.builder().loadBalancers(made).build();
    }

    @Override
    public DescribeLoadBalancersResponse describeLoadBalancers(DescribeLoadBalancersRequest r) {
        return loadBalancers.describe(r);
    }

    @Override
    public SetSubnetsResponse setSubnets(SetSubnetsRequest r) {
        LoadBalancer made = loadBalancers.setSubnets(r.loadBalancerArn(), r.subnets());
        if (r.ipAddressType() != null) {
            made = loadBalancers.setIpAddressType(r.loadBalancerArn(), r.ipAddressType());
        }
        return SetSubnetsResponse.builder()
                .availabilityZones(made.availabilityZones())
                .ipAddressType(made.ipAddressType())
                .build();
    }

    @Override
    public SetSecurityGroupsResponse setSecurityGroups(SetSecurityGroupsRequest r) {
        LoadBalancer made = loadBalancers.setSecurityGroups(r.loadBalancerArn(), r.securityGroups());
        return SetSecurityGroupsResponse.builder()
                .securityGroupIds(made.securityGroups())
                .build();
    }

    @Override
    public SetIpAddressTypeResponse setIpAddressType(SetIpAddressTypeRequest r) {
        LoadBalancer made = loadBalancers.setIpAddressType(r.loadBalancerArn(), r.ipAddressType());
        return SetIpAddressTypeResponse.builder()
                .ipAddressType(made.ipAddressType())
                .build();
    }

    @Override
    public ModifyLoadBalancerAttributesResponse modifyLoadBalancerAttributes(ModifyLoadBalancerAttributesRequest r) {
        Map<String, String> asked = new LinkedHashMap<>();
        r.attributes().forEach(a -> asked.put(a.key(), a.value()));
        return ModifyLoadBalancerAttributesResponse.builder()
                .attributes(list(
                        loadBalancers.modifyAttributes(r.loadBalancerArn(), asked),
                        (k, v) ->
                                LoadBalancerAttribute.builder().key(k).value(v).build()))
                .build();
    }

    @Override
    public DescribeLoadBalancerAttributesResponse describeLoadBalancerAttributes(
            DescribeLoadBalancerAttributesRequest r) {
        return DescribeLoadBalancerAttributesResponse.builder()
                .attributes(list(
                        loadBalancers.get(r.loadBalancerArn()).attributes(),
                        (k, v) ->
                                LoadBalancerAttribute.builder().key(k).value(v).build()))
                .build();
    }

    /** Its listeners and their rules go with it; the target groups stay. */
    @Override
    public DeleteLoadBalancerResponse deleteLoadBalancer(DeleteLoadBalancerRequest r) {
        if (loadBalancers.delete(r.loadBalancerArn())) {
            listeners
                    .of(r.loadBalancerArn())
                    .map(Listener::listenerArn)
                    .toList()
                    .forEach(this::removeListener);
        }
        return DeleteLoadBalancerResponse.builder().build();
    }

    @Override
    public CreateTargetGroupResponse createTargetGroup(CreateTargetGroupRequest r) {
        TargetGroup made = groups.create(r);
        return CreateTargetGroupResponse.builder()
                .targetGroups(made.toBuilder()
                        .loadBalancerArns(associations.of(made.targetGroupArn()))
                        .build())
                .build();
    }

    @Override
    public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest r) {
        return groups.describe(r, associations::of);
    }

    @Override
    public ModifyTargetGroupResponse modifyTargetGroup(ModifyTargetGroupRequest r) {
        TargetGroup made = groups.modify(r);
        return ModifyTargetGroupResponse.builder()
                .targetGroups(made.toBuilder()
                        .loadBalancerArns(associations.of(made.targetGroupArn()))
                        .build())
                .build();
    }

    @Override
    public ModifyTargetGroupAttributesResponse modifyTargetGroupAttributes(ModifyTargetGroupAttributesRequest r) {
        Map<String, String> asked = new LinkedHashMap<>();
        r.attributes().forEach(a -> asked.put(a.key(), a.value()));
        return ModifyTargetGroupAttributesResponse.builder()
                .attributes(list(
                        groups.modifyAttributes(r.targetGroupArn(), asked),
                        (k, v) -> TargetGroupAttribute.builder().key(k).value(v).build()))
                .build();
    }

    @Override
    public DescribeTargetGroupAttributesResponse describeTargetGroupAttributes(DescribeTargetGroupAttributesRequest r) {
        return DescribeTargetGroupAttributesResponse.builder()
                .attributes(list(
                        groups.get(r.targetGroupArn()).attributes(),
                        (k, v) -> TargetGroupAttribute.builder().key(k).value(v).build()))
                .build();
    }

    @Override
    public DeleteTargetGroupResponse deleteTargetGroup(DeleteTargetGroupRequest r) {
        if (associations.any(r.targetGroupArn())) {
            throw ElbErrors.refused(
                    "ResourceInUse",
                    "Target group '" + r.targetGroupArn() + "' is currently in use by a listener or a rule");
        }
        groups.remove(r.targetGroupArn());
        targets.removeGroup(r.targetGroupArn());
        return DeleteTargetGroupResponse.builder().build();
    }

    @Override
    public RegisterTargetsResponse registerTargets(RegisterTargetsRequest r) {
        targets.register(r);
        return RegisterTargetsResponse.builder().build();
    }

    @Override
    public DeregisterTargetsResponse deregisterTargets(DeregisterTargetsRequest r) {
        targets.deregister(r);
        return DeregisterTargetsResponse.builder().build();
    }

    @Override
    public DescribeTargetHealthResponse describeTargetHealth(DescribeTargetHealthRequest r) {
        return targets.describe(r);
    }

    @Override
    public CreateListenerResponse createListener(CreateListenerRequest r) {
        Listener made = listeners.create(r, a -> associations.check(a, r.loadBalancerArn()));
        return CreateListenerResponse.builder().listeners(made).build();
    }

    @Override
    public DescribeListenersResponse describeListeners(DescribeListenersRequest r) {
        return listeners.describe(r);
    }

    @Override
    public ModifyListenerResponse modifyListener(ModifyListenerRequest r) {
        String lb = listeners.get(r.listenerArn()).model().loadBalancerArn();
        Listener made = listeners.modify(r, a -> associations.check(a, lb));
        return ModifyListenerResponse.builder().listeners(made).build();
    }

    @Override
    public ModifyListenerAttributesResponse modifyListenerAttributes(ModifyListenerAttributesRequest r) {
        Map<String, String> asked = new LinkedHashMap<>();
        r.attributes().forEach(a -> asked.put(a.key(), a.value()));
        return ModifyListenerAttributesResponse.builder()
                .attributes(list(
                        listeners.modifyAttributes(r.listenerArn(), asked),
                        (k, v) -> ListenerAttribute.builder().key(k).value(v).build()))
                .build();
    }

    @Override
    public DescribeListenerAttributesResponse describeListenerAttributes(DescribeListenerAttributesRequest r) {
        return DescribeListenerAttributesResponse.builder()
                .attributes(list(
                        listeners.get(r.listenerArn()).attributes(),
                        (k, v) -> ListenerAttribute.builder().key(k).value(v).build()))
                .build();
    }

    @Override
    public AddListenerCertificatesResponse addListenerCertificates(AddListenerCertificatesRequest r) {
        return certificates.add(listeners.get(r.listenerArn()).model(), r);
    }

    @Override
    public RemoveListenerCertificatesResponse removeListenerCertificates(RemoveListenerCertificatesRequest r) {
        return certificates.remove(listeners.get(r.listenerArn()).model(), r);
    }

    @Override
    public DescribeListenerCertificatesResponse describeListenerCertificates(DescribeListenerCertificatesRequest r) {
        return certificates.describe(listeners.get(r.listenerArn()).model(), r);
    }

    @Override
    public DeleteListenerResponse deleteListener(DeleteListenerRequest r) {
        removeListener(listeners.get(r.listenerArn()).model().listenerArn());
        return DeleteListenerResponse.builder().build();
    }

    @Override
    public CreateRuleResponse createRule(CreateRuleRequest r) {
        String lb = listeners.get(r.listenerArn()).model().loadBalancerArn();
        return CreateRuleResponse.builder()
                .rules(rules.create(r, a -> associations.check(a, lb)))
                .build();
    }

    @Override
    public DescribeRulesResponse describeRules(DescribeRulesRequest r) {
        return rules.describe(r);
    }

    @Override
    public ModifyRuleResponse modifyRule(ModifyRuleRequest r) {
        String lb = listeners.get(rules.get(r.ruleArn()).listenerArn()).model().loadBalancerArn();
        return ModifyRuleResponse.builder()
                .rules(rules.modify(r, a -> associations.check(a, lb)))
                .build();
    }

    @Override
    public SetRulePrioritiesResponse setRulePriorities(SetRulePrioritiesRequest r) {
        return SetRulePrioritiesResponse.builder()
                .rules(rules.setPriorities(r.rulePriorities()))
                .build();
    }

    @Override
    public DeleteRuleResponse deleteRule(DeleteRuleRequest r) {
        rules.remove(rules.get(r.ruleArn()).model().ruleArn());
        return DeleteRuleResponse.builder().build();
    }

    @Override
    public AddTagsResponse addTags(AddTagsRequest r) {
        r.resourceArns().forEach(this::need);
        r.resourceArns().forEach(arn -> tags.put(arn, r.tags()));
        return AddTagsResponse.builder().build();
    }

    @Override
    public RemoveTagsResponse removeTags(RemoveTagsRequest r) {
        r.resourceArns().forEach(this::need);
        r.resourceArns().forEach(arn -> tags.remove(arn, r.tagKeys()));
        return RemoveTagsResponse.builder().build();
    }

    @Override
    public DescribeTagsResponse describeTags(DescribeTagsRequest r) {
        if (r.resourceArns().isEmpty() || r.resourceArns().size() > 20) {
            throw ElbErrors.invalid("The number of resources must be between 1 and 20");
        }
        r.resourceArns().forEach(this::need);
        return DescribeTagsResponse.builder()
                .tagDescriptions(r.resourceArns().stream().map(tags::describe).toList())
                .build();
    }

    private void need(String arn) {
        if (arn.contains(":loadbalancer/")) {
            loadBalancers.get(arn);
        } else if (arn.contains(":targetgroup/")) {
            groups.get(arn);
        } else if (arn.contains(":listener/")) {
            listeners.get(arn);
        } else if (arn.contains(":listener-rule/")) {
            rules.get(arn);
        } else {
            throw ElbErrors.invalid("'" + arn + "' is not a valid resource ARN");
        }
    }

    private void removeListener(String arn) {
        rules.of(arn).map(Rule::ruleArn).toList().forEach(rules::remove);
        listeners.remove(arn);
        certificates.end(arn);
    }

    private static <T> List<T> list(Map<String, String> attributes, BiFunction<String, String, T> make) {
        return attributes.entrySet().stream()
                .map(e -> make.apply(e.getKey(), e.getValue()))
                .collect(Collectors.toList());
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public List<TwinItem> inventory() {
        List<TwinItem> items = new ArrayList<>();
        loadBalancers
                .all()
                .forEach(lb -> items.add(item(
                        "loadbalancer",
                        lb.loadBalancerArn(),
                        lb.toString() + loadBalancers.get(lb.loadBalancerArn()).attributes())));
        groups.all()
                .forEach(g ->
                        items.add(item("targetgroup", g.model().targetGroupArn(), g.model() + "" + g.attributes())));
        listeners
                .all()
                .forEach(l -> items.add(item(
                        "listener",
                        l.model().listenerArn(),
                        l.model() + "" + l.attributes()
                                + certificates.of(l.model().listenerArn()))));
        rules.all()
                .forEach(r -> items.add(
                        item("listener-rule", r.model().ruleArn(), r.model().toString())));
        return items;
    }

    private TwinItem item(String type, String arn, String detail) {
        return new TwinItem("elasticloadbalancing:" + type, arn, arn, tags.of(arn), detail);
    }
}
