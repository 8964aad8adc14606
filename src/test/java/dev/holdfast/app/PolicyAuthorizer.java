package dev.holdfast.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.app.IamEvaluator.RequestContext;
import dev.holdfast.app.ResourceFinder.FoundResource;
import dev.holdfast.aws.Operations;
import dev.holdfast.twin.CallJudge;
import dev.holdfast.twin.JudgedCall;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.TwinItem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * Evaluates a policy on each call that reaches the twin: on every resource that AWS checks the call on, with the
 * condition keys that AWS knows for the action and that the request and the resources have a value for.
 */
final class PolicyAuthorizer implements CallJudge {
    private static final Pattern ROLE = Pattern.compile("arn:aws:iam::\\d{12}:role/.+");
    private static final Map<String, Reference> REFERENCE = reference();
    /** The operator's own calls concern no resources of a stack, so that the reference does not list them. */
    private static final Set<String> OBJECTS = Set.of("s3:GetObject", "s3:PutObject", "s3:DeleteObject");

    private static final Map<String, String> PASSED_TO = Map.of(
            "ecs", "ecs-tasks.amazonaws.com",
            "lambda", "lambda.amazonaws.com",
            "rds", "monitoring.rds.amazonaws.com");

    private static final Map<String, String> ROLES_OF_SERVICES = Map.of(
            "application-autoscaling", "ecs.application-autoscaling.amazonaws.com",
            "cloudfront", "vpcorigin.cloudfront.amazonaws.com");

    private record Reference(Set<String> keys, List<String> resources) {}

    private final TwinServer twin;
    private final IamEvaluator policy;
    private final Set<String> outside = new ConcurrentSkipListSet<>();

    PolicyAuthorizer(TwinServer twin, List<PolicyStatement> statements) {
        this.twin = twin;
        this.policy = new IamEvaluator(PolicySplitter.split(statements));
    }

    /** The calls that the policy does not allow: action, resource and condition keys. */
    Set<String> outside() {
        return outside;
    }

    @Override
    public @Nullable String lacks(JudgedCall call) {
        if (call.operation().equals("sts:GetCallerIdentity")) {
            return null;
        }
        for (RequestContext context : contexts(call)) {
            if (!policy.allows(context)) {
                outside.add(call.operation() + ": " + context.action() + " on " + context.resource() + " with "
                        + context.keys());
                return context.action();
            }
        }
        return null;
    }

    private List<RequestContext> contexts(JudgedCall call) {
        RequestContent content = new RequestContent(call.input());
        // A policy restricts only few reads to resources.
        List<TwinItem> inventory = writes(call.operation()) || call.operation().equals("secretsmanager:GetSecretValue")
                ? twin.account(call.account()).inventory()
                : List.of();
        ResourceFinder finder = new ResourceFinder(call, content, inventory);
        if (call.operation().equals("ec2:DisassociateRouteTable") && !finder.hasAssociation()) {
            // An association has no ARN: EC2 checks the call on its table and its subnet, and answers that there is
            // none.
            return List.of();
        }
        List<RequestContext> all = new ArrayList<>();
        for (String action : call.actions()) {
            for (FoundResource resource : resources(action, call, content, finder)) {
                all.add(context(action, resource, call, content));
            }
        }
        for (String action : call.besides()) {
            for (FoundResource resource : besides(action, call, content, finder)) {
                all.add(context(action, resource, call, content));
            }
        }
        return all;
    }

