package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.store.TwinItem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Invariants that hold after every write of ours that took effect, whatever was killed, refused or changed by others.
 * The checks read the twin while no other call can run. Writes of other principals are recorded, and are not counted as
 * our errors.
 */
final class Invariants {
    private static final Pattern UNENCRYPTED = Pattern.compile(
            "\\b(storageEncrypted|atRestEncryptionEnabled|transitEncryptionEnabled)=false\\b",
            Pattern.CASE_INSENSITIVE);

    private final World world;
    private final Set<String> broken = new TreeSet<>();
    private final Map<String, List<Rules>> groups = new ConcurrentHashMap<>();
    private final Set<String> blocked = new HashSet<>();
    private final Set<String> services = new HashSet<>();
    private long writes;

    /**
     * The traffic that a group allowed at one time.
     *
     * @param revision the revision for which we wrote these rules; null: another principal wrote them
     */
    private record Rules(@Nullable String revision, Map<String, BitSet> ports) {}

    private Invariants(World world) {
        this.world = world;
    }

    /** Checks the invariants from now on, as long as the world exists. */
    static Invariants watch(World world) {
        Invariants invariants = new Invariants(world);
        world.twin.faults().afterWrite(invariants::after);
        return invariants;
    }

    /** @return the number of our writes that were checked */
    synchronized long writes() {
        return writes;
    }

    /** The broken invariants, each with the write that broke it. */
    synchronized Set<String> broken() {
        Set<String> all = new TreeSet<>(broken);
        groups.forEach((group, history) -> lostRules(group, history, all));
        return all;
    }

    void assertKept() {
        assertThat(broken())
                .as("safety invariants, after each of %d writes", writes())
                .isEmpty();
        assertThat(writes()).isPositive();
    }

    /** Runs after each write. The caller holds the lock of the account. */
    private synchronized void after(LoggedRequest request) {
        boolean ours = request.caller().startsWith("AKIA") && "holdfast".equals(request.app());
        if (ours) {
            writes++;
        }
        try {
            switch (request.operation().substring(0, request.operation().indexOf(':'))) {
                case "s3" -> noBucketWithoutItsBlock(request, ours);
                case "ec2" -> rememberRules(request, ours);
                case "ecs" -> noServiceBeforeWhatItNeeds(request, ours);
                case "application-autoscaling" -> noScalingWithoutItsService(request, ours);
                default -> {}
            }
            noStoreUnencrypted(request, ours);
        } catch (AwsServiceException e) {
            broken.add("the invariants cannot be asked for after " + request.operation() + ": " + e.getMessage());
        }
    }

    private void broke(String invariant, LoggedRequest request, String what) {
        broken.add(invariant + ": after " + request.operation() + " #" + request.sequence() + " " + what);
    }

    /**
     * A public access block that was set stays; a policy that allows public access never exists on a bucket without a
     * block.
     */
    private void noBucketWithoutItsBlock(LoggedRequest request, boolean ours) {
        S3Client s3 = world.somebody(S3Client.class);
        for (Bucket bucket : s3.listBuckets().buckets()) {
            if (!owned(s3, bucket.name())) {
                continue;
            }
            boolean whole = blocks(s3, bucket.name());
            if (!ours || !wantsBlock(bucket.name())) {
                blocked.remove(bucket.name());
            } else if (blocked.contains(bucket.name()) && !whole) {
                broke("noBucketWithoutItsBlock", request, bucket.name() + " lost its block");
            }
            if (whole) {
                blocked.add(bucket.name());
            } else if (ours && isPublic(s3, bucket.name())) {
                broke("noBucketWithoutItsBlock", request, bucket.name() + " has a policy that opens it, and no block");
            }
        }
    }

    private boolean wantsBlock(String bucket) {
        return world.view().resources().values().stream()
                .filter(r -> bucket.equals(r.physicalId()) && r.spec() != null)
                .map(r -> r.spec().path("publicAccessBlock"))
                .anyMatch(block -> block.size() == 4 && all(block));
    }

    private static boolean all(JsonNode flags) {
        for (JsonNode flag : flags) {
            if (!flag.asBoolean()) {
                return false;
            }
        }
        return true;
    }

    private static boolean owned(S3Client s3, String bucket) {
        try {
            return s3.getBucketTagging(r -> r.bucket(bucket)).tagSet().stream()
                    .anyMatch(t -> t.key().equals("holdfast:resource"));
        } catch (AwsServiceException e) {
            return false;
        }
    }