    private static List<FoundResource> resources(
            String action, JudgedCall call, RequestContent content, ResourceFinder finder) {
        FoundResource made = finder.made();
        if (made != null && action.endsWith(":TagResource")) {
            return List.of(made);
        }
        if (OBJECTS.contains(action)) {
            return List.of(resource("arn:aws:s3:::" + content.first("bucket") + "/" + content.first("key")));
        }
        Reference known = REFERENCE.get(action);
        if (known == null || known.resources().isEmpty()) {
            return List.of(resource("*"));
        }
        List<FoundResource> found = action.equals("ec2:CreateTags") || action.equals("ec2:DeleteTags")
                ? finder.find(List.of(
                        "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}",
                        "arn:${Partition}:ec2:${Region}:${Account}:subnet/${SubnetId}",
                        "arn:${Partition}:ec2:${Region}:${Account}:elastic-ip/${AllocationId}",
                        "arn:${Partition}:ec2:${Region}:${Account}:security-group/${SecurityGroupId}",
                        "arn:${Partition}:ec2:${Region}:${Account}:route-table/${RouteTableId}",
                        "arn:${Partition}:ec2:${Region}:${Account}:internet-gateway/${InternetGatewayId}",
                        "arn:${Partition}:ec2:${Region}:${Account}:natgateway/${NatGatewayId}",
                        "arn:${Partition}:ec2:${Region}:${Account}:vpc-endpoint/${VpcEndpointId}"))
                : finder.find(known.resources());
        // A read of several resources is checked on all of them.
        return found.isEmpty() ? List.of(resource(writes(action) ? "no resource found in the request" : "*")) : found;
    }

    private static boolean writes(String action) {
        return Operations.isWrite(name(action));
    }

    private static FoundResource resource(String arn) {
        return new FoundResource(arn, true, Map.of());
    }

    /** The resources that AWS checks in addition: those that the request creates or names, or all. */
    private static List<FoundResource> besides(
            String action, JudgedCall call, RequestContent content, ResourceFinder finder) {
        String service = service(call.operation());
        String here = ":" + call.region() + ":" + call.account() + ":";
        String target = String.valueOf(content.first("resourceid"));
        return switch (action) {
            case "iam:PassRole" ->
                content.all().stream()
                        .filter(text -> ROLE.matcher(text).matches())
                        .map(PolicyAuthorizer::resource)
                        .toList();
            case "iam:CreateServiceLinkedRole" ->
                List.of(resource("arn:aws:iam::" + call.account() + ":role/aws-service-role/" + serviceOfRole(service)
                        + "/AWSServiceRoleForIt"));
            case "ecs:DescribeServices", "ecs:UpdateService" -> List.of(finder.at("arn:aws:ecs" + here + target));
            case "cloudwatch:PutMetricAlarm" ->
                List.of(resource(
                        "arn:aws:cloudwatch" + here + "alarm:TargetTracking-" + target + "-AlarmHigh-0123-4567"));
            case "cloudwatch:DeleteAlarms" ->
                List.of(resource(
                        "arn:aws:cloudwatch" + here + "alarm:TargetTracking-" + target + "-AlarmLow-0123-4567"));
            case "secretsmanager:CreateSecret" ->
                List.of(resource("arn:aws:secretsmanager" + here + "secret:rds!db-0123-AbCdEf"));
            case "secretsmanager:TagResource" ->
                service.equals("rds")
                        ? List.of(resource("arn:aws:secretsmanager" + here + "secret:rds!db-0123-AbCdEf"))
                        : made(call, content, finder);
            case "kms:DescribeKey" -> List.of(resource("arn:aws:kms" + here + "key/0123"));
            case "elasticloadbalancing:CreateWebACLAssociation", "elasticloadbalancing:DeleteWebACLAssociation" ->
                List.of(finder.at(String.valueOf(content.first("resourcearn"))));
            case "lambda:InvokeFunction" -> List.of(finder.at(String.valueOf(content.first("rotationlambdaarn"))));
            case "elasticache:CreateSnapshot" ->
                finder.find(List.of(
                        "arn:aws:elasticache:${Region}:${Account}:replicationgroup:${ReplicationGroupId}",
                        "arn:aws:elasticache:${Region}:${Account}:snapshot:${SnapshotName}"));
            case "s3:PutBucketOwnershipControls" -> List.of(resource("arn:aws:s3:::" + content.first("bucket")));
            default ->
                action.matches(
                                "ec2:Describe.*|cloudwatch:Describe.*|logs:.*LogDeliver.*|logs:.*ResourcePolic.*|logs:DescribeLogGroups")
                        ? List.of(resource("*"))
                        : made(call, content, finder);
        };
    }

    private static String serviceOfRole(String service) {
        return ROLES_OF_SERVICES.getOrDefault(service, service + ".amazonaws.com");
    }

    private static List<FoundResource> made(JudgedCall call, RequestContent content, ResourceFinder finder) {
        FoundResource known = finder.made();
        if (known != null) {
            return List.of(known);
        }
        List<FoundResource> all = resources(call.actions().getFirst(), call, content, finder).stream()
                .filter(FoundResource::made)
                .toList();
        // Other resources that the request names and that do not exist have no tags.
        List<FoundResource> named =
                all.stream().filter(r -> isOf(call.operation(), r.arn())).toList();
        return named.isEmpty() ? all : named;
    }

    /**
     * Whether the operation creates the type in the ARN, by its name: CreateUserGroup does not create a {@code user}.
     */
    private static boolean isOf(String operation, String arn) {
        String[] parts = arn.split(":", 6);
        return parts.length == 6
                && operation.toLowerCase(Locale.ROOT).endsWith(parts[5].split("[:/]", 2)[0].replace("-", ""));
    }

    private RequestContext context(String action, FoundResource resource, JudgedCall call, RequestContent content) {
        Map<String, List<String>> keys = new TreeMap<>();
        keys.put("aws:RequestedRegion", List.of(call.region()));
        String service = service(call.operation());
        // EC2 evaluates the tags of the request on the resources that are created or tagged, and not on others in the
        // call.
        if (!service.equals("ec2") || resource.made() || action.equals("ec2:CreateTags")) {
            content.tags().forEach((key, value) -> keys.put("aws:RequestTag/" + key, List.of(value)));
            keys.put("aws:TagKeys", List.copyOf(content.tagKeys()));
        }
        if (!resource.made() && !resource.arn().startsWith("arn:aws:s3:")) {
            resource.tags().forEach((key, value) -> {
                keys.put("aws:ResourceTag/" + key, List.of(value));
                if (action.startsWith("iam:")) {
                    keys.put("iam:ResourceTag/" + key, List.of(value));
                }
            });
        }
        put(keys, "application-autoscaling:service-namespace", content.first("servicenamespace"));
        put(keys, "application-autoscaling:scalable-dimension", content.first("scalabledimension"));
        put(keys, "iam:PolicyARN", content.first("policyarn"));
        put(keys, "iam:PermissionsBoundary", boundary(action, call, content));
        put(keys, "iam:PassedToService", PASSED_TO.get(service));
        put(keys, "iam:AWSServiceName", serviceOfRole(service));
        put(keys, service(action) + ":CreateAction", service.equals(service(action)) ? name(call.operation()) : null);
        Reference known = REFERENCE.get(action);
        if (known != null) {
            Set<String> general = new TreeSet<>(keys.keySet());
            general.removeIf(key -> key.equals("aws:RequestedRegion")
                    || known.keys().stream()
                            .anyMatch(k -> k.replace("/holdfast:stack", "").equals(key.replaceFirst("/.*", ""))));
            general.forEach(keys::remove);
        }
        return new RequestContext(action, resource.arn(), keys);
    }

    /** The boundary that the call sets, or the boundary that the role has. */
    private @Nullable String boundary(String action, JudgedCall call, RequestContent content) {
        String set = content.first("permissionsboundary");
        String role = content.first("rolename");
        if (set != null || role == null || !action.startsWith("iam:")) {
            return set;
        }
        synchronized (twin.account(call.account()).lock()) {
            try {
                GetRoleResponse found = twin.account(call.account())
                        .service(call.region(), IamClient.class)
                        .getRole(r -> r.roleName(role));
                Role known = found.role();
                return known.permissionsBoundary() == null
                        ? null
                        : known.permissionsBoundary().permissionsBoundaryArn();
            } catch (IamException e) {
                return null;
            }
        }
    }

    private static void put(Map<String, List<String>> keys, String key, @Nullable String value) {
        if (value != null) {
            keys.put(key, List.of(value));
        }
    }

    private static String service(String action) {
        return action.substring(0, action.indexOf(':'));
    }

    private static String name(String operation) {
        return operation.substring(operation.indexOf(':') + 1);
    }

    private static Map<String, Reference> reference() {
        try (InputStream in = PolicyAuthorizer.class.getResourceAsStream("/iam/service-authorization.json")) {
            return new ObjectMapper().readValue(in, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