    private static boolean blocks(S3Client s3, String bucket) {
        try {
            PublicAccessBlockConfiguration block =
                    s3.getPublicAccessBlock(r -> r.bucket(bucket)).publicAccessBlockConfiguration();
            return block.blockPublicAcls()
                    && block.blockPublicPolicy()
                    && block.ignorePublicAcls()
                    && block.restrictPublicBuckets();
        } catch (AwsServiceException e) {
            return false;
        }
    }

    private static boolean isPublic(S3Client s3, String bucket) {
        try {
            String policy = s3.getBucketPolicy(r -> r.bucket(bucket)).policy().replaceAll("\\s", "");
            return policy.contains("\"Effect\":\"Allow\"") && policy.contains("\"Principal\":\"*\"");
        } catch (AwsServiceException e) {
            return false;
        }
    }

    /** Databases, caches and buckets never exist without encryption. */
    private void noStoreUnencrypted(LoggedRequest request, boolean ours) {
        if (!ours || !request.operation().matches("(s3|rds|elasticache):.*")) {
            return;
        }
        for (TwinItem item : world.account().inventory()) {
            boolean clear = UNENCRYPTED.matcher(item.detail()).find()
                    || (item.type().equals("s3") && item.detail().contains("encryption=null"));
            if (clear && item.tags().containsKey("holdfast:resource")) {
                broke("noStoreUnencrypted", request, item.type() + " " + item.id() + " is not encrypted");
            }
        }
    }

    /** The roles, secrets and log groups of a service's tasks exist, and its target groups have a listener. */
    private void noServiceBeforeWhatItNeeds(LoggedRequest request, boolean ours) {
        EcsClient ecs = world.somebody(EcsClient.class);
        for (String cluster : ecs.listClusters().clusterArns()) {
            List<String> arns = ecs.listServicesPaginator(r -> r.cluster(cluster)).serviceArns().stream()
                    .toList();
            for (String arn : arns) {
                if (services.add(arn) && ours) {
                    Service service = ecs.describeServices(
                                    r -> r.cluster(cluster).services(arn))
                            .services()
                            .getFirst();
                    missing(ecs, service)
                            .forEach(what -> broke(
                                    "noServiceBeforeWhatItNeeds",
                                    request,
                                    service.serviceName() + " was started without " + what));
                }
            }
        }
    }

    private List<String> missing(EcsClient ecs, Service service) {
        TaskDefinition tasks = ecs.describeTaskDefinition(r -> r.taskDefinition(service.taskDefinition()))
                .taskDefinition();
        List<String> missing = new ArrayList<>();
        for (String role : new String[] {tasks.executionRoleArn(), tasks.taskRoleArn()}) {
            if (role != null && !exists("iam", role)) {
                missing.add("role " + role);
            }
        }
        for (ContainerDefinition container : tasks.containerDefinitions()) {
            container.secrets().stream()
                    .filter(s -> !exists("secretsmanager", s.valueFrom()))
                    .forEach(s -> missing.add("secret " + s.valueFrom()));
            String group = container.logConfiguration() == null
                    ? null
                    : container.logConfiguration().options().get("awslogs-group");
            if (group != null && !exists("logs", group)) {
                missing.add("log group " + group);
            }
        }
        ElasticLoadBalancingV2Client elb = world.somebody(ElasticLoadBalancingV2Client.class);
        service.loadBalancers().stream()
                .filter(l -> elb.describeTargetGroups(r -> r.targetGroupArns(l.targetGroupArn()))
                        .targetGroups()
                        .getFirst()
                        .loadBalancerArns()
                        .isEmpty())
                .forEach(l -> missing.add("a listener of " + l.targetGroupArn()));
        return missing;
    }

    private boolean exists(String service, String nameOrArn) {
        return switch (service) {
            case "iam" ->
                answers(() -> world.somebody(IamClient.class)
                        .getRole(r -> r.roleName(nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1))));
            case "secretsmanager" ->
                answers(() -> world.somebody(SecretsManagerClient.class)
                        .describeSecret(r -> r.secretId(secretOf(nameOrArn))));
            default ->
                world.account().inventory().stream()
                        .anyMatch(i -> i.type().equals("logs:log-group") && i.id().equals(nameOrArn));
        };
    }

    /** The secret's ARN; a key of its value may follow: {@code …:secret:name-6chars:key::}. */
    private static String secretOf(String valueFrom) {
        String[] parts = valueFrom.split(":");
        return parts.length <= 7 ? valueFrom : String.join(":", List.of(parts).subList(0, 7));
    }

    private static boolean answers(Runnable call) {
        try {
            call.run();
            return true;
        } catch (AwsServiceException e) {
            return false;
        }
    }

    /** The service of each scalable target exists, and the target of each policy. */
    private void noScalingWithoutItsService(LoggedRequest request, boolean ours) {
        if (!ours || !request.operation().matches(".*:(Register|Put).*")) {
            return;
        }
        ApplicationAutoScalingClient scaling = world.somebody(ApplicationAutoScalingClient.class);
        EcsClient ecs = world.somebody(EcsClient.class);
        Set<String> targets = new HashSet<>();
        scaling.describeScalableTargetsPaginator(r -> r.serviceNamespace(ServiceNamespace.ECS))
                .scalableTargets()
                .forEach(t -> targets.add(t.resourceId()));
        for (String target : targets) {
            String[] parts = target.split("/");
            boolean there = ecs.describeServices(r -> r.cluster(parts[1]).services(parts[2])).services().stream()
                    .anyMatch(s -> s.status().equals("ACTIVE"));
            if (!there) {
                broke("noScalingWithoutItsService", request, target + " has no service");
            }
        }
        scaling
                .describeScalingPoliciesPaginator(r -> r.serviceNamespace(ServiceNamespace.ECS))
                .scalingPolicies()
                .stream()
                .filter(p -> !targets.contains(p.resourceId()))
                .forEach(p -> broke("noScalingWithoutItsService", request, p.policyName() + " has no target"));
    }

    private void rememberRules(LoggedRequest request, boolean ours) {
        if (!request.operation().matches(".*SecurityGroup(Ingress|Egress|Rules)?|.*SecurityGroupRuleDescriptions.*")) {
            return;
        }
        Ec2Client ec2 = world.somebody(Ec2Client.class);
        Map<String, Map<String, BitSet>> now = new HashMap<>();
        for (SecurityGroup group : ec2.describeSecurityGroupsPaginator().securityGroups()) {
            now.put(group.groupId(), new TreeMap<>());
        }
        for (SecurityGroupRule rule :
                ec2.describeSecurityGroupRulesPaginator(r -> {}).securityGroupRules()) {
            int from = rule.fromPort() == null || rule.fromPort() < 0 ? 0 : rule.fromPort();
            int to = rule.toPort() == null || rule.toPort() < 0 ? 65_535 : rule.toPort();
            now.get(rule.groupId())
                    .computeIfAbsent(whom(rule), k -> new BitSet())
                    .set(from, to + 1);
        }
        now.forEach((group, ports) -> {
            List<Rules> history = groups.computeIfAbsent(group, k -> new ArrayList<>());
            if (history.isEmpty() || !history.getLast().ports().equals(ports)) {
                history.add(new Rules(ours ? String.valueOf(world.view().revision()) : null, ports));
            }
        });
    }

    private static String whom(SecurityGroupRule rule) {
        return (rule.isEgress() ? "out " : "in ") + rule.ipProtocol() + " " + or(rule.cidrIpv4()) + or(rule.cidrIpv6())
                + or(rule.prefixListId())
                + (rule.referencedGroupInfo() == null
                        ? ""
                        : rule.referencedGroupInfo().groupId());
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }

    /**
     * During a run of our writes for one revision, a group keeps allowing the traffic that it allows both before and
     * after the run.
     */
    private static void lostRules(String group, List<Rules> history, Set<String> all) {
        for (int first = 1, last; first < history.size(); first = last + 1) {
            String revision = history.get(first).revision();
            last = first;
            while (last + 1 < history.size()
                    && Objects.equals(revision, history.get(last + 1).revision())) {
                last++;
            }
            for (int i = first; revision != null && i < last; i++) {
                for (Map.Entry<String, BitSet> wanted :
                        history.get(last).ports().entrySet()) {
                    BitSet lost = (BitSet) wanted.getValue().clone();
                    lost.and(history.get(first - 1).ports().getOrDefault(wanted.getKey(), new BitSet()));
                    lost.andNot(history.get(i).ports().getOrDefault(wanted.getKey(), new BitSet()));
                    if (!lost.isEmpty()) {
                        all.add("noGroupLosesAWantedRule: " + group + " did not let through " + wanted.getKey()
                                + " from port " + lost.nextSetBit(0) + " for a while");
                    }
                }
            }
        }
    }
}
